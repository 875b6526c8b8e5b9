"""What waits for persons, and how far behind the chain we are."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from scf.chain.apply import confirmed_block
from scf.chain.models import (
    Block,
    ChainCommand,
    ChainEvent,
    ChainHead,
    ChainRetry,
    CommandState,
    Reference,
)
from scf.chain.refusals import words_of, words_of_call
from scf.chain.selectors.transactions import in_words
from scf.chain.selectors.visibility import concerns, references_of, visible_commands
from scf.chain.words import Words
from scf.core.actor import Actor
from scf.core.errors import NotFound


@dataclass(frozen=True)
class StuckCommand:
    """A command that waits: what it was to do, why it did not, its amount in fen when it names
    one, and an open retry.

    ``is_blocked`` was never sent; ``is_untold`` was refused by the contract and our own books have
    not taken that; neither means refused, with the block's confirmations still to come.
    """

    command: ChainCommand
    act: Words
    words: Words
    amount_minor: int | None
    waiting_behind: int
    retry: ChainRetry | None

    @property
    def is_blocked(self) -> bool:
        """Two persons may have it tried again or given up."""
        return self.command.state == CommandState.BLOCKED

    @property
    def is_untold(self) -> bool:
        """Two persons may have it told again; given up it cannot be: the refusal happened."""
        return bool(self.command.untold_error)


@dataclass(frozen=True)
class StuckEvent:
    """An event that could not be applied: what raised, its amount in fen, what waits behind it."""

    event: ChainEvent
    words: Words
    amount_minor: int | None
    waiting_behind: int
    retry: ChainRetry | None
    deal_id: UUID | None = None


@dataclass(frozen=True)
class ChainHealth:
    """How far the indexer is. ``lag`` is in blocks; times are None before the first block."""

    last_block: int | None
    last_block_time: datetime | None
    confirmed_block: int
    head: int | None
    head_seen_at: datetime | None
    lag: int
    queued: int
    sent: int
    blocked: int
    unapplied: int


def list_stuck_commands(*, by: Actor) -> list[StuckCommand]:
    """Blocked commands, and reverted ones on their way to failing, that the actor may repair."""
    stuck = visible_commands(by, repairs=True).filter(state=CommandState.BLOCKED)
    reverted = visible_commands(by, repairs=True).filter(state=CommandState.SENT, is_reverted=True)
    return [_stuck_command(each) for each in (*stuck, *reverted)]


def list_stuck_events(*, by: Actor) -> list[StuckEvent]:
    """Events that could not be applied, oldest first."""
    seen = references_of(by, repairs=True)
    stuck = ChainEvent.objects.filter(applied_at__isnull=True).exclude(error="")
    return [_stuck_event(each) for each in stuck if concerns(each, seen)]


def list_open_retries(*, by: Actor) -> list[ChainRetry]:
    """Retries that wait for a second person."""
    mine = {each.command.pk for each in list_stuck_commands(by=by)} | {
        each.event.pk for each in list_stuck_events(by=by)
    }
    waiting = ChainRetry.objects.filter(status="requested").select_related("command", "event")
    return [each for each in waiting if (each.command_id or each.event_id) in mine]


def words_of_retry(retry: ChainRetry) -> Words:
    """What is to be tried again or given up, in words."""
    if retry.event:
        return in_words(retry.event).words
    return words_of_call(retry.command.function if retry.command else "")


def get_stuck_command(command_id: UUID, *, by: Actor) -> ChainCommand:
    """One command that the actor may see. Raises NotFound."""
    found = visible_commands(by, repairs=True).filter(pk=command_id).first()
    if found is None:
        raise NotFound(_("没有这项链上操作"))
    return found


def get_stuck_event(event_id: UUID, *, by: Actor) -> ChainEvent:
    """One unapplied event with an error that the actor may see. Raises NotFound."""
    stuck = (
        ChainEvent.objects.filter(pk=event_id, applied_at__isnull=True).exclude(error="").first()
    )
    if stuck is None or not concerns(stuck, references_of(by, repairs=True)):
        raise NotFound(_("没有这项未入账的链上事件"))
    return stuck


def get_chain_health() -> ChainHealth:
    """How far the indexer is and what waits: for pages and for readiness. Not secret."""
    block, head = Block.objects.order_by("-number").first(), ChainHead.objects.first()
    commands, events = ChainCommand.objects, ChainEvent.objects.filter(applied_at__isnull=True)
    return ChainHealth(
        last_block=block.number if block else None,
        last_block_time=block.time if block else None,
        confirmed_block=confirmed_block(),
        head=head.number if head else None,
        head_seen_at=head.seen_at if head else None,
        lag=max(head.number - block.number, 0) if head and block else 0,
        queued=commands.filter(state=CommandState.QUEUED).count(),
        sent=commands.filter(state=CommandState.SENT).count(),
        blocked=commands.filter(state=CommandState.BLOCKED).count(),
        unapplied=events.exclude(error="").count(),
    )


def _stuck_command(command: ChainCommand) -> StuckCommand:
    behind = ChainCommand.objects.filter(
        queue=command.queue, position__gt=command.position, state=CommandState.QUEUED
    )
    retry = ChainRetry.objects.filter(command=command, status="requested").first()
    return StuckCommand(
        command,
        words_of_call(command.function),
        words_of(command.error),
        _amount_in(command.args),
        behind.count(),
        retry,
    )


def _stuck_event(event: ChainEvent) -> StuckEvent:
    behind = ChainEvent.objects.filter(reference=event.reference, applied_at__isnull=True).exclude(
        pk=event.pk
    )
    retry = ChainRetry.objects.filter(event=event, status="requested").first()
    known = Reference.objects.filter(pk=event.reference).values_list("deal_id", flat=True)
    return StuckEvent(
        event,
        in_words(event).words,
        event.args.get("amount"),
        behind.count(),
        retry,
        known.first(),
    )


def _amount_in(args: list[Any]) -> int | None:
    # The instruction is the argument with nine fields; its fourth is the amount.
    for each in args:
        fields = list(each.values()) if isinstance(each, dict) else each
        if isinstance(fields, list) and len(fields) == 9 and isinstance(fields[3], int):
            return fields[3]
    return None
