"""Every refusal and failure as a problem document (RFC 9457), in the reader's language and both."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer

from scf.api.codes import CODES
from scf.api.fields import LANGUAGES, WrongFields
from scf.api.refusals import Broken, NotOffered, NotRead, NotServed, RequestRefused, TooLarge
from scf.core.errors import DomainError, Forbidden, NotFound, Unavailable

log = logging.getLogger(__name__)

PROBLEM = "application/problem+json"
RESERVED = {"type", "title", "status", "detail", "detail_zh", "detail_en", "code", "errors"}
RETRY_AFTER = {"request_in_flight": "1", "busy": "1", "unavailable": "5"}


def problem_response(error: Exception, *, request: Any) -> HttpResponse:
    """The answer to an exception: a refusal in words, or a 500 that is logged with its id."""
    refusal = as_refusal(error)
    if refusal is None:
        log.error(
            "api.request_failed",
            exc_info=error,
            extra={"request_id": request.request_id, "path": request.path},
        )
        refusal = Broken(_("服务器内部错误，请凭请求编号联系我们"))
    body = problem_of(refusal, request=request, errors=_field_errors(error))
    response = HttpResponse(as_json(body), content_type=PROBLEM, status=refusal.status)
    for name, value in _headers(error, refusal).items():
        response.headers[name] = value
    return response


def problem_of(
    refusal: DomainError, *, request: Any, errors: Sequence[Mapping[str, str]] = ()
) -> dict[str, Any]:
    """The members of the problem document; values of the refusal stand beside the standard ones."""
    words = {}
    for language, name in (("zh-hans", "detail_zh"), ("en", "detail_en")):
        with override(language):
            words[name] = refusal.text()
    known = CODES.get(refusal.code)
    own = {(f"{name}_value" if name in RESERVED else name): value for name, value in _own(refusal)}
    return {
        **own,
        "type": request.build_absolute_uri(reverse("api_problem", args=[refusal.code])),
        "title": known[1 if get_language() == "en" else 0] if known else refusal.code,
        "status": refusal.status,
        "detail": refusal.text(),
        **words,
        "code": refusal.code,
        "request_id": request.request_id,
        **({"errors": list(errors)} if errors else {}),
    }


def as_json(value: object) -> bytes:
    """The value as UTF-8 JSON, the way every answer of the API is written."""
    content: bytes = JSONRenderer().render(value)
    return content


def as_refusal(error: Exception) -> DomainError | None:
    """The refusal an exception stands for; None for a fault of ours."""
    if isinstance(error, DomainError):
        return error
    known = _refusals()
    return next((refusal for kind, refusal in known.items() if isinstance(error, kind)), None)


def _refusals() -> dict[type[Exception], DomainError]:
    """What Django, its database and its REST framework raise, the narrower kind first."""
    return {
        Http404: NotFound(_("没有这个地址，或您无权查看")),
        PermissionDenied: Forbidden(_("您无权执行此操作")),
        OperationalError: Unavailable(_("系统繁忙：请稍后用同一幂等键重试"), code="busy"),
        InterfaceError: Unavailable(_("系统繁忙：请稍后用同一幂等键重试"), code="busy"),
        RequestDataTooBig: TooLarge(_("请求正文过大")),
        SuspiciousOperation: RequestRefused(_("请求格式不正确")),
        exceptions.ValidationError: RequestRefused(
            _("请求内容不正确，见各字段"), code="validation_failed"
        ),
        exceptions.ParseError: RequestRefused(_("请求格式不正确")),
        exceptions.MethodNotAllowed: NotOffered(_("这个地址不支持该方法")),
        exceptions.NotAcceptable: NotServed(_("只提供 application/json")),
        exceptions.UnsupportedMediaType: NotRead(_("不支持这种 Content-Type")),
    }


def _own(refusal: DomainError) -> Iterator[tuple[str, Any]]:
    for name, value in refusal.extra.items():
        is_plain = value is None or isinstance(value, bool | int | list | dict)
        yield name, value if is_plain else str(value)


def _headers(error: Exception, refusal: DomainError) -> dict[str, str]:
    found = {}
    if refusal.status == 401:
        found["WWW-Authenticate"] = 'Bearer realm="scf"'
    if refusal.status == 429:
        found["Retry-After"] = str(refusal.extra.get("seconds", 60))
    if refusal.code in RETRY_AFTER or refusal.status == 503:
        found["Retry-After"] = RETRY_AFTER.get(refusal.code, "5")
    return found | dict(getattr(error, "allow_header", {}))


def _field_errors(error: Exception) -> list[dict[str, str]]:
    if not isinstance(error, exceptions.ValidationError):
        return []
    own = list(_walk(error.detail, ""))
    if not isinstance(error, WrongFields):
        return own
    zh, en = (list(_walk(error.both[language], "")) for language in LANGUAGES)
    return [
        one | {"detail_zh": chinese["detail"], "detail_en": english["detail"]}
        for one, chinese, english in zip(own, zh, en, strict=True)
    ]


def _walk(detail: Any, pointer: str) -> Iterator[dict[str, str]]:
    """Each wrong field with its JSON pointer (RFC 6901), its sentence and its kind.

    A sentence may repeat what was sent, and half a character in it could not be written.
    """
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            own = "" if name == "non_field_errors" else f"/{_escaped(str(name))}"
            yield from _walk(inner, pointer + own)
    elif isinstance(detail, list | tuple):
        for position, inner in enumerate(detail):
            is_list = isinstance(inner, Mapping | list)
            yield from _walk(inner, f"{pointer}/{position}" if is_list else pointer)
    else:
        yield {
            "pointer": pointer,
            "field": pointer.strip("/").replace("/", "."),
            "detail": str(detail).encode(errors="replace").decode(),
            "code": str(getattr(detail, "code", "invalid")),
        }


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
