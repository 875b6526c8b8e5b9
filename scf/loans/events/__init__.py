"""Contracts as dated cash-flow events: what falls when, what it pays, what it leaves outstanding.

Pure, no Django. ``events(terms, ...)`` in ``run`` folds the planned events of a contract over its
state. The kinds of contract, event types and their functions are those of the ACTUS technical
specification (principal at maturity, annuity, linear, negative and step-wise amortisation, call
money, undefined maturity). Amounts are Decimals in the contract's currency, reckoned with 34
digits and never rounded: rounding belongs to whoever posts them.
"""
