"""Lists in pages that stay right while rows are added: by cursor, newest first."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request

from scf.api.errors import as_json
from scf.api.fields import Strict
from scf.api.refusals import RequestRefused
from scf.api.written import Out, row_written_by
from scf.core.actor import Actor

MOST = 100
AFTER, BEFORE = "a", "b"


class PageQuery(Strict):
    """``limit`` rows (1 to 100, 50 by default) from where ``cursor`` of another page points."""

    limit = serializers.IntegerField(min_value=1, max_value=MOST, default=50)
    cursor = serializers.CharField(max_length=80, required=False)


def page_of(
    request: Request,
    rows: Any,
    *,
    lists: Out,
    limit: int,
    cursor: str,
    by: Actor,
) -> HttpResponse:
    """One page of a queryset by falling id (UUIDv7, so newest first), with the links around it.

    Raises a 400 (cursor_invalid) for a cursor that no page gave.
    """
    way, at = _read(cursor) if cursor else (AFTER, None)
    is_back = way == BEFORE
    if at is not None:
        rows = rows.filter(pk__gt=at) if is_back else rows.filter(pk__lt=at)
    found = _read_rows(rows.order_by("pk" if is_back else "-pk")[: limit + 1], lists, by)
    has_more, found = len(found) > limit, found[:limit]
    if is_back:
        found.reverse()
    has_next, has_previous = (bool(found), has_more) if is_back else (has_more, at is not None)
    links = {
        "next": _link(request, AFTER, found[-1][0]) if has_next and found else None,
        "previous": _link(request, BEFORE, found[0][0]) if has_previous and found else None,
    }
    results = ",".join(text for _pk, text in found)
    body = f'{{"results":[{results}],{as_json(links).decode()[1:]}'
    return HttpResponse(body, content_type="application/json", headers=_link_header(links))


def _read_rows(rows: Any, lists: Any, by: Actor) -> list[tuple[UUID, str]]:
    """Each row's id and JSON: by the database where it can write it, else by the serializer."""
    written = row_written_by(lists, rows.model)
    if written is not None:
        return list(rows.values_list("pk", written))
    found = list(rows)
    shown = lists(found, many=True, context={"by": by}).data
    return [(row.pk, as_json(each).decode()) for row, each in zip(found, shown, strict=True)]


def _link(request: Request, way: str, at: UUID) -> str:
    query = {**request.query_params.dict(), "cursor": _write(way, at)}
    return request.build_absolute_uri(f"{request.path}?{urlencode(query)}")


def _link_header(links: dict[str, str | None]) -> dict[str, str]:
    names = {"next": "next", "previous": "prev"}
    parts = [f'<{url}>; rel="{names[name]}"' for name, url in links.items() if url]
    return {"Link": ", ".join(parts)} if parts else {}


def _write(way: str, at: UUID) -> str:
    return urlsafe_b64encode(way.encode() + at.bytes).decode().rstrip("=")


def _read(cursor: str) -> tuple[str, UUID]:
    try:
        content = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        way, at = content[:1].decode(), UUID(bytes=content[1:])
    except ValueError as wrong:
        raise _invalid() from wrong
    if way not in (AFTER, BEFORE):
        raise _invalid()
    return way, at


def _invalid() -> RequestRefused:
    return RequestRefused(_("cursor 不是本接口给出的"), code="cursor_invalid")
