"""Papers of a deal that are noted and not made yet."""

from scf.core.actor import Actor
from scf.financing.models import Application, PaperDue


def list_due_papers(application: Application, *, by: Actor) -> list[PaperDue]:
    """The papers of an application that wait to be made and that the actor may read, oldest
    first.
    """
    rows = PaperDue.objects.filter(deal_id=application.deal_id, made_at__isnull=True)
    return list(rows if by.is_system else rows.filter(audience__contains=[by.organization_id]))
