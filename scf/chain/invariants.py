"""What must always be true of this room."""

from collections.abc import Iterable

from django.db.models import Count, Exists, OuterRef, Value
from django.db.models.functions import Concat

from scf.chain.models import ChainCommand, ChainEvent, CommandState
from scf.workflow.invariants import Violation, invariant
from scf.workflow.models import Fact


@invariant("chain.applied_event_has_one_fact")
def applied_event_has_one_fact() -> Iterable[Violation]:
    """Each applied event left exactly one fact of its name, an unapplied one none."""
    facts = Fact.objects.filter(
        subject_id=OuterRef("pk"), name=Concat(Value("chain."), OuterRef("name"))
    )
    counted = (
        facts.order_by().values("subject_id").annotate(how_many=Count("pk")).values("how_many")
    )
    for event in ChainEvent.objects.annotate(facts=counted):
        if (event.facts or 0) != int(event.applied_at is not None):
            yield Violation(f"event {event.pk}", {"name": event.name, "facts": event.facts or 0})


@invariant("chain.command_mined_once")
def command_mined_once() -> Iterable[Violation]:
    """A finished command was mined by at most one of its transactions, and no transaction served
    two commands.
    """
    others = ChainCommand.objects.filter(tx_hash=OuterRef("tx_hash"), raw_tx__isnull=False).exclude(
        pk=OuterRef("pk")
    )
    mined = ChainCommand.objects.filter(state=CommandState.MINED, raw_tx__isnull=False)
    for command in mined.annotate(shared=Exists(others)):
        if (
            command.shared
            or command.tx_hash not in command.tx_hashes
            or command.block_number is None
        ):
            yield Violation(f"command {command.key}", {"tx_hash": command.tx_hash})


@invariant("chain.order_inside_a_queue")
def order_inside_a_queue() -> Iterable[Violation]:
    """Nothing was sent before what came first in its queue was finished."""
    earlier = ChainCommand.objects.filter(
        queue=OuterRef("queue"), position__lt=OuterRef("position")
    )
    open_before = earlier.filter(state__in=[CommandState.QUEUED, CommandState.BLOCKED])
    gone = ChainCommand.objects.filter(state__in=[CommandState.SENT, CommandState.MINED])
    for command in gone.filter(Exists(open_before)):
        yield Violation(f"command {command.key}", {"queue": command.queue})
