"""Processes known by their pid and birth, so that a pid used again is never taken for ours."""

import os
import signal
import time

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
    os.kill(pid, first)
    if _gone(pid, birth, seconds):
        return True
    os.kill(pid, signal.SIGKILL)
    _gone(pid, birth, LAST_RESORT)
    return False


def sweep_group(pid: int) -> None:
    """End what a dead leader left of its process group (workers of a killed web server)."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _gone(pid: int, birth: float, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while is_running(pid, birth):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True
