"""The outbox: a contract call that is to be made exactly once, in the order of its queue."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.chain import doorbell
from scf.chain.calls import Call
from scf.chain.contracts import check_call
from scf.chain.models import ChainCommand
from scf.core.errors import Conflict


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
