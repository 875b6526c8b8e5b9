"""The close of a bank day for a loan: interest booked, rows overdue, grace lapsed (K5, K13)."""

from datetime import date, timedelta
from uuid import UUID

from scf.loans import machine
from scf.loans.models import Loan
from scf.loans.services.life import follow_status, locked, relive
from scf.workflow.closing import closing_act


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


def loans_to_close(day: date) -> list[UUID]:
    """The running loans not yet lived to the morning after ``day``, oldest first."""
    rows = Loan.objects.filter(status__in=machine.RUNNING, lived_to__lte=day)
    return list(rows.order_by("id").values_list("pk", flat=True))
