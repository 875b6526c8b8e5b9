"""Giving up: charge-off (the loan stays, its future interest may not) and write-off.

Amounts in minor units.
"""

from datetime import date
from decimal import Decimal

from scf.loans.servicing import forecast
from scf.loans.servicing.components import NOTHING, Amounts, Component, as_amounts, plus
from scf.loans.servicing.entries import Entry
from scf.loans.servicing.instalments import Instalment, renumber
from scf.loans.servicing.paying import settle
from scf.loans.servicing.state import Outcome, State
from scf.loans.servicing.terms import ChargeOff


def charge_off(state: State, entry: Entry) -> Outcome:
    """Charge the loan off on a day; returns what was owed then, by component."""
    before = _interest_till(state, entry.day)
    if state.terms.is_progressive and state.terms.charge_off is ChargeOff.ZERO_INTEREST:
        _stop_interest(state, entry.day)
    elif state.terms.is_progressive and state.terms.charge_off is ChargeOff.ACCELERATE:
        _accelerate(state, entry.day)
    state.charged_off_interest[entry.number] = before
    parts = as_amounts(state.owed(component) for component in Component)
    state.is_charged_off = True
    return Outcome(sum(parts), parts)


def write_off(state: State, entry: Entry) -> Outcome:
    """Write off all that is owed."""
    parts = [0, 0, 0, 0]
    for row in state.rows:
        for component in Component:
            parts[component] += row.write_off(component, entry.day)
    return Outcome(sum(parts), as_amounts(parts))


def _interest_till(state: State, day: date) -> int:
    """Interest that ran up to the day, over all rows."""
    total = 0
    for row in state.rows:
        if row.is_additional:
            continue
        if row.due_on <= day:
            total += row.due[Component.INTEREST] - row.credited[Component.INTEREST]
        elif row.start <= day:
            total += interest_of_row(state, row, day)
    return total


def interest_of_row(state: State, row: Instalment, day: date) -> int:
    """Interest of a row that is running, up to a day."""
    if row.is_down_payment:
        return 0
    if state.follows_plan and state.plan is not None:
        return forecast.interest_till(state.plan, row.due_on, day)
    return _share(state, row, day, row.outstanding(Component.INTEREST))


def interest_run(state: State, row: Instalment, day: date) -> int:
    """Interest a row has run up to a day, without what was charged back."""
    if state.plan is not None:
        period = state.plan.period_due(row.due_on)
        if period is not None:
            return forecast.interest_till(state.plan, row.due_on, day, with_credited=False)
    return _share(state, row, day, row.due[Component.INTEREST])


def _share(state: State, row: Instalment, day: date, interest: int) -> int:
    rounding = state.terms.rounding
    days = (row.due_on - row.start).days
    daily = rounding.context.divide(rounding.major(interest), Decimal(days))
    return rounding.minor(rounding.context.multiply(daily, Decimal((day - row.start).days)))


def _stop_interest(state: State, day: date) -> None:
    """Interest stops on the day; what the instalments lose of it they take as principal."""
    for row in state.rows:
        if row.start <= day < row.due_on and not row.is_down_payment:
            new = interest_of_row(state, row, day)
            if not state.follows_plan:
                new += row.due[Component.INTEREST] - row.outstanding(Component.INTEREST)
            row.due[Component.PRINCIPAL] += row.due[Component.INTEREST] - new
            row.due[Component.INTEREST] = new
    for row in state.rows:
        owed = row.outstanding(Component.INTEREST)
        if row.start > day and row.is_open and owed > 0:
            row.due[Component.PRINCIPAL] += owed
            row.due[Component.INTEREST] -= owed
    _rebalance(state)


def _rebalance(state: State) -> None:
    """Take what the rows ask for too much (or too little) from the last ones."""
    lent = sum(e.amount for e in state.done if e.kind.value in {"disbursement"})
    regular = [row for row in state.rows if not row.is_additional]
    gap = lent - sum(row.due[Component.PRINCIPAL] for row in regular)
    for row in reversed(regular):
        if not gap:
            return
        if not row.is_open:
            continue
        principal = row.due[Component.PRINCIPAL]
        row.due[Component.PRINCIPAL] = max(principal + gap, 0)
        gap = 0 if abs(gap) <= principal else gap + principal


def _accelerate(state: State, day: date) -> None:
    """All principal falls due on the day; rows after it go, their charges get a row of their own.

    What had been paid towards the rows that go is allocated anew.
    """
    if day >= max(row.due_on for row in state.rows if row.is_regular):
        return
    current = next(row for row in state.rows if row.holds(day, is_first=row.number == 1))
    current.due[Component.INTEREST] = interest_of_row(state, current, day)
    later = [row for row in state.rows if row.due_on > current.due_on]
    was_due, current.due_on = current.due_on, day
    current.due[Component.PRINCIPAL] += sum(row.due[Component.PRINCIPAL] for row in later)
    state.rows[:] = [row for row in state.rows if row not in later]
    _keep_charges(state, later, day)
    renumber(state.rows)
    current.check_met(day)
    state.is_charged_off = True
    _allocate_again(state, later, current, was_due)


def _keep_charges(state: State, later: list[Instalment], day: date) -> None:
    fee = sum(row.due[Component.FEE] for row in later)
    penalty = sum(row.due[Component.PENALTY] for row in later)
    if fee or penalty:
        due = max(charge.charge.due_on for charge in state.charges if charge.outstanding)
        row = Instalment(0, day, due, due=[0, 0, fee, penalty], is_additional=True)
        state.rows.append(row)


def _allocate_again(
    state: State, gone: list[Instalment], current: Instalment, was_due: date
) -> None:
    freed: dict[int, Amounts] = {}
    for row in gone:
        for number, paid in row.paid_by.items():
            freed[number] = plus(freed.get(number, NOTHING), paid)
    interest = current.due[Component.INTEREST]
    for entry in list(state.done):
        if entry.number not in freed:
            continue
        old, taken = state.outcomes[entry.number], freed[entry.number]
        state.payer = entry.number
        current.due[Component.INTEREST] = min(interest, _run_by(state, current, was_due, entry.day))
        parts, left = settle(state, entry.kind, entry.day, sum(taken))
        current.due[Component.INTEREST] = interest
        state.overpaid += left
        kept = as_amounts(a - b for a, b in zip(old.parts, taken, strict=True))
        state.outcomes[entry.number] = Outcome(old.amount, plus(kept, parts), old.overpaid + left)
    current.update_met(current.due_on)


def _run_by(state: State, row: Instalment, was_due: date, day: date) -> int:
    """Interest early money owes on a row: what has run by its day, if interest follows money."""
    if state.plan is None or not state.terms.recalculates:
        return row.due[Component.INTEREST]
    run = forecast.interest_till(state.plan, was_due, day) if day > row.start else 0
    return max(run, row.paid[Component.INTEREST])
