"""The loop of a process: do what there is, then wait for a nudge, one second at most, until told
to stop.
"""

import gc
import logging
import select
import signal
import time
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Protocol

from django.db import Error as DatabaseError
from django.db import close_old_connections, connection

from scf.chain.faults import ChainRewritten, RefusedToSign
from scf.core import pulse
from scf.core.errors import Unavailable

LONGEST_PAUSE = 10.0
log = logging.getLogger(__name__)


class Door(Protocol):
    """Something else that may want attention, such as a socket."""

    def fileno(self) -> int: ...

    def serve_one(self) -> None: ...


class Loop:
    """Runs one step again and again. SIGTERM and SIGINT end it after the step that runs."""

    def __init__(
        self,
        name: str,
        channels: Sequence[str],
        *,
        door: Door | None = None,
        poll_seconds: float = 1.0,
    ) -> None:
        self._name, self._channels, self._door = name, channels, door
        self._poll_seconds = poll_seconds
        self._stopping = False
        self._listening: object = None  # the connection that listens now

    def run(self, step: Callable[[], int], *, first: Callable[[], object] | None = None) -> None:
        """Until told to stop: step while there is something to do, else wait for a nudge.

        Outages are waited out; ``first`` is done before the first step and again after each.
        """
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, self._stop)
        gc.freeze()  # the modules stay: no collection needs to look through them again
        log.info("process_started", extra={"loop": self._name})
        failures, unchecked = 0, True
        while not self._stopping:
            pulse.beat()
            try:
                if first and unchecked:
                    first()
                unchecked = False
                if not step():
                    self._wait(self._poll_seconds)
                failures = 0
            except (Unavailable, DatabaseError, RefusedToSign) as error:
                failures, unchecked = failures + 1, True
                log.warning("process_waits", extra={"loop": self._name, "reason": repr(error)})
                self._pause(failures)
            except ChainRewritten:
                # Nothing is applied any more: a person must decide.
                log.critical("chain_rewritten", extra={"loop": self._name}, exc_info=True)
                failures += 1
                self._pause(failures)
        log.info("process_stopped", extra={"loop": self._name})

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _pause(self, failures: int) -> None:
        close_old_connections()
        until = time.monotonic() + min(0.5 * 2 ** min(failures, 8), LONGEST_PAUSE)
        while not self._stopping and time.monotonic() < until:
            self._serve_door(0.2)

    def _wait(self, seconds: float) -> None:
        """Until a nudge, a caller at the door, or the time is over."""
        listening = self._listen()
        doors: list[int | Door] = [listening, *([self._door] if self._door else [])]
        ready, _writable, _broken = select.select(doors, [], [], seconds)
        if listening in ready:
            for _nudge in connection.connection.notifies(timeout=0):
                pass  # one look at the rows answers any number of nudges
        if self._door in ready:
            self._serve_door(0)

    def _listen(self) -> int:
        connection.ensure_connection()
        if self._listening is not connection.connection:
            with connection.cursor() as cursor:
                for channel in self._channels:
                    cursor.execute(f"LISTEN {channel}")
            self._listening = connection.connection
        return int(connection.connection.fileno())

    def _serve_door(self, seconds: float) -> None:
        if self._door is None:
            time.sleep(seconds)
            return
        ready, _writable, _broken = select.select([self._door], [], [], seconds)
        if ready:
            self._door.serve_one()
