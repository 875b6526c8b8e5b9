"""Reads the chain into rows: blocks, the events of our contracts, what became of our commands.

Scanning twice stores once. A block whose parent is not the one we know means a reorg: what was read
from the replaced blocks and not applied is dropped, and what we sent in them is sent again.
"""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from scf.chain import doorbell
from scf.chain.answers import Header, Log, Receipt
from scf.chain.contracts import addresses, decode_log, events_of, kind_of, reference_of
from scf.chain.event_rows import EventRow, save_events
from scf.chain.faults import ChainRewritten, WrongChain
from scf.chain.models import Block, ChainCommand, ChainEvent, ChainHead, CommandState, Contract
from scf.chain.node import Node
from scf.chain.refusals import Refusal, read_refusal
from scf.chain.sender import DONE, call_of
from scf.core import clock
from scf.core.errors import Unavailable
from scf.core.ids import named_id

WINDOW = 200
SIGN_OF_LIFE = timedelta(seconds=5)
LOCK = 7_202_601  # the advisory lock of the one indexer that stores
SAVE_MINED = """
    UPDATE chain_chaincommand AS c
    SET state = v.state, tx_hash = v.tx_hash, block_number = v.number, block_hash = v.block,
        mined_at = v.mined_at, is_reverted = v.is_reverted, error = v.error,
        error_details = v.details::jsonb
    FROM unnest(
        %s::uuid[], %s::text[], %s::text[], %s::bigint[], %s::text[], %s::timestamptz[],
        %s::boolean[], %s::text[], %s::text[]
    ) AS v (id, state, tx_hash, number, block, mined_at, is_reverted, error, details)
    WHERE c.id = v.id
"""
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Window:
    """What the node said about some blocks, complete and consistent in itself."""

    headers: list[Header]
    events: list[EventRow]
    mined: list[tuple[ChainCommand, Header, Receipt, Refusal | None]]


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
    return Window(headers, _read_rows(node, headers), _read_mined(node, headers))


def read_events(node: Node, headers: list[Header]) -> list[ChainEvent]:
    """The events of our contracts in these blocks, in the chain's order, not stored.

    Raises Unavailable when the chain turned while it was asked.
    """
    return [ChainEvent(**each._asdict()) for each in _read_rows(node, headers)]


def _read_rows(node: Node, headers: list[Header]) -> list[EventRow]:
    contracts = {each.address: each for each in Contract.objects.filter(chain_id=settings.CHAIN_ID)}
    logs = node.logs(headers[0].number, headers[-1].number, addresses=list(contracts))
    by_hash = {each.hash: each for each in headers}
    if any(each.block_hash not in by_hash for each in logs):
        # The chain turned while it was asked; the next round sees it whole.
        raise Unavailable(_("区块链节点的区块前后不连贯"), code="node_inconsistent")
    events = [_event(each, contracts[each.address], by_hash[each.block_hash]) for each in logs]
    return [each for each in events if each]


def _event(entry: Log, contract: Contract, header: Header) -> EventRow | None:
    kind = events_of(kind_of(contract.name)).get(entry.topics[0]) if entry.topics else None
    if kind is None:
        return None
    args = decode_log(kind, entry.topics, entry.data)
    return EventRow(
        id=named_id(header.hash, entry.index),
        name=kind.name,
        contract=contract.name,
        reference=reference_of(args),
        args=args,
        block_number=header.number,
        block_hash=header.hash,
        block_time=clock.from_timestamp(header.time),
        log_index=entry.index,
        tx_hash=entry.tx_hash,
    )


def _read_mined(
    node: Node, headers: list[Header]
) -> list[tuple[ChainCommand, Header, Receipt, Refusal | None]]:
    """Our commands in these blocks with their receipts; for a revert also the reason, by a
    replay.
    """
    block_of = {tx_hash: header for header in headers for tx_hash in header.tx_hashes}
    # What is on its way is far less than what strangers put into these blocks.
    sent = ChainCommand.objects.exclude(state__in=DONE).filter(state=CommandState.SENT)
    hashes = sent.values_list("pk", "tx_hashes")
    here = [pk for pk, tried in hashes if not block_of.keys().isdisjoint(tried)]
    found_here = ChainCommand.objects.filter(pk__in=here)
    commands = {
        tx_hash: each for each in found_here for tx_hash in each.tx_hashes if tx_hash in block_of
    }
    ours = list({block_of[tx_hash].hash: block_of[tx_hash] for tx_hash in commands}.values())
    found = []
    for header, receipts in zip(ours, node.receipts(ours), strict=True):
        for receipt in receipts:
            if command := commands.get(receipt.tx_hash):
                refusal = None if receipt.is_success else _reason(node, command, header)
                found.append((command, header, receipt, refusal))
    if len(found) != len(commands):
        raise Unavailable(_("区块链节点的应答不完整"), code="node_inconsistent")
    return found


def _reason(node: Node, command: ChainCommand, header: Header) -> Refusal:
    sender = command.sender_id or ""
    answer = node.replay(*call_of(command, addresses()), sender=sender, block=header.number)
    return read_refusal(answer.data) if answer.is_revert else Refusal("reverted")


@transaction.atomic
def _store(cursor: Block, window: Window) -> int:
    with connection.cursor() as sql:
        sql.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    newest = Block.objects.order_by("-number").first()
    if newest is None or newest.hash != cursor.hash:
        return 0  # another indexer was faster
    Block.objects.bulk_create([_block(each) for each in window.headers])
    save_events(window.events)
    _save_mined(window)
    doorbell.ring(doorbell.EVENTS)
    if window.mined:
        doorbell.ring(doorbell.COMMANDS)
    return len(window.headers)


def _save_mined(window: Window) -> None:
    # A reverted command stays `sent` until that is final: only then does it fail, with a fact.
    rows = [
        (
            command.pk,
            CommandState.SENT if refusal else CommandState.MINED,
            receipt.tx_hash,
            header.number,
            header.hash,
            clock.from_timestamp(header.time),
            refusal is not None,
            refusal.code if refusal else "",
            json.dumps(dict(refusal.details) if refusal else {}),
        )
        for command, header, receipt, refusal in window.mined
    ]
    if rows:
        with connection.cursor() as sql:
            sql.execute(SAVE_MINED, [list(column) for column in zip(*rows, strict=True)])


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
