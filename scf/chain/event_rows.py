"""Events on their way into the database: one COPY for a window, nothing twice."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Q

from scf.chain.models import ChainEvent

COPY = """
    COPY chain_chainevent (
        id, name, contract, reference, args, block_number, block_hash, block_time, log_index,
        tx_hash, error, attempts
    ) FROM STDIN
"""


class EventRow(NamedTuple):
    """What a contract of ours said in one log, read but not stored."""

    id: UUID
    name: str
    contract: str
    reference: str
    args: dict[str, Any]
    block_number: int
    block_hash: str
    block_time: datetime
    log_index: int
    tx_hash: str


def save_events(rows: Sequence[EventRow]) -> None:
    """Store the events that are not stored yet. The caller holds the lock of the indexer."""
    if not rows:
        return
    here = Q(block_hash__in={each.block_hash for each in rows}) | Q(
        id__in=[each.id for each in rows]
    )
    known = set(ChainEvent.objects.filter(here).values_list("block_hash", "log_index", "id"))
    ids, places = {each[2] for each in known}, {each[:2] for each in known}
    lines = [
        _line(each)
        for each in rows
        if each.id not in ids and (each.block_hash, each.log_index) not in places
    ]
    with connection.cursor() as sql, sql.copy(COPY) as copy:
        copy.write("".join(lines))


def _line(row: EventRow) -> str:
    # The values are our own names, numbers and hexadecimal texts; only a text inside the arguments
    # can hold a backslash, as JSON writes it. A tab or a line end JSON never leaves as it is.
    args = json.dumps(row.args).replace("\\", "\\\\")
    return (
        f"{row.id}\t{row.name}\t{row.contract}\t{row.reference}\t{args}\t{row.block_number}\t"
        f"{row.block_hash}\t{row.block_time.isoformat()}\t{row.log_index}\t{row.tx_hash}\t\t0\n"
    )
