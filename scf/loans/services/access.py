"""Who may decide about a loan: the lender's people with the permission."""

from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import Forbidden, NotPermitted
from scf.loans.models import Loan
from scf.parties.permissions import Permission


def require_bank(loan: Loan, *, by: Actor, permission: Permission) -> None:
    """Refuse whoever is not the lender's. Raises Forbidden(not_your_side, forbidden)."""
    if loan.bank_id != by.organization_id:
        raise Forbidden(_("只有贷款人可以操作"), code="not_your_side")
    if not by.can(permission):
        raise NotPermitted(permission)
