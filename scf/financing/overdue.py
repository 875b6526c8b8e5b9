"""While a loan is overdue its borrower's limit is frozen, and free again once it is cured (K18)."""

from uuid import UUID

from scf.core.actor import SYSTEM
from scf.credit import selectors as credit
from scf.credit import services as limits
from scf.loans.models import Loan


def freeze_borrower(loan_id: UUID) -> None:
    """Freeze the borrower's limit for this loan. Harmless twice."""
    loan: Loan = Loan.objects.get(pk=loan_id)
    hold = credit.get_hold(loan.application_id, by=SYSTEM)
    limits.freeze_limit(
        hold.borrower_limit_id, key=_key(loan), reason=f"贷款 {loan.number} 逾期", by=SYSTEM
    )


def unfreeze_borrower(loan_id: UUID) -> None:
    """Lift this loan's freeze; those of others stay. Harmless twice, and without a freeze."""
    loan: Loan = Loan.objects.get(pk=loan_id)
    hold = credit.get_hold(loan.application_id, by=SYSTEM)
    limits.unfreeze_limit(hold.borrower_limit_id, key=_key(loan), by=SYSTEM)


def _key(loan: Loan) -> str:
    return f"overdue:{loan.pk}"
