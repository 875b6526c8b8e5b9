"""Processes known by their pid and birth, so that a pid used again is never taken for ours."""

import os
import signal
import time
from contextlib import suppress

import psutil

LAST_RESORT = 5.0  # seconds a process has to vanish after SIGKILL


def born(pid: int) -> float | None:
    """When the process began, in seconds of the epoch; None when there is no such process."""
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        began: float = process.create_time()
    except psutil.NoSuchProcess:
        return None
    return began


def is_running(pid: int, birth: float) -> bool:
    """Whether this very process still runs."""
    began = born(pid)
    return began is not None and abs(began - birth) < 1


def end(pid: int, birth: float, *, first: signal.Signals, seconds: float) -> bool:
    """Ask a process to end, insist after ``seconds``; True when it ended without insisting."""
    if not is_running(pid, birth):
        return True
    ask_to_end(pid, first)
    if _gone(pid, birth, seconds):
        return True
    kill_with_offspring(pid)
    _gone(pid, birth, LAST_RESORT)
    return False


def ask_to_end(pid: int, first: signal.Signals) -> None:
    """Ask a process to end; one that was stopped (SIGSTOP) must run on to hear it."""
    with suppress(ProcessLookupError):  # gone by itself meanwhile, which is what was wanted
        os.kill(pid, first)
        os.kill(pid, signal.SIGCONT)


def is_stopped(pid: int, *, with_offspring: bool = False) -> bool:
    """Whether it, or with its offspring any of them, was stopped by a signal (SIGSTOP)."""
    kin = _offspring(pid) if with_offspring else []
    return any(_status(each) == psutil.STATUS_STOPPED for each in (pid, *dict(kin)))


def kill_with_offspring(pid: int) -> None:
    """SIGKILL a process, then whatever it had started: a backend of a killed PostgreSQL that is
    itself stopped would never notice, and would hold the memory that the next server needs.
    """
    kin = _offspring(pid)
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    for child, birth in kin:
        if is_running(child, birth):
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)


def sweep_group(pid: int) -> None:
    """End what a dead leader left of its process group (workers of a killed web server)."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _offspring(pid: int) -> list[tuple[int, float]]:
    try:
        children = psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []
    born_at = [(child.pid, born(child.pid)) for child in children]
    return [(child, birth) for child, birth in born_at if birth is not None]


def _status(pid: int) -> str | None:
    try:
        status: str = psutil.Process(pid).status()
    except psutil.NoSuchProcess:
        return None
    return status


def _gone(pid: int, birth: float, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while is_running(pid, birth):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True
