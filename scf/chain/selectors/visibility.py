"""Which commands and events an actor may see: those of the agreements and wallets the
organization listens to.
"""

from collections.abc import Iterable

from django.db.models import QuerySet

from scf.chain.models import ChainCommand, ChainEvent, Reference
from scf.core.actor import Actor
from scf.parties.models import OrganizationKind
from scf.parties.selectors import get_organization


def sees_all(by: Actor) -> bool:
    """Whether the actor sees every reference: the system and the operator who repairs."""
    # The operator repairs the platform for everybody; a bank only what concerns it.
    if by.is_system or by.organization_id is None:
        return by.is_system
    is_operator = get_organization(by.organization_id).kind == OrganizationKind.OPERATOR
    return is_operator and by.can("chain:repair")


def references_of(by: Actor) -> set[str] | None:
    """The references the actor's organization listens to; None for all there are."""
    if sees_all(by):
        return None
    mine = Reference.objects.filter(audience__contains=[by.organization_id])
    return set(mine.values_list("reference", flat=True))


def concerns(event: ChainEvent, seen: set[str] | None) -> bool:
    """Whether an event is about something the actor listens to."""
    return seen is None or not seen.isdisjoint(_named_by(event))


def _named_by(event: ChainEvent) -> Iterable[str]:
    return {event.reference, *(value for value in event.args.values() if isinstance(value, str))}


def visible_commands(by: Actor) -> QuerySet[ChainCommand]:
    """The commands of the queues the actor listens to."""
    seen = references_of(by)
    return (
        ChainCommand.objects.all() if seen is None else ChainCommand.objects.filter(queue__in=seen)
    )
