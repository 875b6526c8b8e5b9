"""How a loan stands: status, what settles it, when it really ended. Minor units."""

from datetime import date

from scf.loans.servicing import forecast
from scf.loans.servicing.components import Component
from scf.loans.servicing.entries import Entry, Kind
from scf.loans.servicing.life import Loan
from scf.loans.servicing.replay import replay
from scf.loans.servicing.state import State


def current(loan: Loan) -> State:
    """Return the loan's state today; before the pay-out, as it is expected to be."""
    if loan.disbursed:
        return loan.state()
    entries = (*_expected(loan), *loan.entries)
    state = replay(loan.terms, entries, loan.terms.expected_on, loan.changes)
    for row in state.rows:
        row.met_on = None  # nothing is met before the money was paid out
    return state


def _expected(loan: Loan) -> list[Entry]:
    terms = loan.terms
    day = terms.expected_on
    return [Entry(-1, Kind.DISBURSEMENT, day, day, terms.principal)]


def pay_outs(loan: Loan) -> list[tuple[date, int]]:
    """Return day and amount of every pay-out, capitalised income included."""
    kinds = {Kind.DISBURSEMENT, Kind.CAPITALISED_INCOME}
    entries = [entry for entry in loan.entries if entry.kind in kinds]
    return [(e.day, e.amount) for e in entries or _expected(loan)]


def status(loan: Loan, *, is_approved: bool = True) -> str:
    """Return the loan's status in one word."""
    if not loan.disbursed:
        return "approved" if is_approved else "submitted_and_pending_approval"
    state = loan.state()
    if state.outstanding > 0:
        return "active"
    if state.overpaid > 0:
        return "overpaid"
    if loan.live(Kind.WRITE_OFF):
        return "closed_written_off"
    return "closed_obligations_met"


def is_settled(state: State) -> bool:
    """Say whether nothing is owed."""
    return state.outstanding == 0


def settlement(loan: Loan, day: date) -> int:
    """Return what settles the loan on a day: all but the interest that has not run yet."""
    state = loan.state(day)
    owed = state.outstanding
    if not state.follows_plan or state.plan is None:
        return owed
    rules, current = loan.terms.recalculation, state.plan.period_on(day)
    to_period_end = rules is not None and rules.early_to_period_end and current is not None
    copy = forecast.till(state.plan, current.due if to_period_end and current else day)
    for row in state.rows:
        period = copy.period_due(row.due_on)
        if period is not None and not row.is_down_payment:
            owed -= row.outstanding(Component.INTEREST) - period.owed_interest
    return owed


def actual_maturity(loan: Loan) -> date | None:
    """Return the day the loan was settled, or else its last due date."""
    state = current(loan)
    if is_settled(state):
        days = [row.met_on for row in state.rows if row.met_on]
        return max(days) if days else None
    return max(row.due_on for row in state.rows)
