"""The mornings at which anything but interest happens to a loan; days between are quiet. Pure."""

from datetime import date, timedelta

from scf.loans.accrual import DAY, free_turns, reset_turns, turning_days
from scf.loans.calendars import month_end, month_ends
from scf.loans.fee_claims import fee_dates
from scf.loans.state import NON_ACCRUAL_AFTER_DAYS, State
from scf.loans.terms import Terms

FIRST_NON_ACCRUAL_DAY = timedelta(days=NON_ACCRUAL_AFTER_DAYS + 1)


def stops(terms: Terms, state: State, to: date) -> list[date]:
    """Return the mornings up to ``to`` at which something changes or was booked the evening before.

    ``to`` itself is always one.
    """
    after = state.on
    turns = {day for row in state.rows for day in turning_days(terms, row)}
    turns |= free_turns(terms) | reset_turns(terms) | fee_dates(terms, state)
    dues = _due_dates(terms, state)
    overdue = {due_on + terms.grace_days * DAY for due_on in dues}
    closes = {day + DAY for day in _booking_days(terms, state, to) | overdue}
    late = {due_on + FIRST_NON_ACCRUAL_DAY for due_on in dues}
    return sorted(day for day in turns | closes | late | {to} if after < day <= to)


def books_interest(terms: Terms, state: State, evening: date) -> bool:
    """Say whether the close of a day books interest (K5)."""
    morning = evening + DAY
    is_due = any(row.due_on == morning for row in state.rows)
    return is_due or morning in (terms.expiry_on, month_end(evening) + DAY)


def _booking_days(terms: Terms, state: State, to: date) -> set[date]:
    """Return the days from now up to, but without, ``to`` whose close books interest (K5)."""
    days = set(month_ends(state.on, to)) | {row.due_on - DAY for row in state.rows}
    if terms.expiry_on is not None:
        days.add(terms.expiry_on - DAY)
    return {day for day in days if state.on <= day < to}


def _due_dates(terms: Terms, state: State) -> set[date]:
    """Return the days past due may count from: of every row, of fees owed and of fees ahead."""
    fees = {claim.due_on for claim in state.fees_owed if claim.nr}
    return {row.due_on for row in state.rows} | fees | fee_dates(terms, state)
