"""The embedded chain: one anvil process with its state on disk.

It is started with ``--no-mining`` because automine stalls under load; the block producer beside it
mines. Gas costs nothing. The state file is written in place every second, so a kill can leave half
a file: the last whole one is kept beside it and takes its place at the next start.
"""

import json
import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scf.runtime import binaries, jsonrpc
from scf.runtime.ports import LOOPBACK

BLOCK_GAS = 300_000_000  # room for some 2,000 transactions of ours in a block
OPENING = 256  # bytes read at its beginning to see whether a block was added


State = dict[str, Any]


class ChainError(RuntimeError):
    """The chain could not be started; the message says what it said."""


@dataclass(frozen=True)
class Anvil:
    """One chain. Without a ``folder`` for its state it forgets everything when it ends."""

    port: int
    chain_id: int
    folder: Path | None = None
    automine: bool = False
    timestamp: int | None = None  # the first block's time, for a world that begins in the past
    log: Path | None = None

    @property
    def url(self) -> str:
        """Where it answers JSON-RPC."""
        return f"http://{LOOPBACK}:{self.port}"

    def command(self) -> list[str]:
        """The program and its arguments."""
        words = [
            str(binaries.anvil()), "--silent", "--host", LOOPBACK, "--port", str(self.port),
            "--chain-id", str(self.chain_id), "--gas-price", "0", "--block-base-fee-per-gas", "0",
            "--disable-min-priority-fee", "--order", "fifo",
            "--hardfork", "cancun", "--gas-limit", str(BLOCK_GAS),
        ]  # fmt: skip
        if not self.automine:
            words.append("--no-mining")
        if self.timestamp is not None and not self._has_state():
            words += ["--timestamp", str(self.timestamp)]
        if self.folder:
            words += ["--state", str(self.state), "--state-interval", "1"]
        return words

    @property
    def state(self) -> Path:
        """The file anvil writes every second."""
        return self._in_folder("state.json")

    @property
    def previous(self) -> Path:
        """The last whole copy of the state."""
        return self._in_folder("state.previous.json")

    def start(self) -> subprocess.Popen[bytes]:
        """Start it and return at once, on the newest whole state there is."""
        self.prepare()
        with (self.log or Path(os.devnull)).open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - our own binary and arguments
                self.command(), cwd="/", env=_environment(self.folder),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def prepare(self) -> None:
        """Put the newest whole state in place, with one beginning. Harmless twice."""
        if not self.folder:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        for kept in (self.state, self.previous):
            if state := read_state(kept):
                _write(self.state, json.dumps(with_one_genesis(state)).encode())
                return
        self.state.unlink(missing_ok=True)

    def keep(self) -> None:
        """Copy the state aside when it is whole and newer than the copy; cheap when it is not."""
        if not self.state.exists() or _written(self.state) == _written(self.previous):
            return
        written = _written(self.state)
        if _opening(self.state) == _opening(self.previous):
            # Written again without a new block: noting the time is enough.
            os.utime(self.previous, ns=(written, written))
            return
        text = self.state.read_bytes()
        if parse_state(text) is None:
            return  # it is being written; the next round takes it
        _write(self.previous, text)
        os.utime(self.previous, ns=(written, written))

    def ready(self) -> bool:
        """Whether it answers with its own chain id."""
        try:
            return jsonrpc.number(self.url, "eth_chainId", seconds=2) == self.chain_id
        except jsonrpc.NodeSilent:
            return False

    def wait_ready(self, process: subprocess.Popen[bytes], *, seconds: float = 60) -> None:
        """Wait until it answers. Raises ChainError when it ends or stays silent."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.ready():
                return
            if process.poll() is not None:
                raise ChainError(f"anvil ended with {process.returncode} on port {self.port}")
            time.sleep(0.05)
        raise ChainError(f"anvil did not answer on port {self.port} within {seconds:.0f} s")

    def _has_state(self) -> bool:
        return self.folder is not None and self.state.exists()

    def _in_folder(self, name: str) -> Path:
        if self.folder is None:
            raise ChainError("this chain keeps no state")
        return self.folder / name


def read_state(path: Path) -> State | None:
    """A state file's content, None when it is missing or was not written to its end."""
    return parse_state(path.read_bytes()) if path.exists() else None


def parse_state(text: bytes) -> State | None:
    """A state, None when the text is torn."""
    try:
        state = json.loads(text)
    except ValueError:
        return None
    return state if isinstance(state, dict) else None


def with_one_genesis(state: State) -> State:
    """The state with its first block 0 alone.

    anvil makes a new block 0 at each start and saves it beside the old ones; after a restart any of
    them may answer as block 0. The oldest is the one the chain really began with.
    """
    blocks = state.get("blocks", [])
    beginnings = [block for block in blocks if int(block["header"]["number"], 16) == 0]
    later = [block for block in blocks if int(block["header"]["number"], 16) > 0]
    oldest = sorted(beginnings, key=lambda block: int(block["header"]["timestamp"], 16))[:1]
    return {**state, "blocks": [*oldest, *later]}


def _write(path: Path, text: bytes) -> None:
    new = path.with_name(path.name + ".new")
    new.write_bytes(text)
    new.replace(path)


def _opening(path: Path) -> tuple[int, bytes]:
    """Size and first bytes of a state, where the number and the time of its last block stand."""
    if not path.exists():
        return 0, b""
    with path.open("rb") as file:
        return path.stat().st_size, file.read(OPENING)


def _written(path: Path) -> int:
    return path.stat().st_mtime_ns if path.exists() else 0


def _environment(folder: Path | None) -> dict[str, str]:
    # anvil spills old states below the home folder; a stack keeps that to itself as well.
    home = str(folder) if folder else os.environ.get("HOME") or "/nonexistent"
    return {"PATH": os.environ.get("PATH", os.defpath), "HOME": home}
