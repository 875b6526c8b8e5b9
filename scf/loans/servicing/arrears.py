"""Arrears: since when, how much, how many days, and the bucket a loan and its instalments are in.

A loan is delinquent once its oldest unpaid instalment is overdue longer than the grace days; from
then on an instalment counts from its own due date, without grace. Days of a pause do not count,
and while one runs the buckets stay as they are. Money charged back counts from its own day. Minor
units.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from scf.loans.servicing.entries import Kind
from scf.loans.servicing.instalments import Instalment
from scf.loans.servicing.life import Loan
from scf.loans.servicing.state import State


@dataclass(frozen=True, slots=True)
class Arrears:
    """How far behind a loan is on a day; ``since`` is when grace ends, if anything is overdue."""

    since: date | None = None
    amount: int = 0
    days_past_due: int = 0
    days_delinquent: int = 0


def assess(loan: Loan, state: State) -> Arrears:
    """Return the arrears of a loan on its business day."""
    overdue = [row for row in state.rows if row.due_on < loan.today and row.total_outstanding > 0]
    if not loan.disbursed or not overdue:
        return Arrears()
    start = _overdue_since(loan, state, overdue[0])
    since = start + timedelta(days=loan.terms.grace_on_arrears)
    delinquent = (loan.today - since).days - paused_days(loan)
    return Arrears(
        since,
        sum(row.total_outstanding for row in overdue),
        (loan.today - start).days,
        max(delinquent, 0),
    )


def _overdue_since(loan: Loan, state: State, row: Instalment) -> date:
    # What was charged back within the row, beyond what was paid of it, is owed since that day.
    available = row.total_paid
    is_last = row is state.rows[-1]
    for entry in loan.entries:
        if entry.kind is not Kind.CHARGEBACK or entry.day < row.start:
            continue
        if entry.day < row.due_on or (is_last and entry.day == row.due_on):
            available -= entry.amount
            if available < 0:
                return entry.day
    return row.due_on


def paused_days(loan: Loan) -> int:
    """Return how many days the count of days stood still so far."""
    return sum(
        max((min(end, loan.today) - start).days, 0) for start, end in loan.delinquency_pauses
    )


def is_paused(loan: Loan) -> bool:
    """Say whether a pause runs today."""
    return any(start <= loan.today <= end for start, end in loan.delinquency_pauses)


def bucket_of(loan: Loan, days: int) -> int | None:
    """Return the bucket of so many days, by the bound it lies above; None below the first."""
    bounds = loan.terms.delinquency_bounds
    if not bounds or days < bounds[0]:
        return None
    later = [bound for bound in bounds[1:] if days > bound]
    return later[-1] if later else bounds[0]


def reclassify(loan: Loan) -> Loan:
    """Put the loan and its instalments into their buckets, unless a pause runs."""
    state = loan.state()
    known = assess(loan, state)
    if known == Arrears():
        return replace(loan, bucket=None, instalment_buckets=())
    if is_paused(loan):
        return loan
    if not known.days_delinquent:
        return replace(loan, bucket=None, instalment_buckets=())
    found: dict[date, int] = {}
    for row in state.rows:
        days = (loan.today - row.due_on).days - paused_days(loan)
        bucket = bucket_of(loan, days) if row.total_outstanding > 0 else None
        if bucket is not None:
            found[row.due_on] = bucket
    return replace(
        loan,
        bucket=bucket_of(loan, known.days_delinquent),
        instalment_buckets=tuple(found.items()),
    )


def amounts_by_bucket(loan: Loan, state: State) -> tuple[tuple[int, int], ...]:
    """Return what is still owed of the instalments of each bucket, as last classified."""
    found: dict[int, int] = {}
    of_due_day = dict(loan.instalment_buckets)
    for row in state.rows:
        bucket = of_due_day.get(row.due_on)
        if bucket is not None and row.total_outstanding > 0:
            found[bucket] = found.get(bucket, 0) + row.total_outstanding
    return tuple(sorted(found.items()))


def reclassify_through(loan: Loan, closed: date | None) -> Loan:
    """Classify at a day's close; a pause that began since keeps the buckets of the day before."""
    day = loan.today
    for start, end in sorted(loan.delinquency_pauses, reverse=True):
        if start <= day <= end:
            day = start - timedelta(days=1)
    if day == loan.today:
        return reclassify(loan)
    if closed is None or day <= closed + timedelta(days=1):
        return loan
    return replace(reclassify(replace(loan, today=day)), today=loan.today)


def pause(loan: Loan, start: date, end: date) -> Loan:
    """Let the count of days stand still from ``start`` to ``end``."""
    return replace(loan, delinquency_pauses=(*loan.delinquency_pauses, (start, end)))


def resume(loan: Loan, day: date) -> Loan:
    """End the running pause on a day."""
    pauses = tuple(
        (start, day) if start <= day < end else (start, end)
        for start, end in loan.delinquency_pauses
    )
    return replace(loan, delinquency_pauses=pauses)
