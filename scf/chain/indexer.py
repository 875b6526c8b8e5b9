"""Reads the chain into rows: blocks, the events of our contracts, what became of our commands.

Scanning twice stores once. A block whose parent is not the one we know means a reorg: what was read
from the replaced blocks and not applied is dropped, and what we sent in them is sent again.
"""

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from scf.chain import doorbell
from scf.chain.answers import Header, Log
from scf.chain.contracts import (
    EventKind,
    decode_log,
    events_of,
    kind_of,
    reference_of,
)
from scf.chain.event_rows import EventRow, save_events
from scf.chain.faults import ChainRewritten, WrongChain
from scf.chain.models import Block, ChainCommand, ChainEvent, ChainHead, CommandState, Contract
from scf.chain.node import Node
from scf.chain.outcomes import Mined, read_mined, save_mined
from scf.core import clock
from scf.core.errors import Unavailable
from scf.core.ids import named_digits

WINDOW = 200
SIGN_OF_LIFE = timedelta(seconds=5)
LOCK = 7_202_601  # the advisory lock of the one indexer that stores
log = logging.getLogger(__name__)


Kinds = Mapping[str, tuple[str, Mapping[str, EventKind]]]  # by address: name, events by topic


@dataclass(frozen=True)
class Window:
    """What the node said about some blocks, complete and consistent in itself."""

    headers: list[Header]
    logs: list[Log]
    contracts: Kinds
    mined: list[Mined]


def scan(node: Node, *, limit: int = WINDOW) -> int:
    """Read the next blocks after the last one known; returns how many were stored, 0 when there
    are none.

    Raises ChainRewritten when more blocks than CHAIN_CONFIRMATIONS were replaced, WrongChain for
    a node of another chain, Unavailable when the node is silent, behind, or changes its mind
    while asked.
    """
    cursor = Block.objects.order_by("-number").first() or _begin(node)
    if cursor is None:
        return 0  # nothing of ours is deployed yet
    head = node.head()
    note_head(head)
    if head < cursor.number:
        return _rewind(node, cursor, head)
    known = node.headers(cursor.number, min(head, cursor.number + limit))
    if known[0].hash != cursor.hash:
        return _rewind(node, cursor, head)
    headers = known[1:]
    if not headers:
        return 0
    _check_links(known)
    return _store(cursor, _read(node, headers))


def check_genesis(node: Node) -> None:
    """Raise WrongChain when the node's chain id or first block is not the one this installation
    knows.
    """
    genesis = node.check_chain()
    known = Block.objects.filter(number=0).first()
    if known and known.hash != genesis:
        raise WrongChain(f"the chain begins with {genesis}, this installation knows {known.hash}")


def note_head(number: int) -> None:
    """Keep how far the node is, so that pages can say how far behind we are without asking it."""
    # Written when it moved, or every few seconds as a sign of life.
    known = ChainHead.objects.filter(pk=1, number=number, seen_at__gt=clock.now() - SIGN_OF_LIFE)
    if not known.exists():
        seen = {"number": number, "seen_at": clock.now()}
        ChainHead.objects.update_or_create(pk=1, defaults=seen)


def _begin(node: Node) -> Block | None:
    """The block before our first contract; the genesis block is kept as well, to know the chain
    by.
    """
    first = Contract.objects.filter(chain_id=settings.CHAIN_ID).order_by("block_number").first()
    if first is None:
        return None
    check_genesis(node)
    start = max(first.block_number - 1, 0)
    rows = [_block(node.headers(number, number)[0]) for number in sorted({0, start})]
    Block.objects.bulk_create(rows, ignore_conflicts=True)  # another indexer may begin as well
    return Block.objects.order_by("-number").first()


def _block(header: Header) -> Block:
    return Block(
        number=header.number,
        hash=header.hash,
        parent=header.parent,
        time=clock.from_timestamp(header.time),
    )


def _check_links(headers: Sequence[Header]) -> None:
    for parent, child in pairwise(headers):
        if child.parent != parent.hash:
            raise Unavailable(_("区块链节点的区块前后不连贯"), code="node_inconsistent")


def _read(node: Node, headers: list[Header]) -> Window:
    contracts = _contracts()
    return Window(
        headers, _read_logs(node, headers, contracts), contracts, read_mined(node, headers)
    )


def read_events(node: Node, headers: list[Header]) -> list[ChainEvent]:
    """The events of our contracts in these blocks, in the chain's order, not stored.

    Raises Unavailable when the chain turned while it was asked.
    """
    contracts = _contracts()
    rows = _rows(headers, _read_logs(node, headers, contracts), contracts)
    return [
        ChainEvent(**each._asdict() | {"id": UUID(each.id), "args": json.loads(each.args)})
        for each in rows
    ]


def _contracts() -> Kinds:
    rows = Contract.objects.filter(chain_id=settings.CHAIN_ID)
    return {each.address: (each.name, events_of(kind_of(each.name))) for each in rows}


def _read_logs(node: Node, headers: list[Header], contracts: Kinds) -> list[Log]:
    logs = node.logs(headers[0].number, headers[-1].number, addresses=list(contracts))
    if not {each.hash for each in headers} >= {each.block_hash for each in logs}:
        # The chain turned while it was asked; the next round sees it whole.
        raise Unavailable(_("区块链节点的区块前后不连贯"), code="node_inconsistent")
    return logs


def _rows(headers: list[Header], logs: list[Log], contracts: Kinds) -> Iterator[EventRow]:
    places = {each.hash: (each.number, clock.from_timestamp(each.time)) for each in headers}
    for each in logs:
        if row := _event(each, *contracts[each.address], *places[each.block_hash]):
            yield row


def _event(
    entry: Log, contract: str, kinds: Mapping[str, EventKind], number: int, time: datetime
) -> EventRow | None:
    kind = kinds.get(entry.topics[0]) if entry.topics else None
    if kind is None:
        return None
    args = decode_log(kind, entry.topics, entry.data)
    return EventRow(
        named_digits(f"{entry.block_hash}/{entry.log_index}"),
        kind.name,
        contract,
        reference_of(kind, args),
        kind.write(args),
        number,
        entry.block_hash,
        time,
        entry.log_index,
        entry.tx_hash,
    )


@transaction.atomic
def _store(cursor: Block, window: Window) -> int:
    with connection.cursor() as sql:
        sql.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    newest = Block.objects.order_by("-number").first()
    if newest is None or newest.hash != cursor.hash:
        return 0  # another indexer was faster
    Block.objects.bulk_create([_block(each) for each in window.headers])
    if window.logs:
        save_events(partial(_rows, window.headers, window.logs, window.contracts))
    save_mined(window.mined)
    doorbell.ring(doorbell.EVENTS)
    if window.mined:
        doorbell.ring(doorbell.COMMANDS)
    return len(window.headers)


def _rewind(node: Node, cursor: Block, head: int) -> int:
    """Drop what was read from replaced blocks; refuses to touch what counted as final."""
    final = max(cursor.number - settings.CHAIN_CONFIRMATIONS, 0)
    if head < final:
        raise Unavailable(_("区块链节点落后于已确认的区块"), code="node_behind")
    known = {each.number: each.hash for each in Block.objects.filter(number__gte=final)}
    there = {each.number: each.hash for each in node.headers(final, min(head, cursor.number))}
    same = [number for number, hash_ in there.items() if known.get(number) == hash_]
    if not same:
        log.critical(
            "chain_rewritten",
            extra={"block": final, "known": known.get(final), "found": there[final]},
        )
        raise ChainRewritten(f"block {final} counted as final and was replaced")
    log.warning("chain_rewound", extra={"from": cursor.number, "to": max(same)})
    _drop_after(max(same))
    return 0


@transaction.atomic
def _drop_after(number: int) -> None:
    applied = ChainEvent.objects.filter(block_number__gt=number, applied_at__isnull=False)
    if applied.exists():
        raise ChainRewritten(
            f"an event after block {number} was applied and its block was replaced"
        )
    forget_after(number)


def forget_after(number: int) -> None:
    """Drop what was read after this block and not applied; commands mined there are sent again."""
    ChainEvent.objects.filter(block_number__gt=number, applied_at__isnull=True).delete()
    commands = ChainCommand.objects.filter(block_number__gt=number).exclude(
        state=CommandState.FAILED
    )
    # The same bytes go out again; whatever had succeeded or failed there has not happened.
    commands.exclude(raw_tx=None).update(
        state=CommandState.SENT, block_number=None, block_hash="", is_reverted=False,
        error="", error_details={}, mined_at=None, broadcast_at=None, untold_error="",
        untold_retry_at=None,
    )  # fmt: skip
    Block.objects.filter(number__gt=number).delete()
    doorbell.ring(doorbell.COMMANDS)
