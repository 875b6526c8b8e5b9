"""The close of a bank day for a loan: interest booked, rows overdue, grace lapsed (K5, K13)."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef

from scf.loans import machine
from scf.loans.models import Loan, LoanDay
from scf.loans.services.life import follow_status, locked, relive, relive_together
from scf.workflow.closing import closing_act
from scf.workflow.deals import lock_deals


@closing_act()
def close_loan_day(loan_id: UUID, *, day: date) -> Loan:
    """Live the loan to the morning after ``day`` and book what its close brings. Safe twice.

    Facts ``loan.fell_overdue``, ``loan.cured`` and so on, when the status moves.
    """
    loan = locked(Loan.objects.get(pk=loan_id))
    if loan.status in machine.RUNNING:
        change = relive(loan, to=day + timedelta(days=1))
        follow_status(loan, book=change.book, value_date=day.isoformat())
    return loan


@closing_act()
def close_loans_together(loan_ids: Sequence[UUID], *, day: date) -> None:
    """Close the day of several loans in one transaction: one commit, one posting, and the same few
    statements whatever their number, but for those whose status moves. Safe twice.
    """
    wanted = Loan.objects.filter(pk__in=loan_ids)
    lock_deals(wanted.values_list("deal_id", flat=True))
    loans = list(wanted.filter(status__in=machine.RUNNING).order_by("id"))
    if not loans:
        return
    changes = relive_together(loans, to=day + timedelta(days=1))
    for loan in loans:
        follow_status(loan, book=changes[loan.pk].book, value_date=day.isoformat())


def loans_to_close(day: date) -> list[UUID]:
    """The running loans that have no row of the day yet, oldest first."""
    closed = LoanDay.objects.filter(on=day, loan_id=OuterRef("pk"))
    rows = Loan.objects.filter(~Exists(closed), status__in=machine.RUNNING, opened_on__lte=day)
    return list(rows.order_by("id").values_list("pk", flat=True))


def count_running() -> int:
    """How many loans a close is about."""
    count: int = Loan.objects.filter(status__in=machine.RUNNING).count()
    return count
