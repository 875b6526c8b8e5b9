"""Keeping what the fold told of a loan's days: rows once, the snapshot as it is now."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import date, timedelta

from scf.loans import machine
from scf.loans.day_end.rows import DayRow, Quiet
from scf.loans.models import Loan, LoanDay, LoanSnapshot

_CHANGING = [field.name for field in LoanSnapshot._meta.concrete_fields if not field.primary_key]


def days_without_row(loan: Loan, *, before: date) -> list[date]:
    """The days since the loan was last folded, and before a day, on which it ran and has no row."""
    if loan.status not in machine.RUNNING or loan.lived_to is None:
        return []
    span = (before - loan.lived_to).days
    days = [loan.lived_to + timedelta(days=offset) for offset in range(span)]
    if not days:
        return []
    # By the list of days, not by their range: the index is by day, and a range holds all loans.
    closed = LoanDay.objects.filter(loan_id=loan.pk, on__in=days).values_list("on", flat=True)
    return sorted(set(days) - set(closed))


def keep_days(loan: Loan, rows: Collection[DayRow], *, quiet: Quiet) -> None:
    """Keep rows that are not there yet, and put the snapshot in the place of the last one.

    The snapshot comes first: a close that reads many of them waits here, never at a row.
    """
    LoanSnapshot.objects.bulk_create(
        [LoanSnapshot(loan_id=loan.pk, **asdict(quiet))],
        update_conflicts=True,
        unique_fields=["loan_id"],
        update_fields=_CHANGING,
    )
    LoanDay.objects.bulk_create(
        [LoanDay(loan_id=loan.pk, **asdict(row)) for row in rows], ignore_conflicts=True
    )
