"""Confirmed events become facts: one transaction each, oldest first, in the order of their
agreement or wallet.
"""

import logging
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import OperationalError, connection
from django.db.models import Max, Q

from scf.chain.models import (
    Block,
    ChainCommand,
    ChainEvent,
    CommandState,
    Reference,
)
from scf.core import clock
from scf.core.actor import SYSTEM
from scf.workflow import facts
from scf.workflow.closing import closing_act
from scf.workflow.deals import lock_deal

LONGEST_PAUSE = 600  # seconds between two tries of an event that cannot be applied
log = logging.getLogger(__name__)


def confirmed_block() -> int:
    """The newest block that counts as final; -1 when there is none."""
    head = Block.objects.aggregate(head=Max("number"))["head"]
    return -1 if head is None else int(head) - int(settings.CHAIN_CONFIRMATIONS)


def apply_confirmed(*, limit: int = 200) -> int:
    """Apply the oldest confirmed events and failures; returns how many were applied.

    An event whose reaction raises stays, with the error, and holds only its own agreement or
    wallet; it is tried again by itself after a growing pause, or at once when two persons say so.
    """
    confirmed = confirmed_block()
    resting = ChainEvent.objects.filter(applied_at__isnull=True, retry_at__gt=clock.now())
    held = set(resting.values_list("reference", flat=True))
    waiting = ChainEvent.objects.filter(applied_at__isnull=True, block_number__lte=confirmed)
    applied = 0
    for event in waiting.exclude(reference__in=held).order_by("block_number", "log_index")[:limit]:
        if event.reference in held:
            continue
        if _applied(event):
            applied += 1
        else:
            held.add(event.reference)
    return applied + _fail_reverted(confirmed, limit=limit)


def _applied(event: ChainEvent) -> bool:
    try:
        _apply(event)
    except OperationalError:
        # A lock or a timeout of the database, not the event's fault: the next round tries again.
        if not connection.is_usable():
            raise
        log.warning("event_postponed", extra={"chain_event": event.pk}, exc_info=True)
        return False
    except Exception as error:  # noqa: BLE001 - whatever a reaction raises holds its own agreement alone
        _keep_error(event, error)
        return False
    return True


def _apply(event: ChainEvent) -> None:
    with closing_act():
        deal_id = _lock(event.reference)
        unapplied = ChainEvent.objects.filter(pk=event.pk, applied_at__isnull=True)
        if not unapplied.update(applied_at=clock.now(), error="", retry_at=None, deal_id=deal_id):
            return  # another process was faster
        event.deal_id = deal_id
        facts.record(
            f"chain.{event.name}",
            event,
            by=SYSTEM,
            contract=event.contract,
            tx_hash=event.tx_hash,
            block_number=event.block_number,
            block_time=event.block_time.isoformat(),
            # K4: the value date of a money act is the Shanghai date of its block.
            value_date=clock.shanghai_date(event.block_time).isoformat(),
            **event.args,
        )


def _lock(reference: str) -> UUID | None:
    known = Reference.objects.filter(pk=reference).values_list("deal_id", flat=True).first()
    if known:
        lock_deal(known)
    return known


def _keep_error(event: ChainEvent, error: Exception) -> None:
    attempts = event.attempts + 1
    ChainEvent.objects.filter(pk=event.pk, applied_at__isnull=True).update(
        error=_in_short(error), attempts=attempts, retry_at=clock.now() + _pause(attempts)
    )
    log.error(
        "event_not_applied",
        extra={"chain_event": event.pk, "chain_event_name": event.name},
        exc_info=error,
    )


def _fail_reverted(confirmed: int, *, limit: int) -> int:
    # What the contract refused fails only once its block is final: until then a reorg may undo it.
    reverted = ChainCommand.objects.filter(
        Q(untold_retry_at__isnull=True) | Q(untold_retry_at__lte=clock.now()),
        state=CommandState.SENT,
        is_reverted=True,
        block_number__lte=confirmed,
    )
    failed = 0
    for command in reverted.order_by("position")[:limit]:
        try:
            failed += fail_command(command, sources=(CommandState.SENT,))
        except OperationalError:
            raise
        except Exception as error:  # noqa: BLE001 - as with events: it must not hold the others
            _keep_untold(command, error)
    return failed


def _keep_untold(command: ChainCommand, error: Exception) -> None:
    # It stays on the page of stuck things until a later try, or two persons, get it through.
    attempts = command.untold_attempts + 1
    ChainCommand.objects.filter(pk=command.pk, state=CommandState.SENT).update(
        untold_error=_in_short(error),
        untold_attempts=attempts,
        untold_retry_at=clock.now() + _pause(attempts),
    )
    log.error("failure_not_applied", extra={"command": command.key}, exc_info=error)


def _in_short(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:2000]


def _pause(attempts: int) -> timedelta:
    return timedelta(seconds=min(2**attempts, LONGEST_PAUSE))


def fail_command(command: ChainCommand, *, sources: tuple[str, ...]) -> bool:
    """Record that a command will never take effect: fact ``chain.CommandFailed``. Once only."""
    with closing_act():
        if command.deal_id:
            lock_deal(command.deal_id)
        rows = ChainCommand.objects.filter(pk=command.pk, state__in=sources)
        if not rows.update(state=CommandState.FAILED, untold_error="", untold_retry_at=None):
            return False
        facts.record(
            "chain.CommandFailed",
            command,
            by=SYSTEM,
            key=command.key,
            queue=command.queue,
            contract=command.contract,
            function=command.function,
            error=command.error,
            error_details=command.error_details,
            tx_hash=command.tx_hash,
            block_number=command.block_number,
        )
    return True
