"""The database does not answer: a calm page in both languages that asks it nothing."""

import json

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

RETRY_AFTER = "5"  # seconds
ZH = "系统暂时连不上数据库，片刻后会自动恢复。凡显示成功的都已保存，不会丢失；请稍后再试。"
EN = (
    "The database cannot be reached for the moment. Nothing that was acknowledged is lost; "
    "please try again in a moment."
)


def is_away(error: BaseException | None) -> bool:
    """Whether it says that the database cannot be reached, or not be worked with now."""
    return isinstance(error, OperationalError | InterfaceError)


def away(request: HttpRequest) -> HttpResponse:
    """503: for a machine a problem document, for a part of a page its alert, else a whole page.

    Nothing here asks for a session, a user or a translation: each may lie in the database.
    """
    if request.path_info.startswith("/api/"):
        response = HttpResponse(_problem(), content_type="application/problem+json", status=503)
    elif request.headers.get("HX-Request"):
        response = render(None, "parts/away.html", {"zh": ZH, "en": EN}, status=503)
        response.headers["HX-Retarget"] = "#refusal"
        response.headers["HX-Reswap"] = "innerHTML"
    else:
        response = render(None, "503.html", {"zh": ZH, "en": EN}, status=503)
    response.headers["Retry-After"] = RETRY_AFTER
    response.headers["Cache-Control"] = "no-store"
    return response


def _problem() -> str:
    body = {
        "type": "/api/problems/busy",
        "title": "系统繁忙 / busy",
        "status": 503,
        "detail": ZH,
        "detail_zh": ZH,
        "detail_en": EN,
        "code": "busy",
    }
    return json.dumps(body, ensure_ascii=False)
