"""What credit does when a fact of its own machines says so."""

from scf.core.actor import SYSTEM
from scf.credit.services.holds import expire_hold
from scf.workflow.facts import on
from scf.workflow.models import Fact


@on("limit_hold.expired")
def hold_expired(fact: Fact) -> None:
    """The time of a hold ran out: its block comes off the limits."""
    expire_hold(fact.subject_id, by=SYSTEM)
