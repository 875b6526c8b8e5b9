"""Events on their way into the database: one COPY for a window, nothing twice."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Q
from psycopg.errors import UniqueViolation

from scf.chain.models import ChainEvent

COPY = """
    COPY chain_chainevent (
        id, name, contract, reference, args, block_number, block_hash, block_time, log_index,
        tx_hash, error, attempts
    ) FROM STDIN
"""
PART = 500  # rows written at once


class EventRow(NamedTuple):
    """What a contract of ours said in one log, read but not stored."""

    id: str  # a UUID's 32 digits
    name: str
    contract: str
    reference: str
    args: str  # as JSON
    block_number: int
    block_hash: str
    block_time: datetime
    log_index: int
    tx_hash: str


def save_events(rows: Callable[[], Iterable[EventRow]]) -> None:
    """Store the events that are not stored yet. The caller holds the lock of the indexer.

    ``rows`` reads them, anew each time it is called: the database stores the first of them while
    the next are read.
    """
    try:
        with transaction.atomic():
            _copy(rows())
    except UniqueViolation:
        # Rare: an event that was applied moved with its act to a block that is read only now.
        _copy(_unknown(list(rows())))


def _unknown(rows: Sequence[EventRow]) -> list[EventRow]:
    here = Q(block_hash__in={each.block_hash for each in rows}) | Q(
        id__in=[each.id for each in rows]
    )
    known = set(ChainEvent.objects.filter(here).values_list("block_hash", "log_index", "id"))
    ids, places = {each[2].hex for each in known}, {each[:2] for each in known}
    return [
        each
        for each in rows
        if each.id not in ids and (each.block_hash, each.log_index) not in places
    ]


def _copy(rows: Iterable[EventRow]) -> None:
    waiting = iter(rows)
    with connection.cursor() as sql, sql.copy(COPY) as copy:
        while part := list(islice(waiting, PART)):
            copy.write("".join([_line(each) for each in part]))


def _line(row: EventRow) -> str:
    # The values are our own names, numbers and hexadecimal texts; only a text inside the arguments
    # can hold a backslash, as JSON writes it. A tab or a line end JSON never leaves as it is.
    args = row.args.replace("\\", "\\\\")
    return (
        f"{row.id}\t{row.name}\t{row.contract}\t{row.reference}\t{args}\t{row.block_number}\t"
        f"{row.block_hash}\t{_moment(row.block_time)}\t{row.log_index}\t{row.tx_hash}\t\t0\n"
    )


@lru_cache(maxsize=256)
def _moment(time: datetime) -> str:
    return time.isoformat()
