"""Who may hear of a deal: the same session, second factor and tenancy as its page."""

from io import BytesIO
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port

from scf.core.errors import DomainError
from scf.portals.deal.access import READERS, open_deal


def admitted(scope: dict[str, Any], deal_id: UUID) -> tuple[int, Any]:
    """``(200, the user's id)``, else 401 without a session, 404 for a stranger, 400 for a foreign
    host, 503 while the database is away: the page then asks by itself until it comes again.

    Runs in a thread and gives its database connection back: a stream keeps none.
    """
    try:
        request = ASGIRequest(scope, BytesIO())
        request.get_host()
        SessionMiddleware(_nothing).process_request(request)
        request.user = get_user(request)
        by, _application = open_deal(request, deal_id, sides=READERS, needs="")
    except DisallowedHost:
        return 400, None
    except DomainError as refusal:
        return 401 if refusal.code == "login_required" else refusal.status, None
    except (OperationalError, InterfaceError):
        return 503, None
    finally:
        connection.close()
    return 200, by.user_id


def same_host(origin: str, host: str) -> bool:
    """Whether a page of ``origin`` lives on the stream's host, whatever its port: a browser's
    cookies make no difference between ports either.
    """
    return split_domain_port(origin.partition("://")[2])[0] == split_domain_port(host)[0] != ""


def _nothing(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()
