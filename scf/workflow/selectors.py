"""What happened to a deal, as far as the asker may see it."""

from uuid import UUID

from scf.core.actor import Actor
from scf.workflow.models import Fact


def timeline(deal_id: UUID, *, by: Actor) -> list[Fact]:
    """Every fact of the deal that the actor's organization may see, oldest first."""
    return list(Fact.objects.visible_to(by).filter(deal_id=deal_id))
