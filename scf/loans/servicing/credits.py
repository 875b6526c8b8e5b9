"""Money owed again: chargebacks of payments, and credit balances paid out.

A chargeback reopens what its payment had settled, in the contract's credit order if it has one,
else as principal; after the last due date a row of its own is made. Minor units.
"""

from datetime import date

from scf.loans.servicing.components import NOTHING, Amounts, Component, as_amounts
from scf.loans.servicing.entries import Entry, Kind
from scf.loans.servicing.instalments import Instalment
from scf.loans.servicing.paying import use_credit
from scf.loans.servicing.state import Outcome, State


def charge_back(state: State, entry: Entry) -> Outcome:
    """Take back a payment, in part or whole, on a later day."""
    if state.follows_plan:
        return _charge_back_on_plan(state, entry)
    if not state.terms.credit_order:
        return _credit_principal(state, entry)
    parts = _by_credit_order(state, entry)
    _credit_row(_row_after(state, entry.day), entry.day, parts)
    return Outcome(entry.amount, parts, _cover(state, entry))


def refund_credit(state: State, entry: Entry) -> Outcome:
    """Pay a credit balance out to the borrower; more than there is becomes principal."""
    return _credit_principal(state, entry)


def _credit_principal(state: State, entry: Entry) -> Outcome:
    covered = min(state.overpaid, entry.amount)
    principal = entry.amount - covered
    state.overpaid -= covered
    if principal:
        row = _row_after(state, entry.day)
        row.credited[Component.PRINCIPAL] += entry.amount
        row.due[Component.PRINCIPAL] += entry.amount
        row.update_met(entry.day)
        if covered:
            row.pay(Component.PRINCIPAL, entry.day, covered)
    return Outcome(entry.amount, (principal, 0, 0, 0), covered)


def _charge_back_on_plan(state: State, entry: Entry) -> Outcome:
    plan = state.plan
    if plan is None:
        raise ValueError("no plan to charge back on")
    parts: Amounts = (entry.amount, 0, 0, 0)
    if state.terms.credit_order:
        parts = _by_credit_order(state, entry)
    principal, interest = parts[Component.PRINCIPAL], parts[Component.INTEREST]
    if entry.day <= plan.maturity:
        if principal:
            plan.credit(entry.day, principal, 0)
        if interest:
            plan.credit(entry.day, 0, interest)
        state.take_from_plan(entry.day)
        row = _row_from(state, entry.day, plan.maturity)
        charges = as_amounts((0, 0, parts[Component.FEE], parts[Component.PENALTY]))
        _credit_row(row, entry.day, charges)
    else:
        row = _additional_row(state, entry.day, plan.maturity)
        _credit_row(row, entry.day, parts)
    return Outcome(entry.amount, parts, _cover(state, entry))


def _cover(state: State, entry: Entry) -> int:
    covered = min(entry.amount, state.overpaid)
    if state.overpaid:
        use_credit(state, entry.day)
    return covered


def _row_from(state: State, day: date, maturity: date) -> Instalment:
    if day == maturity:
        return next(r for r in state.rows if r.due_on == day and not r.is_down_payment)
    return next(r for r in state.rows if r.start <= day < r.due_on)


def _row_after(state: State, day: date) -> Instalment:
    """Return the first row due after the day, or a row of its own after the last."""
    rows = sorted(
        (row for row in state.rows if not row.is_down_payment), key=lambda row: row.due_on
    )
    for row in rows:
        if row.is_additional:
            row.due_on = max(row.due_on, day)
            return row
        if row.due_on > day:
            return row
    if rows[-1].due_on == day:
        return rows[-1]
    return _additional_row(state, day, rows[-1].due_on)


def _additional_row(state: State, day: date, maturity: date) -> Instalment:
    found = next((row for row in state.rows if row.is_additional), None)
    if found is None:
        found = Instalment(len(state.rows) + 1, maturity, day, is_additional=True)
        state.rows.append(found)
    found.due_on = max(found.due_on, day)
    return found


def _credit_row(row: Instalment, day: date, parts: Amounts) -> None:
    for component in Component:
        row.credited[component] += parts[component]
        row.due[component] += parts[component]
    row.update_met(day)


def _by_credit_order(state: State, entry: Entry) -> Amounts:
    original = state.outcomes[entry.of].parts if entry.of is not None else NOTHING
    left = list(original)
    for earlier in state.done:
        if earlier.kind is Kind.CHARGEBACK and earlier.of == entry.of:
            taken = _take(left, earlier.amount, state.terms.credit_order)
            left = [a - b for a, b in zip(left, taken, strict=True)]
    return as_amounts(_take(left, entry.amount, state.terms.credit_order))


def _take(available: list[int], amount: int, order: tuple[Component, ...]) -> list[int]:
    taken = [0, 0, 0, 0]
    for component in order:
        taken[component] = min(amount, max(available[component], 0))
        amount -= taken[component]
    return taken
