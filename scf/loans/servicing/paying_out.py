"""Money to the borrower: pay-outs with their down payments, income added, and rate changes.

Amounts in minor units.
"""

from datetime import date
from decimal import Decimal

from scf.loans.servicing.components import Component
from scf.loans.servicing.entries import Entry, Kind
from scf.loans.servicing.instalments import Instalment
from scf.loans.servicing.paying import use_credit
from scf.loans.servicing.state import Outcome, State
from scf.loans.servicing.terms import Terms, yearly_percent


def down_payment_of(terms: Terms, amount: int) -> int:
    """Return the part of a pay-out that is paid back at once."""
    if terms.down_payment is None:
        return 0
    rounding = terms.rounding
    return rounding.to_multiple(rounding.percent(amount, terms.down_payment.percent))


def disburse(state: State, entry: Entry) -> Outcome:
    """Pay out: the down payment on its own row, the rest over the instalments after the day."""
    if not state.terms.is_progressive:
        return Outcome(entry.amount)
    down = down_payment_of(state.terms, entry.amount)
    if state.terms.down_payment is not None:
        _lay_down_payment(state, entry.day, down)
    lent = entry.amount - down
    if lent > 0:
        _spread(state, entry.day, lent)
    return Outcome(entry.amount, overpaid=use_credit(state, entry.day))


def capitalise(state: State, entry: Entry) -> Outcome:
    """Add income to the principal; the borrower owes it like money paid out."""
    if state.plan is None:
        _spread(state, entry.day, entry.amount)
    else:
        state.plan.capitalise(entry.day, entry.amount)
        _take(state, entry.day)
    return Outcome(entry.amount, (entry.amount, 0, 0, 0), use_credit(state, entry.day))


def _lay_down_payment(state: State, day: date, amount: int) -> None:
    row = next(r for r in state.rows if r.is_down_payment and not r.due[Component.PRINCIPAL])
    row.due[Component.PRINCIPAL] = amount
    row.update_met(day)


def _spread(state: State, day: date, amount: int) -> None:
    if state.plan is not None and state.terms.bears_interest:
        state.plan.disburse(day, amount)
        if state.moves:
            state.plan.move(state.moves)
            state.moves = ()
        _take(state, day)
        return
    rounding = state.terms.rounding
    rows = [r for r in state.rows if r.due_on > day and r.is_regular]
    if not rows:
        raise ValueError(f"no instalment is due after the pay-out of {day}")
    share = rounding.split(amount, len(rows))
    left = amount
    for row in rows:
        before = row.due[Component.PRINCIPAL]
        row.due[Component.PRINCIPAL] = rounding.to_multiple(before + share)
        left -= row.due[Component.PRINCIPAL] - before
        row.update_met(day)
    rows[-1].due[Component.PRINCIPAL] += left
    rows[-1].update_met(day)


def _take(state: State, day: date) -> None:
    if state.plan is None:
        return
    for period in state.plan.periods:
        row = _row_due(state.rows, period.due)
        if row is not None and row.due_on >= day:
            row.due[Component.PRINCIPAL] = period.due_principal
            row.due[Component.INTEREST] = period.due_interest
            row.update_met(day)


def _row_due(rows: list[Instalment], due: date) -> Instalment | None:
    return next((r for r in rows if r.due_on == due and not r.is_down_payment), None)


def change_interest(state: State, entry: Entry) -> None:
    """Change the rate from a day on, or let interest pause; paid instalments stay."""
    if state.plan is None:
        return
    if entry.kind is Kind.INTEREST_PAUSE:
        state.plan.pause(entry.day, entry.until or entry.day)
    else:
        percent = yearly_percent(state.terms, entry.rate or Decimal(0))
        rate = state.terms.rounding.context.divide(percent, Decimal(100))
        state.plan.change_rate(entry.day, rate)
    for period in state.plan.periods:
        row = _row_due(state.rows, period.due)
        if row is not None and row.is_open and entry.day <= row.due_on:
            row.due[Component.PRINCIPAL] = period.due_principal
            row.due[Component.INTEREST] = period.due_interest
