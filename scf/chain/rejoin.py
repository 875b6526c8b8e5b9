"""After blocks that counted as final were replaced (ChainRewritten): compare, then rejoin.

Nothing here moves money or undoes it. What was applied is looked for on the chain as it is now.
Only when the chain tells every applied act again, on the same day, are the events pointed to their
new places and the reading goes on. An act that the chain does not tell any more is sent again
first, the very bytes that were signed; one that nobody can send again stays for persons, and so
does the stop.
"""

import json
import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from scf.chain import doorbell
from scf.chain.indexer import LOCK, WINDOW, check_genesis, forget_after, read_events
from scf.chain.models import Block, ChainCommand, ChainEvent
from scf.chain.node import Node
from scf.core import clock
from scf.core.actor import Actor
from scf.core.errors import Conflict, Forbidden, NotPermitted, OnePersonTwice, Unavailable
from scf.workflow import facts

REPAIR, APPROVE = "chain:repair", "chain:repair_approve"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Applied:
    """An event that is booked, and the same act as the chain tells it now; None when silent."""

    event: ChainEvent
    now: ChainEvent | None

    @property
    def amount_minor(self) -> int | None:
        """The money it moved, in fen, when it names an amount."""
        amount = self.event.args.get("amount")
        return amount if isinstance(amount, int) else None


@dataclass(frozen=True)
class Rewrite:
    """Where our blocks and the node's part, and what had been applied above that block."""

    fork: int
    known: int
    head: int
    applied: tuple[Applied, ...]
    unapplied: int

    @property
    def missing(self) -> list[Applied]:
        """What is booked and is not final on the chain any more."""
        return [each for each in self.applied if each.now is None]


def compare_chain(node: Node) -> Rewrite | None:
    """What was replaced; None when every block we know is still the node's. Changes nothing.

    Raises WrongChain for another chain altogether, Unavailable when the node is silent, behind or
    changes its mind.
    """
    check_genesis(node)
    head, newest = node.head(), Block.objects.order_by("-number").first()
    if newest is None:
        return None
    fork = _fork(node, newest.number, head)
    if fork == newest.number:
        return None
    final = head - settings.CHAIN_CONFIRMATIONS
    there = _by_act(_events(node, fork + 1, final))
    booked = ChainEvent.objects.filter(block_number__gt=fork)
    applied = [
        Applied(event, _take(there, event))
        for event in booked.filter(applied_at__isnull=False).order_by("block_number", "log_index")
    ]
    waiting = booked.filter(applied_at__isnull=True).count()
    return Rewrite(fork, newest.number, head, tuple(applied), waiting)


def send_replaced(node: Node, rewrite: Rewrite) -> int:
    """Send again what was mined in replaced blocks, the very bytes; returns how many.

    Safe to repeat: each is the same transaction with the same nonce, and the contracts carry out an
    instruction once.
    """
    mined = ChainCommand.objects.filter(block_number__gt=rewrite.fork, raw_tx__isnull=False)
    commands = list(mined.order_by("nonce"))
    refusals = node.broadcast([bytes(each.raw_tx or b"") for each in commands])
    for command, refusal in zip(commands, refusals, strict=True):
        if refusal:
            log.warning("broadcast_refused", extra={"command": command.key, "reason": refusal})
    return len(commands)


@transaction.atomic
def rejoin_chain(node: Node, *, by: Actor, approved_by: Actor) -> Rewrite:
    """Point what was applied to its new places and let the reading go on from the fork.

    Two persons: one with ``chain:repair``, another with ``chain:repair_approve``. No event is
    applied twice and none is undone; each move leaves a fact. Raises Forbidden (``four_eyes`` for
    one person alone), Conflict(``acts_missing``) while the chain lacks an applied act, Conflict
    (``wrong_state``) when nothing was replaced.
    """
    _check_persons(by, approved_by)
    with connection.cursor() as sql:
        sql.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    rewrite = compare_chain(node)
    if rewrite is None:
        raise Conflict(_("区块未被替换，无需处理"), code="wrong_state")
    if rewrite.missing:
        raise Conflict(
            _("链上缺少 %(count)s 项已入账的操作，不能继续"),
            code="acts_missing",
            count=len(rewrite.missing),
        )
    for each in rewrite.applied:
        _move(each, by=by, approved_by=approved_by)
    forget_after(rewrite.fork)
    doorbell.ring(doorbell.EVENTS)
    log.warning("chain_rejoined", extra={"from": rewrite.fork, "events": len(rewrite.applied)})
    return rewrite


def _check_persons(by: Actor, approved_by: Actor) -> None:
    for actor, permission in ((by, REPAIR), (approved_by, APPROVE)):
        if actor.person_id is None:
            raise Forbidden(_("此操作须由本人发起"), code="person_needed")
        if not actor.can(permission):
            raise NotPermitted(permission)
    if by.person_id == approved_by.person_id:
        raise OnePersonTwice


def _fork(node: Node, newest: int, head: int) -> int:
    """The highest block that we and the node have in common."""
    top = min(newest, head)
    while top >= 0:
        first = max(top - WINDOW + 1, 0)
        known = dict(Block.objects.filter(number__range=(first, top)).values_list("number", "hash"))
        if not known:
            break
        there = node.headers(min(known), top)
        same = [each.number for each in there if known.get(each.number) == each.hash]
        if same:
            return max(same)
        top = min(known) - 1
    raise Unavailable(_("区块链节点与本系统没有共同的区块"), code="node_inconsistent")


def _events(node: Node, first: int, last: int) -> Iterator[ChainEvent]:
    for start in range(first, last + 1, WINDOW):
        yield from read_events(node, node.headers(start, min(start + WINDOW - 1, last)))


def _by_act(events: Iterator[ChainEvent]) -> dict[tuple[str, ...], list[ChainEvent]]:
    found = defaultdict(list)
    for event in events:
        found[_act(event)].append(event)
    return found


def _act(event: ChainEvent) -> tuple[str, ...]:
    # The value date belongs to it: an act of another day was booked with other interest (K4).
    said = json.dumps(event.args, sort_keys=True, default=str)
    day = clock.shanghai_date(event.block_time).isoformat()
    return (event.contract, event.name, said, day)


def _take(there: dict[tuple[str, ...], list[ChainEvent]], event: ChainEvent) -> ChainEvent | None:
    same: Sequence[ChainEvent] = there.get(_act(event), [])
    return there[_act(event)].pop(0) if same else None


def _move(applied: Applied, *, by: Actor, approved_by: Actor) -> None:
    event, now = applied.event, applied.now
    assert now is not None
    # The block scanned later holds the same log: block hash and index say that it is known.
    ChainEvent.objects.filter(pk=event.pk).update(
        block_number=now.block_number, block_hash=now.block_hash, block_time=now.block_time,
        log_index=now.log_index, tx_hash=now.tx_hash,
    )  # fmt: skip
    facts.record(
        "chain.EventMoved", event, by=by, approved_by=str(approved_by.person_id),
        approved_by_name=approved_by.name, event_name=event.name,
        from_block=event.block_number, from_hash=event.block_hash,
        to_block=now.block_number, to_hash=now.block_hash, tx_hash=now.tx_hash,
    )  # fmt: skip
