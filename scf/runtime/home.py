"""The folder of one stack (``SCF_HOME``, ``.run`` below the repository) and the two files in it
that others read: ``status.json`` says what runs, ``stack.env`` how to reach it."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scf.runtime import sockets

STACK_ENV = "stack.env"
LONGEST_SOCKET = "signer.sock"


class StackError(RuntimeError):
    """The stack could not be started, stopped or found; the message is for people."""


@dataclass(frozen=True)
class Home:
    """Names of everything a stack keeps."""

    folder: Path

    @property
    def logs(self) -> Path:
        """One log a part."""
        return self.folder / "logs"

    @property
    def postgres(self) -> Path:
        """The cluster."""
        return self.folder / "pg"

    @property
    def chain(self) -> Path:
        """The chain's state files."""
        return self.folder / "chain"

    @property
    def sockets(self) -> Path:
        """Where the broker and the signer listen; short enough for a socket's path."""
        return sockets.folder_for(self.folder, longest_name=LONGEST_SOCKET)

    @property
    def status_file(self) -> Path:
        """What runs now, as JSON; written by the supervisor only."""
        return self.folder / "status.json"

    @property
    def lived(self) -> Path:
        """There once the first start has reached its end."""
        return self.folder / "lived"

    def log(self, name: str) -> Path:
        """The log of one part."""
        return self.logs / f"{name}.log"

    def pulse(self, name: str) -> Path:
        """What a process without a door touches to show that it comes round."""
        return self.folder / f"{name}.pulse"

    def make(self) -> None:
        """Make the folders. Harmless twice. Raises StackError when they belong to somebody else."""
        for folder in (self.folder, self.logs):
            folder.mkdir(parents=True, exist_ok=True)
        if self.sockets != self.folder:
            self.sockets.mkdir(mode=0o700, exist_ok=True)
            if self.sockets.stat().st_uid != os.geteuid():
                raise StackError(f"{self.sockets} 属于别的用户 / belongs to somebody else")

    @contextmanager
    def only_one(self) -> Iterator[None]:
        """Hold the stack for one supervisor. Raises StackError when another one has it."""
        with (self.folder / "supervisor.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise StackError("已在运行 / it is running already: make status") from error
            yield

    def write_status(self, status: Mapping[str, object]) -> None:
        """Replace the status file in one step, so that no reader sees half of it."""
        _replace(self.status_file, json.dumps(status, ensure_ascii=False, indent=1))

    def read_status(self) -> dict[str, object]:
        """The last status written, empty when there is none."""
        if not self.status_file.exists():
            return {}
        status: dict[str, object] = json.loads(self.status_file.read_text())
        return status

    def write_environment(self, environment: Mapping[str, str]) -> None:
        """Replace ``stack.env``; readable by its owner only."""
        text = "".join(f"{name}={value}\n" for name, value in sorted(environment.items()))
        _replace(self.folder / STACK_ENV, text)

    def forget(self) -> None:
        """Remove everything the stack ever kept. Only for a stack that is down."""
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.sockets != self.folder:
            shutil.rmtree(self.sockets, ignore_errors=True)


def stack_environment(folder: Path) -> dict[str, str]:
    """How to reach the stack of this home: the variables its supervisor chose, empty without one.

    Settings read them where the process has no variable of its own, so that ``manage.py`` in any
    shell talks to the stack that ``make up`` started.
    """
    file = folder / STACK_ENV
    if not file.exists():
        return {}
    lines = (line.partition("=") for line in file.read_text().splitlines() if "=" in line)
    return {name: value for name, _, value in lines}


def _replace(path: Path, text: str) -> None:
    new = path.with_name(path.name + ".new")
    new.touch(mode=0o600)
    new.write_text(text)
    new.replace(path)
