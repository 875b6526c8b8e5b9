"""What a payment pays: the waterfall over due rows, then early repayment of the plan (K12)."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from scf.core.money import half_up
from scf.loans.fees import fees_left
from scf.loans.postings import Parts
from scf.loans.schedule import level_instalment, plan_principals
from scf.loans.state import Instalment, State, days_past_due
from scf.loans.terms import AfterEarly, Claim, EarlyInterest, Product, Terms


def allocate(terms: Terms, state: State, amount: int) -> tuple[State, Parts]:
    """Spread a payment: what is due by the waterfall, then accrued interest and principal early.

    What is left when nothing is owed is overpaid.
    """
    order = terms.waterfall.order_at(days_past_due(state))
    spread, state = Parts(), _charged(state)
    for claim, nr in _due_claims(terms, state, order):
        state, spread, amount = _pay(state, spread, amount, claim, nr)
    if amount:
        state, spread, amount = _pay_early(terms, state, spread, amount, order)
    return _overpay(state, spread, amount)


def allocate_return(terms: Terms, state: State, amount: int) -> tuple[State, Parts]:
    """Spread money unused and returned: principal alone, due principal first (K11).

    Only for a loan with nothing overdue; an overdue one takes it by ``allocate``.
    """
    spread = Parts()
    for row in state.rows:
        if row.due_on <= state.on:
            state, spread, amount = _pay(state, spread, amount, Claim.PRINCIPAL, row.nr)
    early = min(amount, state.future_principal_minor)
    state = prepay(terms, state, early)
    return _overpay(state, spread.plus(Parts(principal_minor=early)), amount - early)


def lend(terms: Terms, state: State, amount: int) -> State:
    """Add a draw to the rows not yet due, by the product's plan."""
    state = replace(state, drawn_minor=state.drawn_minor + amount)
    return _replan(terms, state, state.future_principal_minor + amount, keep_level=False)


def prepay(terms: Terms, state: State, amount: int) -> State:
    """Take principal off the rows not yet due, and plan them anew (减少月供 or 缩短期限)."""
    if not amount:
        return state
    state = replace(state, prepaid_minor=state.prepaid_minor + amount)
    keep = terms.after_early is AfterEarly.SHORTEN
    return _replan(terms, state, state.future_principal_minor - amount, keep_level=keep)


def replan(terms: Terms, state: State, *, level_minor: int | None = None) -> State:
    """Plan the rows not yet due anew, by the instalment ``level_minor`` (fen) or a solved one."""
    state = replace(state, level_minor=level_minor)
    keep = level_minor is not None
    return _replan(terms, state, state.future_principal_minor, keep_level=keep)


def _overpay(state: State, spread: Parts, amount: int) -> tuple[State, Parts]:
    if not amount:
        return state, spread
    state = replace(state, overpaid_minor=state.overpaid_minor + amount)
    return state, spread.plus(Parts(overpaid_minor=amount))


def _charged(state: State) -> State:
    rows = tuple(
        replace(
            row,
            contract=row.contract.charge(),
            penalty=row.penalty.charge(),
            compound=row.compound.charge(),
        )
        if row.due_on <= state.on and row.owed_minor
        else row
        for row in state.rows
    )
    return replace(state, rows=rows)


def _due_claims(
    terms: Terms, state: State, order: tuple[Claim, ...]
) -> Iterator[tuple[Claim, int]]:
    due = [row.nr for row in state.rows if row.due_on <= state.on and row.owed_minor]
    if terms.waterfall.by_row:
        yield Claim.COSTS, 0
        yield from ((claim, nr) for nr in due for claim in order if claim is not Claim.COSTS)
        return
    for claim in order:
        if claim is Claim.COSTS:
            yield claim, 0
        else:
            yield from ((claim, nr) for nr in due)


def _pay(
    state: State, spread: Parts, amount: int, claim: Claim, nr: int
) -> tuple[State, Parts, int]:
    if claim is Claim.COSTS:
        part = min(amount, state.costs_owed_minor)
        if not part:
            return state, spread, amount
        left = state.costs_owed_minor - part
        of_fees = max(0, state.fees_owed_minor - left)
        state = replace(
            state,
            costs_owed_minor=left,
            fees_owed=fees_left(state.fees_owed, paid_minor=of_fees),
            costs_paid_minor=state.costs_paid_minor + part,
        )
        return state, spread.plus(Parts(costs_minor=part)), amount - part
    row = next(row for row in state.rows if row.nr == nr)
    row, parts = _pay_row(row, amount, claim)
    if parts.is_nothing:
        return state, spread, amount
    return state.with_row(row), spread.plus(parts), amount - parts.total_minor


def _pay_row(row: Instalment, amount: int, claim: Claim) -> tuple[Instalment, Parts]:
    if claim is Claim.PRINCIPAL:
        part = min(amount, row.principal_owed_minor)
        paid = row.principal_paid_minor + part
        return replace(row, principal_paid_minor=paid), Parts(principal_minor=part)
    if claim is Claim.INTEREST:
        part = min(amount, row.contract.owed_minor)
        return replace(row, contract=row.contract.pay(part)), Parts(interest_minor=part)
    penalty = min(amount, row.penalty.owed_minor)
    compound = min(amount - penalty, row.compound.owed_minor)
    row = replace(row, penalty=row.penalty.pay(penalty), compound=row.compound.pay(compound))
    return row, Parts(penalty_minor=penalty, compound_minor=compound)


def _pay_early(
    terms: Terms,
    state: State,
    spread: Parts,
    amount: int,
    order: tuple[Claim, ...],
) -> tuple[State, Parts, int]:
    current = state.current
    if current is None:
        return state, spread, amount
    interest = _early_interest(terms, state, current, amount, order)
    principal = min(amount - interest, state.future_principal_minor)
    state = state.with_row(replace(current, contract=current.contract.pay(interest)))
    spread = spread.plus(Parts(interest_minor=interest, principal_minor=principal))
    return prepay(terms, state, principal), spread, amount - interest - principal


def _early_interest(
    terms: Terms,
    state: State,
    current: Instalment,
    amount: int,
    order: tuple[Claim, ...],
) -> int:
    """Return how much of an early payment is interest: all accrued, its own part, or the rest."""
    accrued, principal = current.contract.owed_minor, state.future_principal_minor
    if amount >= accrued + principal:
        return accrued
    if terms.early_interest is EarlyInterest.ON_REPAID:
        return min(accrued, half_up(accrued * amount, accrued + principal))
    if order.index(Claim.PRINCIPAL) < order.index(Claim.INTEREST):
        return max(0, amount - principal)
    return min(amount, accrued)


def _replan(terms: Terms, state: State, balance: int, *, keep_level: bool) -> State:
    """Spread ``balance`` over the rows not yet due; rows that are due keep what they have."""
    due = [row for row in state.rows if row.due_on <= state.on]
    coming = [row for row in state.rows if row.due_on > state.on]
    level = state.level_minor if keep_level else None
    if terms.product is Product.EQUAL_INSTALMENTS:
        level = level or level_instalment(terms, balance, count=len(coming))
    starts = pairwise((coming[0].starts_on, *(row.due_on for row in coming)))
    principals = plan_principals(terms, balance, tuple(starts), level_minor=level)
    rows = [
        replace(row, principal_minor=principal)
        for row, principal in zip(coming, principals, strict=True)
    ]
    return replace(state, rows=(*due, *rows), level_minor=level)
