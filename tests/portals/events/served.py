"""A real event stream on a free port of this machine, and an ear that reads it line by line."""

import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from scf.portals.events.stream import EventStream
from scf.runtime.ports import any_free


@contextmanager
def served(stream: EventStream) -> Iterator[int]:
    """Serves the stream in a thread; the port."""
    port = any_free()
    given = uvicorn.Config(
        stream, host="127.0.0.1", port=port, lifespan="off", log_level="warning",
        timeout_graceful_shutdown=1,
    )  # fmt: skip
    server = uvicorn.Server(given)
    thread = threading.Thread(target=server.run)
    thread.start()
    until = time.monotonic() + 10
    while not server.started and time.monotonic() < until:
        time.sleep(0.01)
    assert server.started
    yield port
    server.should_exit = True
    thread.join(10)
    assert not thread.is_alive()


class Ear:
    """One open stream, as a browser holds it."""

    def __init__(self, port: int, path: str, session: str = "", **headers: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        cookie = {"Cookie": f"sessionid={session}"} if session else {}
        self.connection.request("GET", path, headers={**cookie, **headers})
        self.answer = self.connection.getresponse()
        self.status = self.answer.status

    def next_event(self, name: str = "data: changed") -> float:
        """Seconds until the stream says this; fails after ten."""
        began = time.monotonic()
        while time.monotonic() < began + 10:
            line = self.answer.readline().decode()
            if line.strip() == name:
                return time.monotonic() - began
            assert line, "the stream ended"
        raise AssertionError(f"nobody said {name}")

    def rest(self) -> str:
        """Everything until the stream ends by itself."""
        return self.answer.read().decode()

    def close(self) -> None:
        self.answer.close()
        self.connection.close()
