"""What became of our commands: the receipts of the blocks that hold them."""

import json
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from scf.chain.answers import Header, Receipt
from scf.chain.contracts import addresses
from scf.chain.models import ChainCommand, CommandState
from scf.chain.node import Node
from scf.chain.refusals import Refusal, read_refusal
from scf.chain.sender import DONE, call_of
from scf.core import clock
from scf.core.errors import Unavailable

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


class Mined(NamedTuple):
    """A command of ours in a block, and why the contract refused it if it did."""

    command_id: UUID
    header: Header
    receipt: Receipt
    refusal: Refusal | None


def read_mined(node: Node, headers: list[Header]) -> list[Mined]:
    """Our commands in these blocks with their receipts; for a revert also the reason, by a
    replay.

    Raises Unavailable when the node does not know a receipt of a block it told.
    """
    block_of = {tx_hash: header for header in headers for tx_hash in header.tx_hashes}
    # What is on its way is far less than what strangers put into these blocks.
    sent = ChainCommand.objects.exclude(state__in=DONE).filter(state=CommandState.SENT)
    commands = {
        tx_hash: pk
        for pk, tried in sent.values_list("pk", "tx_hashes")
        for tx_hash in tried
        if tx_hash in block_of
    }
    ours = list({block_of[tx_hash].hash: block_of[tx_hash] for tx_hash in commands}.values())
    found = [
        (commands[receipt.tx_hash], header, receipt)
        for header, receipts in zip(ours, node.receipts(ours), strict=True)
        for receipt in receipts
        if receipt.tx_hash in commands
    ]
    if len(found) != len(commands):
        raise Unavailable(_("区块链节点的应答不完整"), code="node_inconsistent")
    return [
        Mined(pk, header, receipt, None if receipt.is_success else _reason(node, pk, header))
        for pk, header, receipt in found
    ]


def _reason(node: Node, pk: UUID, header: Header) -> Refusal:
    command = ChainCommand.objects.get(pk=pk)
    sender = command.sender_id or ""
    answer = node.replay(*call_of(command, addresses()), sender=sender, block=header.number)
    return read_refusal(answer.data) if answer.is_revert else Refusal("reverted")


def save_mined(mined: Sequence[Mined]) -> None:
    """Keep what became of these commands. The caller holds the lock of the indexer."""
    # A reverted command stays `sent` until that is final: only then does it fail, with a fact.
    rows = [
        (
            command_id,
            CommandState.SENT if refusal else CommandState.MINED,
            receipt.tx_hash,
            header.number,
            header.hash,
            clock.from_timestamp(header.time),
            refusal is not None,
            refusal.code if refusal else "",
            json.dumps(dict(refusal.details) if refusal else {}),
        )
        for command_id, header, receipt, refusal in mined
    ]
    if rows:
        with connection.cursor() as sql:
            sql.execute(SAVE_MINED, [list(column) for column in zip(*rows, strict=True)])
