"""Is the process alive, and may it be given work: for supervisors and load balancers, without
login.
"""

from typing import Any

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from kombu.connection import Connection
from kombu.exceptions import OperationalError

from scf.chain.selectors import get_chain_health

BROKER_SECONDS = 1


def livez(_request: HttpRequest) -> HttpResponse:
    """200 while the process answers; it asks nobody else."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(_request: HttpRequest) -> JsonResponse:
    """200 when pages and services can work, else 503; every part is named with up or down.

    Only the database decides: the broker is a doorbell, and work that misses it is found by the
    pumps.
    """
    parts = {
        "database": _state(is_up=_database_answers()),
        "broker": _state(is_up=_broker_answers()),
    }
    is_ready = parts["database"] == "up"
    chain = _chain_position() if is_ready else {}
    answer = {"ready": is_ready, "parts": parts, "chain": chain}
    return JsonResponse(answer, status=200 if is_ready else 503)


def _chain_position() -> dict[str, object]:
    """How far the indexer is behind the chain: the last block and what waits."""
    health = get_chain_health()
    return {
        "last_block": health.last_block,
        "last_block_at": health.last_block_time,
        "lag_blocks": health.lag,
        "queued": health.queued,
        "sent": health.sent,
        "blocked": health.blocked,
        "unapplied_with_error": health.unapplied,
    }


def _state(*, is_up: bool) -> str:
    return "up" if is_up else "down"


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def _broker() -> Any:
    # Without a limit on reading, a broker that hangs would be waited for without end.
    limit = "read_timeout" if settings.BROKER_URL.startswith("amqp") else "socket_timeout"
    options = {"connect_timeout": BROKER_SECONDS, "transport_options": {limit: BROKER_SECONDS}}
    return Connection(settings.BROKER_URL, **options)  # type: ignore[no-untyped-call]


def _broker_answers() -> bool:
    try:
        with _broker() as broker:
            broker.ensure_connection(max_retries=1, timeout=BROKER_SECONDS)
    except (OSError, OperationalError):
        return False
    return True
