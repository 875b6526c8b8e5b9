"""Database and chain of one command alone: made for it, begun in the past, gone when it ends."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from scf.runtime.anvil import Anvil
from scf.runtime.home import StackError
from scf.runtime.parts import manage
from scf.runtime.ports import any_free
from scf.runtime.postgres import Cluster

DATABASE = "scf"
KILLED_AFTER = 20.0  # seconds an engine has to end


def run_apart(words: Sequence[str], *, begins: int, chain_id: int) -> int:
    """Run ``manage.py`` with these words on engines of its own; returns its exit status.

    ``begins`` is the chain's first second (Unix time). The tables are made before, everything is
    removed afterwards, also when a signal ends it. Raises StackError when the tables are refused.
    """
    signal.signal(signal.SIGTERM, _interrupt)
    folder = Path(tempfile.mkdtemp(prefix="scf-apart-"))
    folder.chmod(0o711)  # the database's own user must find its way through
    try:
        with _engines(folder, begins=begins, chain_id=chain_id) as environment:
            _migrate(environment)
            return subprocess.run(  # noqa: S603 - this very program
                manage(*words), env={**os.environ, **environment}, check=False
            ).returncode
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _engines(folder: Path, *, begins: int, chain_id: int) -> Iterator[Mapping[str, str]]:
    cluster = Cluster(folder / "pg", durable=False)
    chain = Anvil(any_free(), chain_id, timestamp=begins, log=folder / "chain.log")
    cluster.initialise()
    server = cluster.start()
    try:
        process = chain.start()
        try:
            cluster.wait_ready(server)
            cluster.create_database(DATABASE)
            chain.wait_ready(process)
            yield _environment(folder, cluster, chain)
        finally:
            process.kill()
            process.wait(KILLED_AFTER)
    finally:
        cluster.stop(server)
        shutil.rmtree(cluster.sockets, ignore_errors=True)


def _environment(folder: Path, cluster: Cluster, chain: Anvil) -> dict[str, str]:
    address = cluster.url(DATABASE)
    return {
        "DATABASE_URL": address,
        "DATABASE_OWNER_URL": address,
        "RPC_URL": chain.url,
        "SCF_HOME": str(folder),
        "SIGNER_KEYSTORES": str(folder / "keystores"),
        "DOCUMENTS_ROOT": str(folder / "documents"),
        # Nobody can rewrite a chain that lives in one process.
        "CHAIN_CONFIRMATIONS": "1",
        "LOG_LEVEL": os.environ.get("LOG_LEVEL", "ERROR"),
    }


def _migrate(environment: Mapping[str, str]) -> None:
    done = subprocess.run(  # noqa: S603 - this very program
        manage("migrate", "--noinput", "--skip-checks", "--verbosity", "0"),
        env={**os.environ, **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise StackError(f"migrate: {done.stderr.strip()[-2000:]}")


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    # Leaves through the finally blocks, which end the engines.
    raise KeyboardInterrupt
