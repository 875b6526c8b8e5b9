"""Interest on arrears: principal that was due and not paid goes on bearing interest.

The plan assumes that an instalment is paid on its due date; for every day it is not, the balance
interest runs on is corrected by the overdue principal, and the correction ends today, when payment
is expected. Rule read from published reference cases. Amounts in minor units.
"""

from datetime import date

from scf.loans.servicing.components import Component
from scf.loans.servicing.instalments import Instalment
from scf.loans.servicing.state import State
from scf.loans.servicing.terms import Rest


def recalculate_to(state: State, day: date) -> None:
    """Bring interest on arrears up to a day."""
    if not state.follows_plan:
        return
    regular = [row for row in state.rows if row.is_regular]
    overdue = [row for row in regular if row.due_on < day]
    if not overdue:
        return
    last = regular[-1]
    current = next((row for row in regular if row.start < day <= row.due_on), last)
    principal = total = 0
    for row in overdue:
        if principal:
            _correct(state, day, row, principal, total)
        principal = row.outstanding(Component.PRINCIPAL)
        total += principal
    if current is not last or last.due_on >= day:
        _correct(state, day, current, principal, total)


def _correct(state: State, day: date, row: Instalment, principal: int, total: int) -> None:
    rules, since = state.terms.recalculation, state.overdue_since
    if state.plan is None or rules is None or not rules.on_past_due or day == since:
        return
    # What ran before the last correction already carries the arrears.
    first = row.start if since is None or row.start > since else since
    state.plan.correct(first, principal)
    if row.start < day <= row.due_on:
        end = row.due_on if rules.rest is Rest.PERIOD else day
        state.plan.correct(end, -total)
        state.overdue_since = end
    _take(state)


def _take(state: State) -> None:
    if state.plan is None:
        return
    for period in state.plan.periods:
        row = next(
            (r for r in state.rows if r.start == period.start and not r.is_down_payment), None
        )
        if row is not None:
            row.due[Component.PRINCIPAL] = period.due_principal
            row.due[Component.INTEREST] = period.due_interest
