"""When everything asked of the chain has come to rest, and the clock of the demo chain."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from scf.chain.models import (
    ChainCommand,
    ChainEvent,
    ChainParty,
    CommandState,
    SignatureRequest,
    SignatureState,
)
from scf.chain.node import Node
from scf.core.errors import RuleBroken, Unavailable

LOOK_AGAIN = 0.2  # seconds between two looks
LOOKS = 2  # how often nothing must be under way, one after the other


@dataclass(frozen=True)
class Moving:
    """What will move by itself: signatures asked for, calls to be made, events to be applied,
    parties that the signer is still to give a key.

    What is blocked, could not be applied or could not be told waits for persons, and what queues
    behind it waits too.
    """

    signatures: int
    commands: int
    events: int
    parties: int = 0

    def __bool__(self) -> bool:
        return bool(self.signatures or self.commands or self.events or self.parties)


def what_moves() -> Moving:
    """What is under way towards the chain or back from it."""
    commands = ChainCommand.objects
    waits = Q(state=CommandState.BLOCKED) | ~Q(untold_error="")
    blocked = commands.filter(waits).values("queue")
    sent = commands.filter(state=CommandState.SENT, untold_error="")
    queued = commands.filter(state=CommandState.QUEUED).exclude(queue__in=blocked)
    events = ChainEvent.objects.filter(applied_at__isnull=True)
    held = events.exclude(error="").values("reference")
    return Moving(
        signatures=SignatureRequest.objects.filter(state=SignatureState.WAITING).count(),
        commands=queued.count() + sent.count(),
        events=events.filter(error="").exclude(reference__in=held).count(),
        parties=ChainParty.objects.filter(key_address="").count(),
    )


def is_anything_open() -> bool:
    """Whether anything at all was asked of the chain, or told by it, and is not done yet: one
    question, also yes for what waits for persons.
    """
    open_rows = (
        SignatureRequest.objects.filter(state=SignatureState.WAITING),
        ChainCommand.objects.exclude(state__in=(CommandState.MINED, CommandState.FAILED)),
        ChainParty.objects.filter(registered_at=None),
        ChainEvent.objects.filter(applied_at__isnull=True),
    )
    first, *others = (rows.order_by().values(is_open=Value(1)) for rows in open_rows)
    return bool(first.union(*others, all=True).exists())


def wait_for_rest(
    *, seconds: float, pause: Callable[[float], None] = time.sleep, each: float = LOOK_AGAIN
) -> None:
    """Wait until the background processes have nothing left to do, ``seconds`` at most.

    Raises Unavailable(chain_not_at_rest) saying what still moves.
    """
    quiet = 0
    moving = what_moves()
    for _look in range(max(1, int(seconds / each))):
        moving = what_moves()
        quiet = 0 if moving else quiet + 1
        if quiet >= LOOKS:
            return
        pause(each)
    raise Unavailable(
        _(
            "链上操作在 %(seconds)s 秒内未全部完成：待签名 %(signatures)s，待上链 %(commands)s，"
            "待入账 %(events)s"
        ),
        code="chain_not_at_rest",
        seconds=int(seconds),
        signatures=moving.signatures,
        commands=moving.commands,
        events=moving.events,
    )


def move_time(node: Node, *, to: datetime) -> bool:
    """Move the demo chain's clock forward to a moment and make one block there; False when it is
    past it already.

    Raises RuleBroken(chain_not_driven) for any chain but the demo's: its clock is nobody's to move.
    """
    if node.chain_id != settings.DEMO_CHAIN_ID:
        raise RuleBroken(_("只有演示链可以拨动时钟"), code="chain_not_driven")
    seconds = int(to.timestamp())
    if node.next_time() >= seconds:
        return False
    node.set_next_time(seconds)
    node.mine(1)
    return True
