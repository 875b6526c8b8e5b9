"""Where a page finds the stream of its deal."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port


def stream_address(request: HttpRequest, deal_id: UUID) -> str:
    """The address for the browser that asks: on the same host, so that its cookies are sent."""
    path = f"/events/deals/{deal_id}"
    if not settings.EVENTS_PORT:
        return path
    host, _port = split_domain_port(request.get_host())
    return f"{request.scheme}://{host}:{settings.EVENTS_PORT}{path}"
