"""Everything a stack cannot make again, in one file, and back: database, documents, and of an
embedded stack also its chain and the demo keys.

The database is dumped from one snapshot while everything runs. An embedded chain must be at rest
meanwhile, so that ledger and chain tell one story; production keeps its chain and keys elsewhere.
"""

import json
import shutil
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from scf.runtime import jsonrpc, probes
from scf.runtime.anvil import Anvil, read_state
from scf.runtime.binaries import postgres_folder
from scf.runtime.home import Home, StackError, stack_environment
from scf.runtime.postgres import Cluster
from scf.runtime.stack import DATABASE

FORMAT = 1
TRIES = 5  # times a moving chain is waited for
PAUSE = 3.0  # seconds between them
MANIFEST = "manifest.json"
DUMP = "database.dump"
CHAIN = "chain"


@dataclass(frozen=True)
class Kept:
    """What is saved: the database's address, folders by name, and the chain if it is embedded."""

    database_url: str
    folders: dict[str, Path]
    chain: Anvil | None = None


def save(kept: Kept, target: Path) -> dict[str, object]:
    """Write a backup, never over an existing file; returns its manifest. Raises StackError."""
    if target.exists():
        raise StackError(f"{target} 已存在 / is there already")
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        head = _dump_at_rest(kept, Path(folder))
        manifest: dict[str, object] = {
            "format": FORMAT,
            "saved_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "folders": sorted(name for name, path in kept.folders.items() if path.exists()),
            "chain_head": head,
        }
        (Path(folder) / MANIFEST).write_text(json.dumps(manifest))
        _pack(Path(folder), kept, target)
    return manifest


def load(source: Path, kept: Kept) -> dict[str, object]:
    """Bring a backup back into an empty database and over the folders it holds.

    Raises StackError when the file is not a backup or the database holds tables already.
    """
    _refuse_full(kept.database_url)
    with tempfile.TemporaryDirectory() as folder:
        _unpack(source, Path(folder))
        manifest: dict[str, object] = json.loads((Path(folder) / MANIFEST).read_text())
        if manifest["format"] != FORMAT:
            raise StackError(f"{source}: 未知格式 / unknown format {manifest['format']}")
        _run("pg_restore", "--exit-on-error", "--single-transaction", "--dbname",
             kept.database_url, str(Path(folder) / DUMP))  # fmt: skip
        chain = {CHAIN: kept.chain.state.parent} if kept.chain else {}
        for name, path in {**kept.folders, **chain}.items():
            if (Path(folder) / name).exists():
                shutil.rmtree(path, ignore_errors=True)
                shutil.move(Path(folder) / name, path)
    return manifest


@contextmanager
def running(cluster: Cluster) -> Iterator[None]:
    """The cluster answers inside this block; it is started only if it does not run already."""
    if cluster.ready():
        yield
        return
    cluster.initialise()
    server = cluster.start()
    try:
        cluster.wait_ready(server)
        yield
    finally:
        cluster.stop(server)


def empty_again(cluster: Cluster, database: str) -> None:
    """Drop the database of an embedded cluster and make it anew, without a table."""
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(database)))
    cluster.create_database(database)


def kept_of(home: Home, given: Mapping[str, str]) -> Kept:
    """What a backup of this home holds; chain and demo keys only of an embedded stack."""
    documents = Path(given.get("DOCUMENTS_ROOT", home.folder / "documents"))
    if "DATABASE_URL" in given:
        owner = given.get("DATABASE_OWNER_URL", given["DATABASE_URL"])
        return Kept(owner, {"documents": documents})
    keystores = Path(given.get("SIGNER_KEYSTORES", home.folder / "keystores"))
    folders = {"documents": documents, "keystores": keystores}
    address = Cluster(home.postgres).url(DATABASE)
    if "RPC_URL" in given:
        return Kept(address, folders)
    port = stack_environment(home.folder).get("RPC_PORT", "0")
    return Kept(address, folders, Anvil(int(port), 0, folder=home.chain))


def _dump_at_rest(kept: Kept, folder: Path) -> int | None:
    for attempt in range(TRIES):
        time.sleep(PAUSE if attempt else 0)
        before = _head(kept.chain)
        _run("pg_dump", "--format=custom", f"--file={folder / DUMP}", "--dbname", kept.database_url)
        copied = _copy_chain(kept.chain, folder)
        if copied and before == _head(kept.chain):
            return before
    raise StackError("链一直在动, 请先 make down / the chain keeps moving: make down first")


def _head(chain: Anvil | None) -> int | None:
    """The head of an embedded chain that runs; one that is down rests in its file."""
    if chain is None or not probes.node(chain.url):
        return None
    return jsonrpc.number(chain.url, "eth_blockNumber")


def _copy_chain(chain: Anvil | None, folder: Path) -> bool:
    """Copy a whole state written after now, or the last one when nobody writes any more."""
    if chain is None or not chain.state.exists():
        return True
    if probes.node(chain.url):
        time.sleep(PAUSE)  # anvil writes once a second
    chain.keep()
    state = read_state(chain.state) or read_state(chain.previous)
    if state is None:
        return False
    (folder / CHAIN).mkdir(exist_ok=True)
    (folder / CHAIN / chain.state.name).write_text(json.dumps(state))
    return True


def _pack(folder: Path, kept: Kept, target: Path) -> None:
    new = target.with_name(target.name + ".new")
    new.touch(mode=0o600)
    with tarfile.open(new, "w:gz") as archive:
        staged = {name: folder / name for name in (MANIFEST, DUMP, CHAIN)}
        for name, path in {**staged, **kept.folders}.items():
            if path.exists():
                archive.add(path, name)
    new.replace(target)


def _unpack(source: Path, folder: Path) -> None:
    # Written out one by one: a name that leads elsewhere, a link or a device is not ours.
    with tarfile.open(source) as archive:
        for member in archive:
            target = (folder / member.name).resolve()
            content = archive.extractfile(member) if member.isfile() else None
            if not target.is_relative_to(folder.resolve()) or not (content or member.isdir()):
                raise StackError(f"{source}: 不是备份 / not a backup: {member.name}")
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if content:
                with target.open("xb") as file:
                    shutil.copyfileobj(content, file)
                target.chmod(member.mode & 0o700)


def _refuse_full(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        found = connection.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        ).fetchone()
    if found and found[0]:
        raise StackError("数据库不是空的 / the database is not empty: restore into an empty one")


def _run(program: str, *words: str) -> None:
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own programs
        [str(postgres_folder() / program), *words], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise StackError(f"{program}: {done.stderr.strip()}")
