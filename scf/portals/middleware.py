"""Language of the page, refusals of services as pages, and each portal for its own kind of
organization.
"""

import random
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import suspend_request
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db import OperationalError
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    QueryDict,
)
from django.urls import is_valid_path
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from scf.core.errors import DomainError, NotFound
from scf.parties.models import User
from scf.parties.services import touch_session
from scf.portals.errors import bad_request, not_offered, page_of, refusal_page
from scf.portals.session import session_of

Handler = Callable[[HttpRequest], HttpResponse]
View = Callable[..., HttpResponseBase]
TRIES = 4
ASK_AGAIN = 300.0  # seconds
SESSIONS_REMEMBERED = 10_000
ROOTS = {"e": "enterprise", "b": "bank", "m": "member", "o": "operator"}


class LanguageMiddleware:
    """The language the user chose, else the cookie's, else Chinese: never guessed from the
    browser.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.user.language if isinstance(request.user, User) else ""
        chosen = chosen or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
        return response


class LastSeenMiddleware:
    """Notes when a device was last used, for the list of devices of its owner."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self._asked: dict[str, float] = {}  # when this process last asked, by session

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        key = request.session.session_key
        if key and isinstance(request.user, User) and self._is_time(key):
            touch_session(key)
        return response

    def _is_time(self, key: str) -> bool:
        now = time.monotonic()
        if now - self._asked.get(key, -ASK_AGAIN) < ASK_AGAIN:
            return False
        if len(self._asked) >= SESSIONS_REMEMBERED:
            self._asked.clear()
        self._asked[key] = now
        return True


class PlainTextMiddleware:
    """No address, query or form of a page holds NUL: the database cannot keep one, nor seek it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        """400 in words for such a request; None lets the page run. The API has its own reader."""
        if request.path_info.startswith("/api/"):
            return None
        if "\x00" in request.path_info or _has_nul(request.GET) or _has_nul(request.POST):
            return bad_request(request, ValueError("NUL"))
        return None


def _has_nul(given: QueryDict) -> bool:
    return any("\x00" in text for name, texts in given.lists() for text in (name, *texts))


class RefusalMiddleware:
    """A DomainError raised by a page becomes a page in words, or the step that lifts it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, refusal: Exception
    ) -> HttpResponseBase | None:
        """The answer to a refusal; None for any other exception."""
        return answer_to(request, refusal) if isinstance(refusal, DomainError) else None


class MethodMiddleware:
    """An address that only takes forms, opened as a page, leads to the page it belongs to: the
    nearest one above it. A form sent where none is taken gets a page in words.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or request.path_info.startswith("/api/"):
            return response
        if request.method in ("GET", "HEAD"):
            return HttpResponseRedirect(_page_above(request.path_info))
        return not_offered(request)


def _page_above(path: str) -> str:
    """The longest address above this one that is a page of ours; ``/`` in the end."""
    parts = path.strip("/").split("/")
    for length in range(len(parts) - 1, 0, -1):
        above = "/" + "/".join(parts[:length])
        for address in (f"{above}/", above):
            if is_valid_path(address):
                return address
    return "/"


class PortalMiddleware:
    """``/e/``, ``/b/``, ``/m/`` and ``/o/`` exist only for organizations of that kind."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponseBase | None:
        """NotFound in another kind's portal, the login page before login; None lets the page
        run.
        """
        root = request.path_info.split("/")[1]
        try:
            if root in ROOTS and session_of(request).portal != ROOTS[root]:
                raise NotFound(_("没有这个页面，或者您无权查看"))
        except DomainError as refusal:
            return answer_to(request, refusal)
        return None


class RetryMiddleware:
    """A form that lost a race between two locks is handed in again, a few times, by itself.

    Stands last, so that everything that may refuse has had its say. The API has its own.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """The view's answer; None for what runs as it is: reads, the API, and the account pages,
        whose own refusals only find who answers them outside of here.
        """
        if request.method != "POST" or request.path_info.startswith(("/api/", "/accounts/")):
            return None
        for attempt in range(1, TRIES + 1):
            try:
                return view(request, *args, **kwargs)
            except OperationalError as clash:
                if attempt == TRIES or not _lost_a_race(clash):
                    raise
                _rewind(request)
                time.sleep(random.uniform(0.02, 0.1) * attempt)  # noqa: S311 - jitter, no secret
            except DomainError as refusal:
                return answer_to(request, refusal)
        return None


def _lost_a_race(clash: OperationalError) -> bool:
    """True for a serialization failure (40001) and a deadlock (40P01): worth trying again."""
    return getattr(clash.__cause__, "sqlstate", None) in ("40001", "40P01")


def _rewind(request: HttpRequest) -> None:
    for name in request.FILES:
        for file in request.FILES.getlist(name):
            file.seek(0)


def answer_to(request: HttpRequest, refusal: DomainError) -> HttpResponseBase:
    """The login page, the proof of who one is, or the refusal in words."""
    if refusal.code == "login_required":
        return _to_login(request)
    if refusal.code == "step_up_required":
        return _step_up(request)
    return refusal_page(request, refusal)


def _to_login(request: HttpRequest) -> HttpResponse:
    # Back to the page one is on; what was sent after the session had ended is said to be lost.
    if request.method == "GET" and "HX-Request" not in request.headers:
        return redirect_to_login(request.get_full_path())
    if request.method != "GET":
        messages.warning(request, _("登录已过期，刚才提交的内容没有办理：请登录后重新提交"))
    page = urlsplit(page_of(request))._replace(scheme="", netloc="", fragment="")
    answer = redirect_to_login(page.geturl() or "/")
    if "HX-Request" in request.headers:
        return HttpResponse(headers={"HX-Redirect": answer.headers["Location"]})
    return answer


def _step_up(request: HttpRequest) -> HttpResponse:
    # The form that was sent is kept and sent again once the person has proved who it is.
    methods = get_adapter().get_reauthentication_methods(request.user)
    response: HttpResponse = suspend_request(request, methods[0]["url"])
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": response.headers["Location"]})
    return response
