"""One connection that listens for facts, shared by all open streams of this process."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings

CHANNEL = "facts"
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds before the listener connects again
ALIVE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
logger = logging.getLogger(__name__)


class Nudges:
    """Who listens to which deal. The connection lives while anybody listens.

    After a broken connection everybody is nudged once: what was said meanwhile is not repeated,
    but the pages read the rows and so miss nothing.
    """

    def __init__(self) -> None:
        self._ears: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._listening: asyncio.Task[None] | None = None
        self.connections = 0  # how often the listener connected, for tests and for the log

    @contextmanager
    def ear(self, deal_id: str) -> Iterator[asyncio.Event]:
        """An event that is set at each fact of the deal, for as long as the block lasts."""
        event = asyncio.Event()
        self._ears[deal_id].add(event)
        if self._listening is None or self._listening.done():
            self._listening = asyncio.get_running_loop().create_task(self._listen())
        try:
            yield event
        finally:
            self._forget(deal_id, event)

    def _forget(self, deal_id: str, event: asyncio.Event) -> None:
        self._ears[deal_id].discard(event)
        if not self._ears[deal_id]:
            del self._ears[deal_id]
        if not self._ears and self._listening:
            self._listening.cancel()
            self._listening = None

    async def _listen(self) -> None:
        pause = FIRST_PAUSE
        while self._ears:
            try:
                async with await psycopg.AsyncConnection.connect(
                    **_address(), autocommit=True
                ) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    pause = FIRST_PAUSE
                    self.connections += 1
                    self._nudge_all()
                    async for said in connection.notifies():
                        self._nudge(said.payload)
            except psycopg.Error as broken:
                logger.warning("events_listener_lost", extra={"reason": str(broken)})
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    def _nudge(self, deal_id: str) -> None:
        for event in self._ears.get(deal_id, ()):
            event.set()

    def _nudge_all(self) -> None:
        for deal_id in self._ears:
            self._nudge(deal_id)


def _address() -> dict[str, Any]:
    """The database of the settings, as libpq takes it; a pooler by transaction cannot be listened
    to.
    """
    database: dict[str, Any] = settings.DATABASES["default"]
    named = {
        "dbname": database["NAME"],
        "user": database["USER"],
        "password": database["PASSWORD"],
        "host": database["HOST"],
        "port": database["PORT"],
    }
    more = {name: value for name, value in database["OPTIONS"].items() if name.startswith("ssl")}
    return {name: value for name, value in named.items() if value} | more | ALIVE
