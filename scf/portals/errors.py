"""Pages for what went wrong: a refusal in words, in the reader's language and the other one.

The three that take an exception have the signature Django asks of its error pages.
"""

import sys
from typing import Any

from django.core.exceptions import DisallowedHost, RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from scf.core.errors import DomainError
from scf.portals.away import away, is_away


def refusal_page(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    """The sentence of the refusal; for htmx only the alert, put where the page keeps its alerts."""
    other = "en" if str(get_language()).startswith("zh") else "zh-hans"
    with override(other):
        in_other_language = refusal.text()
    context = {
        "sentence": refusal.text(),
        "other_sentence": in_other_language if in_other_language != refusal.text() else "",
        "other_language": other,
        "code": refusal.code,
        "status": refusal.status,
        "back": _came_from(request),
    }
    if request.headers.get("HX-Request"):
        response = render(request, "parts/refusal.html", context, status=refusal.status)
        response.headers["HX-Retarget"] = "#refusal"
        response.headers["HX-Reswap"] = "innerHTML"
        return response
    return render(request, "errors/refusal.html", context, status=refusal.status)


def _came_from(request: HttpRequest) -> str:
    """The page of ours on which the refused button stands; empty when it is the refused one."""
    page = page_of(request)
    is_same = request.method == "GET" and page == request.build_absolute_uri()
    return "" if is_same else page


def page_of(request: HttpRequest) -> str:
    """The page of ours a request was sent from; empty when the browser names none."""
    page = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, request.is_secure())
    return page if is_ours else ""


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """404: it does not exist, or not for you."""
    return _page(request, 404, _("没有这个页面，或者您无权查看"))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """403 from Django itself."""
    return _page(request, 403, _("您无权执行此操作"))


def csrf_failed(request: HttpRequest, **_why: object) -> HttpResponse:
    """403: the form came from elsewhere or is too old."""
    return _page(request, 403, _("表单已过期或来源不符，请返回上一页刷新后再提交"))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: not a request of ours; 413: more than a page takes."""
    if isinstance(exception, DisallowedHost):
        # No page of ours can be made for a name that is not ours.
        return HttpResponse("bad request\n", content_type="text/plain", status=400)
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        return _page(request, 413, _("提交的内容太大：请缩短文字或分几次提交"))
    return _page(request, 400, _("请求格式不正确"))


def not_offered(request: HttpRequest) -> HttpResponse:
    """405: this address does not take what was sent."""
    return _page(request, 405, _("这个地址不接受这种操作，请从页面上的按钮办理"))


def too_many(request: HttpRequest) -> HttpResponse:
    """429: too many tries."""
    return _page(request, 429, _("操作过于频繁，请稍后再试"))


def broken(request: HttpRequest) -> HttpResponse:
    """500: our fault; a page that needs neither database nor session. 503 when the database is
    away, wherever that was noticed: Django calls this while it handles the exception.
    """
    if is_away(sys.exception()):
        return away(request)
    return render(None, "500.html", status=500)


def _page(request: HttpRequest, status: int, sentence: object) -> HttpResponse:
    return refusal_page(request, _Said(sentence, status))


class _Said(DomainError):
    """A sentence of ours for what no service refused; it has no code."""

    def __init__(self, sentence: Any, status: int) -> None:
        super().__init__(sentence)
        self.status, self.code = status, ""
