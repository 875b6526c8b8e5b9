"""While a loan is overdue its borrower's limit is frozen, and free again once it is cured (K18)."""

from uuid import UUID

from scf.core.actor import SYSTEM
from scf.credit import selectors as credit
from scf.credit import services as limits
from scf.financing.models import Application
from scf.loans.models import Loan


def freeze_borrower(loan_id: UUID) -> None:
    """Freeze the borrower's limit for this loan. Harmless twice."""
    loan: Loan = Loan.objects.get(pk=loan_id)
    for limit_id in _limits_of(loan):
        limits.freeze_limit(limit_id, key=_key(loan), reason=f"贷款 {loan.number} 逾期", by=SYSTEM)


def unfreeze_borrower(loan_id: UUID) -> None:
    """Lift this loan's freeze; those of others stay. Harmless twice, and without a freeze."""
    loan: Loan = Loan.objects.get(pk=loan_id)
    for limit_id in _limits_of(loan):
        limits.unfreeze_limit(limit_id, key=_key(loan), by=SYSTEM)


def _limits_of(loan: Loan) -> list[UUID]:
    """The borrower's limit the loan is under; none for a loan that no application of ours asked."""
    application = Application.objects.filter(pk=loan.application_id).first()
    if application is None:
        return []
    return [credit.get_hold(application.pk, by=SYSTEM).borrower_limit_id]


def _key(loan: Loan) -> str:
    return f"overdue:{loan.pk}"
