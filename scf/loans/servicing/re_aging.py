"""New lives for old debts: re-ageing (new instalments) and re-amortising (arrears spread ahead).

Amounts in minor units.
"""

from datetime import date

from scf.loans.servicing.components import Component
from scf.loans.servicing.entries import Entry
from scf.loans.servicing.instalments import Instalment, renumber
from scf.loans.servicing.state import Outcome, State


def re_amortise(state: State, entry: Entry) -> Outcome:
    """Spread principal overdue on a day over the instalments after it."""
    rounding = state.terms.rounding
    state.left_plan = True  # from here on the rows say what is due, not the plan
    arrears = 0
    for row in state.rows:
        if row.due_on <= entry.day:
            arrears += row.due[Component.PRINCIPAL] - row.paid[Component.PRINCIPAL]
            row.due[Component.PRINCIPAL] = row.paid[Component.PRINCIPAL]
            row.update_met(entry.day)
    later = [r for r in state.rows if r.due_on > entry.day and r.is_regular and not r.is_reaged]
    if not later:
        raise ValueError(f"no instalment is due after {entry.day}")
    share = rounding.to_multiple(rounding.split(arrears, len(later)))
    left = arrears
    for row in later[:-1]:
        row.due[Component.PRINCIPAL] += share
        left -= share
        row.update_met(entry.day)
    later[-1].due[Component.PRINCIPAL] += left
    later[-1].update_met(entry.day)
    return Outcome(arrears, (arrears, 0, 0, 0))


def re_age(state: State, entry: Entry) -> Outcome:
    """Replace all principal still owed by new, equal instalments after the old ones."""
    rule = entry.re_age
    if rule is None:
        raise ValueError("a re-ageing without its rule")
    state.left_plan = True  # from here on the rows say what is due, not the plan
    owed = _collect(state, entry.day)
    rounding = state.terms.rounding
    share = rounding.to_multiple(rounding.split(owed, rule.count)) if owed else 0
    last = [row for row in state.rows if not row.is_down_payment][-1]
    start, due = last.due_on, rule.first_due
    for number in range(rule.count):
        row = Instalment(0, start, due, is_reaged=True)
        row.due[Component.PRINCIPAL] = share
        if number == rule.count - 1:
            row.due[Component.PRINCIPAL] = owed - share * (rule.count - 1)
        row.update_met(entry.day)
        state.rows.append(row)
        start, due = due, rule.every.after(due)
    renumber(state.rows)
    return Outcome(owed, (owed, 0, 0, 0))


def _collect(state: State, day: date) -> int:
    total = 0
    for row in state.rows:
        owed = row.outstanding(Component.PRINCIPAL)
        if owed > 0:
            total += owed
            row.due[Component.PRINCIPAL] -= owed
            row.update_met(day)
    return total
