"""Keeping what the fold told of loans' days: rows once, the snapshot as it is now."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from uuid import UUID

from scf.loans import machine
from scf.loans.day_end.rows import DayRow, Quiet
from scf.loans.models import Loan, LoanDay, LoanSnapshot

_CHANGING = [field.name for field in LoanSnapshot._meta.concrete_fields if not field.primary_key]


@dataclass(frozen=True)
class KeptDays:
    """What one fold told: the rows of days, and from where the loan is quiet."""

    loan: Loan
    rows: Collection[DayRow]
    quiet: Quiet


def days_without_rows(
    loans: Sequence[Loan], *, before: Mapping[UUID, date]
) -> dict[UUID, list[date]]:
    """By loan the days since it was last folded, and before a day of its own, on which it ran and
    has no row; at most one query.
    """
    ran = {loan.pk: _days_run(loan, before[loan.pk]) for loan in loans}
    span = {day for days in ran.values() for day in days}
    if not span:
        return ran
    # By the list of days, not by their range: the index is by day, and a range holds all loans.
    closed = LoanDay.objects.filter(loan_id__in=ran, on__in=span).values_list("loan_id", "on")
    gone = set(closed)
    return {pk: [day for day in days if (pk, day) not in gone] for pk, days in ran.items()}


def keep_days(kept: Sequence[KeptDays]) -> None:
    """Keep rows that are not there yet, and put each snapshot in the place of the last one.

    The snapshots come first: a close that reads many of them waits here, never at a row.
    """
    LoanSnapshot.objects.bulk_create(
        [LoanSnapshot(loan_id=each.loan.pk, **asdict(each.quiet)) for each in kept],
        update_conflicts=True,
        unique_fields=["loan_id"],
        update_fields=_CHANGING,
    )
    LoanDay.objects.bulk_create(
        [LoanDay(loan_id=each.loan.pk, **asdict(row)) for each in kept for row in each.rows],
        ignore_conflicts=True,
    )


def _days_run(loan: Loan, before: date) -> list[date]:
    if loan.status not in machine.RUNNING or loan.lived_to is None:
        return []
    span = (before - loan.lived_to).days
    return [loan.lived_to + timedelta(days=offset) for offset in range(span)]
