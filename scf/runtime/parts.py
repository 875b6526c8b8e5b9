"""What the supervisor watches: a part is started, asked whether it answers, and ended.

A part that runs without answering hangs. It is started anew once its patience is over; the time in
which something it needs does not answer either is not counted against it.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scf.runtime.binaries import REPOSITORY

Process = subprocess.Popen[bytes]
Ready = Callable[[], bool]


@dataclass(frozen=True)
class Part:
    """One part of the stack. Without ``start`` it is somebody else's, and is only asked."""

    name: str
    address: str
    ready: Ready
    start: Callable[[], Process] | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 20
    chore: Callable[[], None] | None = None  # done about once a second while it runs
    leaves_children: bool = False  # its own children outlive its death and must be ended
    settles: float = 0.0  # seconds of life before it counts as up, for a part without a door
    alive: Ready | None = None  # asked when it is not ready: does it hang, or only wait?
    needs: tuple[str, ...] = ()  # parts without which it cannot answer
    patience: float = 60.0  # seconds of silence after which it hangs; a start may take ten times


@dataclass(frozen=True)
class Program:
    """A command line with its environment and log, started in a session of its own.

    A session of its own keeps Ctrl-C away from it: the supervisor alone decides the order of ends.
    """

    command: Sequence[str]
    log: Path | None  # None: what it says goes where we speak ourselves
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path = REPOSITORY
    pulse: Path | None = None  # what it touches while it comes round, when it has no door
    door: int | None = None  # the listening socket it inherits, as a file descriptor

    def __call__(self) -> Process:
        """Start it."""
        own = {"PULSE_FILE": str(self.pulse)} if self.pulse else {}
        if self.pulse:
            self.pulse.touch()
        with (self.log or Path(os.devnull)).open("ab") as log:
            output = log if self.log else None
            return subprocess.Popen(  # noqa: S603 - our own programs and arguments
                list(self.command), cwd=self.folder,
                env={**os.environ, **self.environment, **own},
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
                pass_fds=() if self.door is None else (self.door,),
            )  # fmt: skip


def manage(*words: str) -> list[str]:
    """The command line of ``manage.py`` with this very Python."""
    return [sys.executable, str(REPOSITORY / "manage.py"), *words]
