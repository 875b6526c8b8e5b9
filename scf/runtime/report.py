"""What people read: lines of progress with their times, and the table of parts."""

import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import IO

from scf.runtime import processes
from scf.runtime.home import Home

SILENT_AFTER = 15.0  # seconds without a word after which a supervisor is not believed
STATES = {
    "up": "运行 / up",
    "ready": "就绪 / ready",
    "stopping": "停止中 / stopping",
    "starting": "启动中 / starting",
    "restarting": "重启中 / restarting",
    "not answering": "无应答 / not answering",
    "external": "外部 / external",
    "down": "停止 / down",
}


class Progress:
    """Prints lines with the time of day and the seconds since it began."""

    def __init__(self, out: IO[str]) -> None:
        self.out = out
        self.began = time.monotonic()

    def __call__(self, text: str) -> None:
        """One line, at once."""
        clock = time.strftime("%H:%M:%S")
        self.out.write(f"{clock} {time.monotonic() - self.began:6.1f} s  {text}\n")
        self.out.flush()


def supervisor_of(status: Mapping[str, object]) -> tuple[int, float] | None:
    """Pid and birth of the supervisor that wrote this status, if it still runs."""
    known = status.get("supervisor")
    if not isinstance(known, dict):
        return None
    pid, birth = int(known["pid"]), float(known["birth"])
    return (pid, birth) if processes.is_running(pid, birth) else None


def parts_of(status: Mapping[str, object]) -> list[dict[str, object]]:
    """The parts' rows of a status."""
    parts = status.get("parts")
    return parts if isinstance(parts, list) else []


def is_up(status: Mapping[str, object]) -> bool:
    """Whether the supervisor runs, the start is over and every part answers."""
    alive = supervisor_of(status) is not None
    fresh = time.time() - float(str(status.get("written_at", 0))) < SILENT_AFTER
    parts = parts_of(status)
    answering = bool(parts) and all(part["state"] == "up" for part in parts)
    return alive and fresh and status.get("stage") == "ready" and answering


def table(home: Home) -> Iterator[str]:
    """The status as lines: part, state, address."""
    status = home.read_status()
    running = supervisor_of(status)
    rows = [("部分 / part", "状态 / state", "地址 / address")]
    state = str(status.get("stage", "down")) if running else "down"
    rows.append(("supervisor", STATES.get(state, state), str(home.folder)))
    for part in parts_of(status):
        told = str(part["state"]) if running else "down"
        again = f" (+{part['restarts']})" if part["restarts"] else ""
        rows.append((str(part["name"]), STATES.get(told, told) + again, str(part["address"])))
    widths = [max(_width(row[column]) for row in rows) for column in range(2)]
    for row in rows:
        yield "  ".join([_pad(row[0], widths[0]), _pad(row[1], widths[1]), row[2]])


def tell(lines: Iterator[str], write: Callable[[str], object]) -> None:
    """Write lines one by one."""
    for line in lines:
        write(line)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _pad(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
