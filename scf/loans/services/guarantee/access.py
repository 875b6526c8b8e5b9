"""Who may touch a demand, and what its facts say."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import Forbidden, NotFound, NotPermitted
from scf.loans.models import GuaranteeDemand
from scf.loans.services.life import locked
from scf.parties.permissions import Permission


def locked_demand(demand_id: UUID, *, by: Actor) -> GuaranteeDemand:
    """The demand as the actor may see it, read again behind its deal's lock. Raises NotFound."""
    found = GuaranteeDemand.objects.visible_to(by).filter(pk=demand_id).first()
    if found is None:
        raise NotFound(_("没有这项代偿要求"))
    demand: GuaranteeDemand = found
    demand.loan = locked(demand.loan)
    demand.refresh_from_db(fields=["status", "version", "turn_party", "turn_role", "due_at"])
    return demand


def require_guarantor(demand: GuaranteeDemand, *, by: Actor) -> None:
    """Refuse whoever is not asked to pay. Raises Forbidden(not_your_side, forbidden)."""
    if demand.anchor_id != by.organization_id:
        raise Forbidden(_("只有核心企业可以代偿"), code="not_your_side")
    if not by.can(Permission.LOAN_REPAY):
        raise NotPermitted(Permission.LOAN_REPAY)


def said(demand: GuaranteeDemand) -> dict[str, object]:
    """What every fact of a demand says; fen."""
    return {
        "loan_id": str(demand.loan_id),
        "number": demand.loan.number,
        "ground": demand.ground,
        "amount_minor": demand.amount_minor,
        "pay_by": demand.pay_by.isoformat() if demand.pay_by else "",
    }
