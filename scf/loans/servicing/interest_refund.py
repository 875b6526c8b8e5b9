"""The interest a refunded purchase cost: what ran up to the refund less what would have run.

The refunds are imagined as paid back on the days of the pay-outs they undo. Minor units.
"""

from dataclasses import replace

from scf.loans.servicing import forecast
from scf.loans.servicing.entries import Entry, Kind
from scf.loans.servicing.state import State

REFUNDS = frozenset({Kind.MERCHANT_REFUND, Kind.PAYOUT_REFUND})


def interest_saved(state: State, entry: Entry) -> int:
    """Return the interest to give back for the refund this entry belongs to."""
    if state.plan is None or state.again is None:
        return 0
    before = forecast.total_interest_on(state.plan, entry.day)
    refunded = sum(done.amount for done in state.done if done.kind in REFUNDS)
    other = state.again(imagined(state.history, refunded))
    after = forecast.total_interest_on(other.plan, entry.day) if other.plan else 0
    given = sum(
        state.outcomes[done.number].amount
        for done in state.done
        if done.kind is Kind.INTEREST_REFUND
    )
    return max(before - after - given, 0)


def imagined(entries: list[Entry], refunded: int) -> list[Entry]:
    """Return the entries as if the refunds had been repaid on the pay-outs' own days."""
    found: list[Entry] = []
    for entry in entries:
        if entry.kind in REFUNDS | {Kind.INTEREST_REFUND, Kind.CHARGE}:
            continue
        found.append(entry)
        if entry.kind is Kind.DISBURSEMENT and refunded > 0:
            back = min(refunded, entry.amount)
            found.append(replace(entry, number=-entry.number, kind=Kind.REPAYMENT, amount=back))
            refunded -= back
    return found
