"""Keeps the parts of a stack running: starts them, restarts what dies or hangs, ends them in order.

One thread, no magic: ``tick`` looks at every part once and is called several times a second. What
it knows stands in the status file, so that a later supervisor can end what a killed one left.
"""

import os
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scf.runtime import processes
from scf.runtime.home import Home, StackError
from scf.runtime.parts import Part, Process

TICK = 0.2  # seconds between two looks
BACKOFF = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0)  # seconds before the first, second … restart
HOPELESS = 6  # deaths in a row after which a start is given up
STEADY = 60.0  # seconds of life after which a restart counts as the first again
ASK_AGAIN = 5.0  # seconds between two questions to a part that answered
ASK_SILENT = 1.0  # seconds between two questions to one that answered before
STARTS = 10  # times its patience that a part may take to answer first
INSIST = 10.0  # seconds a part that hangs has to end before it is killed
HEARTBEAT = 2.0  # seconds between two writings of an unchanged status


@dataclass
class Watched:
    """A part and what is known of its process."""

    part: Part
    process: Process | None = None
    birth: float = 0.0
    state: str = "down"
    restarts: int = 0
    deaths_in_a_row: int = 0
    start_at: float | None = None  # when a dead one is started again
    ask_at: float = 0.0
    asked_at: float | None = None  # when it last did not answer, or was started
    silent: float = 0.0  # seconds without an answer that count against it
    insist_at: float | None = None  # when one that hangs is killed
    chore_at: float = 0.0
    ended_with: list[int] = field(default_factory=list)

    def row(self, log: Path) -> dict[str, object]:
        """Its line in the status file."""
        return {
            "name": self.part.name,
            "state": self.state,
            "address": self.part.address,
            "pid": self.process.pid if self.process else None,
            "birth": self.birth,
            "restarts": self.restarts,
            "stop_signal": int(self.part.stop_signal),
            "stop_seconds": self.part.stop_seconds,
            "log": str(log),
        }


class Supervisor:
    """Watches the parts of one home. ``say`` prints a line of progress for people."""

    def __init__(self, home: Home, *, say: Callable[[str], None]) -> None:
        self.home = home
        self.say = say
        self.watched: list[Watched] = []
        self.stage = "starting"
        self.about: dict[str, object] = {}
        self.stopping = False
        self._written_at = 0.0
        self._written: dict[str, object] = {}

    def add(self, part: Part) -> Watched:
        """Take a part in and start it. A part of somebody else is only asked from now on."""
        watched = Watched(part, state="external" if part.start is None else "starting")
        self.watched.append(watched)
        if part.start:
            self._launch(watched)
        return watched

    def remove(self, name: str) -> None:
        """End one part and forget it."""
        for watched in [watched for watched in self.watched if watched.part.name == name]:
            self._end(watched)
            self.watched.remove(watched)

    def wait_for(self, *names: str, seconds: float) -> None:
        """Tick until these parts answer, all of them when none is named.

        Raises StackError when they do not in time, or when one dies again and again.
        """
        until = time.monotonic() + seconds
        while waiting := [watched for watched in self._named(names) if watched.state != "up"]:
            if self.stopping:
                raise StackError("已中断 / interrupted")
            if hopeless := [watched for watched in waiting if watched.deaths_in_a_row >= HOPELESS]:
                raise StackError(self._silent(hopeless))
            if time.monotonic() > until:
                raise StackError(self._silent(waiting))
            self.tick()
            time.sleep(TICK)

    def run(self, start: Callable[[], Process]) -> int:
        """Run a command to its end while the parts are watched; returns its exit status."""
        process = start()
        while process.poll() is None and not self.stopping:
            self.tick()
            time.sleep(TICK)
        if process.poll() is None:
            process.terminate()
        return process.wait()

    def watch(self) -> None:
        """Tick until somebody asks for the end."""
        while not self.stopping:
            self.tick()
            time.sleep(TICK)

    def tick(self) -> None:
        """Look at every part once."""
        for watched in self.watched:
            if watched.part.start and not self._is_alive(watched):
                continue
            if watched.insist_at is not None:
                self._insist(watched)
                continue
            self._ask(watched)
            self._chore(watched)
        self._write_status()

    def stop(self) -> None:
        """End every part, the last started first, and say so in the status file."""
        self.stage = "stopping"
        self._write_status()
        for watched in reversed(self.watched):
            self._end(watched)
        self.stage = "down"
        self._write_status()

    def _launch(self, watched: Watched) -> None:
        assert watched.part.start is not None
        watched.state, watched.start_at, watched.ask_at = "starting", None, 0.0
        watched.silent, watched.asked_at, watched.insist_at = 0.0, time.monotonic(), None
        watched.process = watched.part.start()
        watched.birth = processes.born(watched.process.pid) or time.time()

    def _is_alive(self, watched: Watched) -> bool:
        if watched.process and watched.process.poll() is None:
            if self._age(watched) > STEADY:
                watched.deaths_in_a_row = 0
            return True
        if watched.start_at is None:
            self._bury(watched)
        elif time.monotonic() >= watched.start_at:
            watched.restarts += 1
            self._launch(watched)
        return False

    def _bury(self, watched: Watched) -> None:
        assert watched.process is not None
        if watched.part.leaves_children:
            processes.sweep_group(watched.process.pid)
        pause = BACKOFF[min(watched.deaths_in_a_row, len(BACKOFF) - 1)]
        watched.deaths_in_a_row += 1
        watched.ended_with.append(watched.process.returncode)
        watched.state, watched.start_at = "restarting", time.monotonic() + pause
        self.say(
            f"{watched.part.name} 已退出, {pause:g} 秒后重启 / "
            f"ended with {watched.process.returncode}, starts again in {pause:g} s: "
            f"{self.home.log(watched.part.name)}"
        )

    def _ask(self, watched: Watched) -> None:
        now = time.monotonic()
        if now < watched.ask_at:
            return
        answers = self._answers(watched)
        if watched.part.start is None:
            watched.state = "up" if answers else "not answering"
        elif answers:
            watched.state = "up"
        elif watched.state == "up":
            watched.state = "not answering"
        self._count_silence(watched, answers=answers)
        silent = ASK_SILENT if watched.state == "not answering" else TICK
        watched.ask_at = time.monotonic() + (ASK_AGAIN if answers else silent)

    def _answers(self, watched: Watched) -> bool:
        # A stopped process is not asked: the kernel would take the question for it.
        settled = self._age(watched) >= watched.part.settles
        return settled and not _is_stopped(watched) and watched.part.ready()

    def _count_silence(self, watched: Watched, *, answers: bool) -> None:
        """Add up the time in which it alone does not answer; over its patience, it hangs."""
        now, part = time.monotonic(), watched.part
        if answers or part.start is None or self._waits(watched):
            watched.silent, watched.asked_at = 0.0, None
            return
        if watched.asked_at is not None:
            # Bounded, so that a supervisor that slept itself does not take everybody for hanging.
            watched.silent += min(now - watched.asked_at, ASK_AGAIN)
        watched.asked_at = now
        if watched.silent > part.patience * (STARTS if watched.state == "starting" else 1):
            self._break_off(watched)

    def _waits(self, watched: Watched) -> bool:
        """Whether its silence is not its own fault; being stopped always is."""
        if _is_stopped(watched):
            return False
        lacking = [each for each in self.watched if each.part.name in watched.part.needs]
        if any(each.state != "up" for each in lacking):
            return True
        return bool(watched.part.alive and watched.part.alive())

    def _break_off(self, watched: Watched) -> None:
        """Have one that hangs end; the next rounds kill it if it does not, and start it anew."""
        assert watched.process is not None
        name, part = watched.part.name, watched.part
        self.say(
            f"{name} 无应答已 {watched.silent:.0f} 秒, 结束后重启 / "
            f"silent for {watched.silent:.0f} s, is ended and starts again: {self.home.log(name)}"
        )
        watched.state = "restarting"
        watched.insist_at = time.monotonic() + min(part.stop_seconds, INSIST)
        processes.ask_to_end(watched.process.pid, part.stop_signal)

    def _insist(self, watched: Watched) -> None:
        assert watched.process is not None
        assert watched.insist_at is not None
        if time.monotonic() >= watched.insist_at:
            processes.kill_with_offspring(watched.process.pid)

    def _age(self, watched: Watched) -> float:
        return time.time() - watched.birth

    def _chore(self, watched: Watched) -> None:
        if watched.part.chore and time.monotonic() >= watched.chore_at:
            watched.chore_at = time.monotonic() + 1
            watched.part.chore()

    def _end(self, watched: Watched) -> None:
        if watched.process and watched.process.poll() is None:
            _end_child(watched.process, watched.part)
        if watched.process and watched.part.leaves_children:
            processes.sweep_group(watched.process.pid)
        watched.process, watched.state, watched.start_at = None, "down", None

    def _named(self, names: Sequence[str]) -> list[Watched]:
        return [watched for watched in self.watched if not names or watched.part.name in names]

    def _silent(self, waiting: list[Watched]) -> str:
        told = "; ".join(self._last_words(watched.part.name) for watched in waiting)
        return f"没有就绪 / did not come up: {told}"

    def _last_words(self, name: str) -> str:
        log = self.home.log(name)
        lines = log.read_text(errors="replace").splitlines() if log.exists() else []
        return f"{name}: {' | '.join(lines[-2:])} ({log})"

    def _write_status(self) -> None:
        status = {
            **self.about,
            "supervisor": {"pid": os.getpid(), "birth": processes.born(os.getpid())},
            "stage": self.stage,
            "parts": [watched.row(self.home.log(watched.part.name)) for watched in self.watched],
        }
        now = time.monotonic()
        if status != self._written or now - self._written_at > HEARTBEAT:
            self._written, self._written_at = status, now
            self.home.write_status({**status, "written_at": time.time()})


def _end_child(process: Process, part: Part) -> None:
    processes.ask_to_end(process.pid, part.stop_signal)
    try:
        process.wait(part.stop_seconds)
    except subprocess.TimeoutExpired:
        processes.kill_with_offspring(process.pid)
        process.wait(processes.LAST_RESORT)


def _is_stopped(watched: Watched) -> bool:
    if watched.process is None:
        return False
    kin = watched.part.leaves_children
    return processes.is_stopped(watched.process.pid, with_offspring=kin)
