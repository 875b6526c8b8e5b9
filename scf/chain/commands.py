"""The outbox: a contract call that is to be made exactly once, in the order of its queue."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.chain import doorbell
from scf.chain.apply import fail_command
from scf.chain.calls import Call
from scf.chain.contracts import check_call
from scf.chain.models import ChainCommand, ChainEvent, CommandState
from scf.core import clock
from scf.core.errors import Conflict

UNSENT = (CommandState.QUEUED, CommandState.BLOCKED)
DONE_BEFORE = "already_executed"  # what the sender, too, says of a call that others relayed
OVERTAKEN = "overtaken"


@transaction.atomic
def enqueue(call: Call, *, key: str, queue: str, deal_id: UUID | None = None) -> ChainCommand:
    """Write down a call for the sender; it leaves after everything enqueued before it in the same
    queue.

    ``key`` is ``purpose:id``: the same key again answers with the first command, and raises
    Conflict(duplicate_key) when the call differs. ``queue`` is the agreement id or the wallet,
    ``0x…``. The caller holds the lock of the deal, so that the order in a queue is the order of
    the acts. Raises ValueError when the contract has no such function or an argument does not
    fit.
    """
    check_call(call)
    given: dict[str, Any] = {"queue": queue.lower(), "deal_id": deal_id}
    given |= {"contract": call.contract, "function": call.function, "args": call.args}
    command, created = ChainCommand.objects.get_or_create(key=key, defaults=given)
    if created:
        doorbell.ring(doorbell.COMMANDS)
    elif any(getattr(command, name) != value for name, value in given.items()):
        raise Conflict(_("同一编号 %(key)s 已用于另一项链上操作"), code="duplicate_key", key=key)
    return command


@transaction.atomic
def close_command(key: str, *, tx_hash: str) -> bool:
    """Close a call that has not left yet as done: the chain told its effect by the transaction of
    somebody else. False when it has left or there is none. The caller holds the lock of the deal.
    """
    event = ChainEvent.objects.filter(tx_hash=tx_hash).first()
    unsent = ChainCommand.objects.filter(key=key, state__in=UNSENT)
    closed = unsent.update(
        state=CommandState.MINED,
        error=DONE_BEFORE,
        error_details={},
        mined_at=clock.now(),
        tx_hash=tx_hash,
        block_number=event.block_number if event else None,
        block_hash=event.block_hash if event else "",
    )
    if closed:
        doorbell.ring(doorbell.COMMANDS)
    return bool(closed)


@transaction.atomic
def drop_command(key: str, *, error: str) -> bool:
    """Take a call that has not left yet out of its queue as failed, for a reason of ERROR_WORDS.

    Fact ``chain.CommandFailed``. False when it has left or there is none: then the chain answers.
    The caller holds the lock of the deal.
    """
    unsent = ChainCommand.objects.select_for_update().filter(key=key, state__in=UNSENT)
    command = unsent.first()
    if command is None:
        return False
    command.error, command.error_details = error, {}
    command.save(update_fields=["error", "error_details"])
    doorbell.ring(doorbell.COMMANDS)
    return fail_command(command, sources=UNSENT)
