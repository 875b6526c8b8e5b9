"""Every page under everything that may be asked of it or posted to it: never a 500.

The addresses are those of the site, the forms those the pages themselves show.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from scf.financing.models import Application
from scf.rehearsal.people import user_of
from scf.workflow.models import Fact
from tests.adversarial.hostile import HOLES, METHODS, WORST
from tests.cast import *  # noqa: F403 - the cast as fixtures
from tests.factories.trade import confirmed_order, draft_order
from tests.portals.deal.walk import submitted
from tests.portals.rooms import browser_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
QUERY = "?q=%00&status=%ff&page=-1&least=1e30&most=NaN&cursor=%F0%9F%A7%BE&since=" + "9" * 40
WORST_TEXTS = [text for text in WORST if isinstance(text, str)]
PEOPLE = ("ma", "nuo", "lan", "luo", "chen", "opal", "ji", "sly")


@pytest.fixture(autouse=True)
def _documents_root(settings, tmp_path):
    settings.DOCUMENTS_ROOT = str(tmp_path / "documents")


@pytest.fixture
def application(db: None) -> Application:
    for key in PEOPLE:
        user_of(key)
    return submitted(None)


@pytest.fixture
def browsers(application) -> dict[str, Client]:
    """Somebody of each kind who has shown a second factor, and somebody unknown."""
    found = {key: browser_of(key) for key in PEOPLE} | {"nobody": Client()}
    for client in found.values():
        client.raise_request_exception = False
    return found


def routes(resolver: URLResolver | None = None, before: str = "/") -> Iterator[str]:
    """The address of every page, with its holes as ``<uuid:deal_id>``; the API has its own test."""
    for each in (resolver or get_resolver()).url_patterns:
        here = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield here
        elif not here.startswith("/api/"):
            yield from routes(each, here)


def filled(route: str, ids: dict[str, Any], hole: str | None = None) -> str:
    """The address with these ids; what is unknown gets the hole, or an id of nothing."""
    parts = []
    for part in route.split("/"):
        opened, _open, rest = part.partition("<")
        name, _close, after = rest.partition(">")
        kind, _colon, word = name.partition(":")
        nothing = str(UUID(int=7)) if kind == "uuid" else "1"
        value = ids.get(word, hole or nothing)
        parts.append(f"{opened}{value}{after}" if rest else part)
    return "/".join(parts)


@dataclass
class Form:
    """A form of a page: where it goes and what it holds."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)


class Forms(HTMLParser):
    """Collects the forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(Form(given.get("action", ""), given.get("method", "get").lower()))
        elif tag in ("input", "textarea", "select", "button") and given.get("name") and self.found:
            self.found[-1].fields.setdefault(given["name"], given.get("value", ""))
            self._select = given["name"] if tag == "select" else ""
        elif tag == "option" and self._select and given.get("value"):
            fields = self.found[-1].fields
            fields[self._select] = fields[self._select] or given["value"]


def forms_of(page: bytes) -> list[Form]:
    reader = Forms()
    reader.feed(page.decode())
    return reader.found


def test_no_method_and_no_query_breaks_an_address(browsers):
    for route in routes():
        url = filled(route, {})
        for method in METHODS:
            answer = browsers["luo"].generic(method, url)
            assert answer.status_code < 500 or url == "/readyz", (method, url)
        for key in ("nobody", "ma", "ji", "sly"):
            answer = browsers[key].get(url + QUERY)
            assert answer.status_code < 500 or url == "/readyz", (key, url)


@pytest.mark.parametrize("hole", HOLES)
def test_no_id_breaks_an_address(hole, browsers, application):
    for route in routes():
        if "<" not in route:
            continue
        for ids in ({}, {"deal_id": application.deal_id, "order_id": application.order_id}):
            url = filled(route, ids, hole)
            for method in ("GET", "POST"):
                answer = browsers["luo"].generic(method, url)
                assert answer.status_code < 500, (method, url)


def test_an_auditor_reads_and_changes_nothing(browsers, application):
    ids = {"deal_id": application.deal_id, "order_id": application.order_id}
    ids |= {"programme_id": application.programme_id}
    before = Fact.objects.count()
    for route in routes():
        url = filled(route, ids)
        if "/accounts/" in url or url.startswith(("/inbox/", "/preferences/")):
            continue  # one's own login, language and messages
        assert browsers["ji"].get(url).status_code < 500, url
        answer = browsers["ji"].post(url, {"reason": "x", "note": "x", "seen": "0" * 64})
        assert answer.status_code < 500, url
    assert Fact.objects.count() == before


def test_no_bytes_break_a_form(browsers, application):
    form, parts = "application/x-www-form-urlencoded", "multipart/form-data"
    bodies = [
        (b"a=%ff&%00=1&q=" + b"x" * 10_000, form),
        (b"&".join(b"f%d=1" % number for number in range(2_000)), form),
        (b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff', f"{parts}; boundary=x"),
        (b"x" * 100, parts),
        (b"{}", "application/json"),
        (b"\x00", ""),
    ]
    ids = {"deal_id": application.deal_id, "order_id": application.order_id}
    for route in routes():
        for body, media in bodies:
            answer = browsers["nuo"].generic("POST", filled(route, ids), body, media)
            assert answer.status_code < 500, (route, media)


@pytest.fixture
def pages(application) -> list[tuple[str, str]]:
    """Pages with forms, of things that are there, and who looks at them."""
    draft, free = draft_order(number="PO-DRAFT"), confirmed_order(number="PO-FREE")
    deal, programme = f"/deals/{application.deal_id}/", application.programme_id
    return [
        ("nobody", "/accounts/login/"),
        ("nobody", "/verify/"),
        ("ma", "/orders/"),
        ("ma", "/orders/import/"),
        ("ma", f"/orders/{draft.pk}/"),
        ("ma", f"/applications/new/{free.pk}/"),
        ("ma", f"/applications/new/{free.pk}/terms?lines=1-2"),
        ("ma", "/applications/"),
        ("ma", deal),
        ("luo", f"{deal}review"),
        ("chen", "/programmes/"),
        ("chen", f"/programmes/{programme}/"),
        ("chen", "/b/programmes/new/"),
        ("chen", f"/b/programmes/{programme}/terms"),
        ("chen", "/b/limits/new/"),
        ("opal", "/stuck/"),
    ]


def test_no_value_of_any_field_breaks_a_form(browsers, pages):
    posted, seen = 0, set()
    for key, url in pages:
        page = browsers[key].get(url)
        assert page.status_code == 200, (key, url, page.status_code)
        for form in forms_of(page.content):
            # The forms around a page are on all of a person's pages; each is tried once.
            form.action = form.action or url
            known = (key, form.action, form.method, *form.fields)
            if "logout" in form.action or known in seen:
                continue
            seen.add(known)
            send = browsers[key].post if form.method == "post" else browsers[key].get
            for name in form.fields:
                for text in WORST_TEXTS:
                    answer = send(form.action, form.fields | {name: text})
                    assert answer.status_code < 500, (url, form.action, name, text)
                    posted += 1
    assert posted > 300
