"""The general loan engine: any schedule, any order of payment, any change of mind, replayed.

Pure (no Django). A loan is a fold over its dated actions: `life.apply(loan, action)` returns the
loan after the action, with what was posted; posted facts are never edited, a back-dated action
replays the loan and what comes out differently is reversed and posted anew. Money in minor units,
rates as Decimal, rounding by one named policy (`rounding.Rounding`).
"""
