"""What the portals keep when something happens."""

from scf.portals.deal.versions import keep_returned_version
from scf.workflow.facts import on
from scf.workflow.models import Fact


@on("application.returned")
def application_returned(fact: Fact) -> None:
    keep_returned_version(fact)
