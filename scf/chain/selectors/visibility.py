"""Which commands and events an actor may see: those of the agreements and wallets the
organization listens to.
"""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

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


def references_of(by: Actor, *, repairs: bool = False) -> set[str] | None:
    """The references the actor's organization listens to or reads; None for all there are.

    ``repairs`` leaves out what it only reads: a bank that lends beside mends nothing of a deal.
    """
    if sees_all(by):
        return None
    listens = Q(audience__contains=[by.organization_id])
    reads = Q(readers__contains=[by.organization_id])
    mine = Reference.objects.filter(listens if repairs else listens | reads)
    return set(mine.values_list("reference", flat=True))


def concerns(event: ChainEvent, seen: set[str] | None) -> bool:
    """Whether an event is about something the actor listens to."""
    return seen is None or not seen.isdisjoint(_named_by(event))


def _named_by(event: ChainEvent) -> Iterable[str]:
    return {event.reference, *(value for value in event.args.values() if isinstance(value, str))}


def visible_commands(by: Actor, *, repairs: bool = False) -> QuerySet[ChainCommand]:
    """The commands of the queues the actor listens to or reads, or may repair."""
    seen = references_of(by, repairs=repairs)
    return (
        ChainCommand.objects.all() if seen is None else ChainCommand.objects.filter(queue__in=seen)
    )
