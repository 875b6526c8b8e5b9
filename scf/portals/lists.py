"""Lists whose filters live in the address: search, status tabs with counts, and pages by key."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from scf.portals.parts import Words

PAGE_SIZE = 25


@dataclass(frozen=True)
class Tab:
    """One choice of a filter with how many rows it holds."""

    label: Words
    url: str
    count: int
    is_here: bool


@dataclass(frozen=True)
class Page:
    """Some rows of a list, and the ways to the rows after and to the beginning."""

    rows: Sequence[Any]
    next_url: str = ""
    first_url: str = ""


def page_of(rows: Any, request: HttpRequest, *, size: int = PAGE_SIZE) -> Page:
    """The rows after the key ``after`` of the address, newest first; ids rise with time (UUIDv7).

    A key that is none is taken as the beginning.
    """
    after = _key(request.GET.get("after", ""))
    if after:
        rows = rows.filter(pk__lt=after)
    found = list(rows[: size + 1])
    more = len(found) > size
    found = found[:size]
    return Page(
        rows=found,
        next_url=address(request, after=str(found[-1].pk)) if more else "",
        first_url=address(request, after="") if after else "",
    )


def page_at(rows: Sequence[Any], request: HttpRequest, *, size: int = PAGE_SIZE) -> Page:
    """The rows of a list kept in memory from the place ``skip`` of the address on."""
    given = request.GET.get("skip", "")
    first = int(given) if given.isdecimal() and len(given) < 10 else 0
    return Page(
        rows=rows[first : first + size],
        next_url=address(request, skip=str(first + size)) if len(rows) > first + size else "",
        first_url=address(request, skip="") if first else "",
    )


def count_by_status(rows: Any) -> dict[str, int]:
    """How many of these rows are in each status; one query."""
    counted = rows.order_by().values("status").annotate(many=Count("pk"))
    return {row["status"]: row["many"] for row in counted}


def tabs_of(
    request: HttpRequest, counts: dict[str, int], choices: Iterable[tuple[str, Words]]
) -> list[Tab]:
    """``status`` as tabs: all, then each status there is any row of, or that is chosen."""
    chosen = request.GET.get("status", "")
    everything = Tab(
        _("全部"), address(request, status="", after=""), sum(counts.values()), not chosen
    )
    return [
        everything,
        *(
            Tab(label, address(request, status=value, after=""), counts.get(value, 0), here)
            for value, label in choices
            if (here := value == chosen) or counts.get(value)
        ),
    ]


def address(request: HttpRequest, **changes: str) -> str:
    """The address of this page with some of its filters changed; an empty one is taken out."""
    query: QueryDict = request.GET.copy()
    for name, value in changes.items():
        if value:
            query[name] = value
        else:
            query.pop(name, None)
    return f"{request.path}?{query.urlencode()}" if query else request.path


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
