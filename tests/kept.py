"""A world that many tests begin with, lived once in a process and put back for each of them.

To deploy the contracts and open the wallets takes a second or two on a real chain. What came of it
is kept: the chain by its own snapshot, the rows as COPY's text, keys and papers as files. A test
that asks for the same world gets them as they were, on the same real chain and in its own
transaction.
"""

import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.core.cache import cache
from django.db import connection, transaction

from scf.parties.models import Organization
from scf.runtime import jsonrpc
from scf.runtime.anvil import Anvil

# What is cached is no part of a world: it is forgotten, not put back.
TABLES = """
    SELECT quote_ident(relname) FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'portals_cache'
    ORDER BY relname
"""
IS_SUPERUSER = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"

Live = Callable[[Anvil], object]


@dataclass
class World:
    """One world on a chain of its own, and how it looked when it had been lived."""

    chain: Anvil
    process: subprocess.Popen[bytes]
    snapshot: str
    ends_at: int  # the time of its last block
    rows: dict[str, bytes]
    emptied: list[str]  # tables that held other rows before the world was lived
    files: dict[Path, bytes]

    def put_back(self, folder: Path) -> bool:
        """Chain, rows and files as they were; False when the chain ended or lost its snapshot."""
        if self.process.poll() is not None:
            return False
        if not jsonrpc.call(self.chain.url, "evm_revert", self.snapshot):
            return False
        jsonrpc.call(self.chain.url, "anvil_dropAllTransactions")
        self.snapshot = str(jsonrpc.call(self.chain.url, "evm_snapshot"))
        if self.chain.timestamp is None and (now := int(time.time())) > self.ends_at:
            # A chain of today goes by the clock on the wall, also after a way back.
            jsonrpc.call(self.chain.url, "evm_setNextBlockTimestamp", now)
        _write_rows(self.rows, self.emptied)
        for name, content in self.files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        return True


class Worlds:
    """The worlds of one process of the tests, by name."""

    def __init__(self, start: Callable[..., tuple[Anvil, subprocess.Popen[bytes]]]) -> None:
        self._start = start
        self._kept: dict[str, World] = {}

    def begin(self, name: str, live: Live, *, folder: Path, timestamp: int | None = None) -> Anvil:
        """The chain of a world on which ``live(chain)`` has happened, its files below ``folder``.

        Raises AssertionError when there are rows of the test already: a world comes first.
        """
        if Organization.objects.exists():
            raise AssertionError(f"the world {name} comes before the rows of the test")
        kept = self._kept.get(name)
        if kept is None or not kept.put_back(folder):
            kept = self._live(live, folder, timestamp)
            if _is_superuser():
                self._kept[name] = kept
        # The same persons come back: the codes they typed before are not taken yet.
        cache.clear()
        return kept.chain

    def _live(self, live: Live, folder: Path, timestamp: int | None) -> World:
        before = dict(_read_rows())
        chain, process = self._start(timestamp=timestamp)
        live(chain)
        rows = {table: text for table, text in _read_rows() if before.get(table) != text}
        snapshot = str(jsonrpc.call(chain.url, "evm_snapshot"))
        emptied = [table for table in rows if before.get(table)]
        last = jsonrpc.call(chain.url, "eth_getBlockByNumber", "latest", False)
        ends_at = int(last["timestamp"], 16)
        return World(chain, process, snapshot, ends_at, rows, emptied, _read_files(folder))


def _is_superuser() -> bool:
    """Only such a role may write rows behind the triggers that guard their history."""
    with connection.cursor() as sql:
        sql.execute(IS_SUPERUSER)
        return bool(sql.fetchone()[0])


def _read_files(folder: Path) -> dict[Path, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder): path.read_bytes() for path in files}


def _read_rows() -> Iterator[tuple[str, bytes]]:
    with connection.cursor() as sql:
        sql.execute(TABLES)
        for (table,) in sql.fetchall():
            with sql.copy(f"COPY {table} TO STDOUT") as copy:
                if text := b"".join(copy):
                    yield table, text


@transaction.atomic
def _write_rows(rows: dict[str, bytes], emptied: list[str]) -> None:
    with connection.cursor() as sql:
        sql.execute("SET LOCAL session_replication_role = replica")
        for table in emptied:
            sql.execute(f"DELETE FROM {table}")
        for table, text in rows.items():
            with sql.copy(f"COPY {table} FROM STDIN") as copy:
                copy.write(text)
        sql.execute("SET LOCAL session_replication_role = DEFAULT")
