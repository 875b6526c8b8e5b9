"""The ASGI application of the event stream, and nothing else: ``GET /events/deals/ID``.

A stream says ``deal`` when something happened and nothing more: the page asks for what its reader
may see. It ends by itself and the browser comes again, so that a right that was taken away ends
too.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.conf import settings

from scf.portals.events.door import admitted, same_host
from scf.portals.events.nudges import Nudges

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

ADDRESS = re.compile(r"^/events/deals/([0-9a-f-]{36})$")
HEARTBEAT_SECONDS = 15.0
STREAM_SECONDS = 300.0
STREAMS_A_USER = 8
STREAMS_A_PROCESS = 2_000
ASKING_AT_ONCE = 8
HELLO = b"retry: 2000\nevent: deal\ndata: open\n\n"
CHANGED = b"event: deal\ndata: changed\n\n"
HEARTBEAT = b": still here\n\n"
REFUSALS = {400: "bad request", 401: "login required", 403: "forbidden", 404: "not found",
            405: "GET only", 429: "too many streams", 503: "full or away"}  # fmt: skip


class EventStream:
    """Streams of one process with their bounds; they are given for tests to be short."""

    def __init__(
        self,
        *,
        heartbeat: float = HEARTBEAT_SECONDS,
        lasts: float = STREAM_SECONDS,
        a_user: int = STREAMS_A_USER,
        a_process: int = STREAMS_A_PROCESS,
    ) -> None:
        self.heartbeat, self.lasts = heartbeat, lasts
        self.a_user, self.a_process = a_user, a_process
        self.nudges = Nudges()
        self.open: Counter[Any] = Counter()
        self._asking = asyncio.Semaphore(ASKING_AT_ONCE)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            return
        headers = _headers(scope)
        found = ADDRESS.match(scope["path"])
        if found is None:
            await _refuse(send, 404, headers)
        elif scope["method"] != "GET":
            await _refuse(send, 405, headers)
        else:
            await self._answer(UUID(found[1]), scope, receive, send, headers)

    async def _answer(
        self, deal_id: UUID, scope: Message, receive: Receive, send: Send, headers: Headers
    ) -> None:
        async with self._asking:
            ask = sync_to_async(admitted, thread_sensitive=False)
            status, user = await ask(dict(scope), deal_id)
        if status == 200 and self.open.total() >= self.a_process:
            status = 503
        elif status == 200 and self.open[user] >= self.a_user:
            status = 429
        if status != 200:
            await _refuse(send, status, headers)
            return
        self.open[user] += 1
        try:
            await self._stream(str(deal_id), receive, send, headers)
        finally:
            self.open[user] -= 1
            self.open += Counter()  # forget who has none left

    async def _stream(self, deal_id: str, receive: Receive, send: Send, headers: Headers) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [
            (b"content-type", b"text/event-stream; charset=utf-8"),
            (b"cache-control", b"no-store"), (b"x-accel-buffering", b"no"), *headers,
        ]})  # fmt: skip
        with self.nudges.ear(deal_id) as ear:
            await _say(send, HELLO)
            gone = asyncio.ensure_future(_gone(receive))
            try:
                await self._follow(ear, gone, send)
            except asyncio.CancelledError:
                pass  # the server stops: the stream ends like any other, and browsers come again
            finally:
                gone.cancel()
        if not gone.done() or gone.cancelled():
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _follow(self, ear: asyncio.Event, gone: "asyncio.Future[Any]", send: Send) -> None:
        clock = asyncio.get_running_loop().time
        ends = clock() + self.lasts
        while not gone.done() and (left := ends - clock()) > 0:
            heard: asyncio.Future[Any] = asyncio.ensure_future(ear.wait())
            pause = min(self.heartbeat, left)
            await asyncio.wait({heard, gone}, timeout=pause, return_when=asyncio.FIRST_COMPLETED)
            if heard.done():
                ear.clear()
                await _say(send, CHANGED)
            else:
                heard.cancel()
                await _say(send, HEARTBEAT)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue


async def _say(send: Send, words: bytes) -> None:
    await send({"type": "http.response.body", "body": words, "more_body": True})


async def _refuse(send: Send, status: int, headers: Headers) -> None:
    plain = (b"content-type", b"text/plain; charset=utf-8")
    await send({"type": "http.response.start", "status": status, "headers": [plain, *headers]})
    await send({"type": "http.response.body", "body": REFUSALS[status].encode()})


def _headers(scope: Message) -> Headers:
    """What lets the portals' own page read the stream from another port; none where the stream
    stands behind the portals' address.
    """
    given = dict(scope["headers"])
    origin, host = (given.get(name, b"").decode("latin-1") for name in (b"origin", b"host"))
    headers = [(b"x-content-type-options", b"nosniff"), (b"vary", b"Origin, Cookie")]
    if settings.EVENTS_PORT and origin and same_host(origin, host):
        headers += [
            (b"access-control-allow-origin", origin.encode("latin-1")),
            (b"access-control-allow-credentials", b"true"),
        ]
    return headers
