"""Every address of the API under everything that may be sent to it: refused in words, never a 500.

The addresses and the names of their fields are those of the committed description.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import yaml
from django.conf import settings

from scf.financing.models import Application
from tests.adversarial.hostile import BODIES, HOLES, KEYS, MEDIA, METHODS, TEXTS, VALUES, WORST
from tests.api.machine import ROOT, Machine, machine_of
from tests.cast import *  # noqa: F403 - the cast as fixtures
from tests.factories.trade import draft_order
from tests.portals.deal.walk import submitted

pytestmark = pytest.mark.django_db

SCHEMA = yaml.safe_load((Path(settings.BASE_DIR) / "docs" / "openapi.yaml").read_text())
VERBS = [path for path, verbs in SCHEMA["paths"].items() if "post" in verbs]
LISTS = [path for path in SCHEMA["paths"] if "{" not in path and "get" in SCHEMA["paths"][path]]

# One of each door: JSON that is kept, JSON that is only asked, a verb without words, an upload,
# and an address that is not there.
ODD_READERS = (
    f"{ROOT}/orders",
    f"{ROOT}/applications/preview",
    f"{ROOT}/applications/{{application_id}}/sign",
    f"{ROOT}/imports",
    f"{ROOT}/nowhere",
)


@pytest.fixture
def machines(ma, nuo, wei, luo) -> list[Machine]:
    """The buyer's maker and signer, the seller's sales, the bank's operations."""
    return [machine_of(each) for each in (ma, nuo, wei, luo)]


@pytest.fixture
def application(machines) -> Application:
    return submitted(None)


@pytest.fixture
def ids(application) -> dict[str, Any]:
    """Ids of things that are there, so that words are looked at and not only addresses."""
    return {
        "order_id": draft_order(number="PO-DRAFT").pk,
        "application_id": application.pk,
        "deal_id": application.deal_id,
        "delivery_line_id": 1,
        "acceptance_id": 1,
    }


def address(path: str, ids: dict[str, Any]) -> str:
    """The path with these ids, and unknown ones where none is given."""
    for name in ("application", "order", "deal", "delivery", "loan", "import", "guarantee"):
        path = path.replace(f"{{{name}_id}}", str(ids.get(f"{name}_id", UUID(int=7))))
    path = path.replace("{delivery_line_id}", str(ids.get("delivery_line_id", 1)))
    return path.replace("{acceptance_id}", str(ids.get("acceptance_id", 1)))


def fields_of(path: str) -> dict[str, Any]:
    """The fields a verb takes, each with its schema."""
    contents = SCHEMA["paths"][path]["post"].get("requestBody", {}).get("content", {})
    schema = next(iter(contents.values()), {}).get("schema", {})
    return dict(resolved(schema).get("properties", {}))


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    for each in (schema, *schema.get("allOf", [])):
        if "$ref" in each:
            return SCHEMA["components"]["schemas"][each["$ref"].rsplit("/", 1)[-1]]
    return schema


def decent(schema: dict[str, Any]) -> Any:
    """Some value of the right kind."""
    schema = resolved(schema)
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "array":
        return [decent(schema["items"])]
    if "properties" in schema:
        return {name: decent(each) for name, each in schema["properties"].items()}
    by_format = {"uuid": str(uuid4()), "date": "2026-12-31", "int64": 1}
    by_kind = {"integer": 1, "boolean": True}
    found = by_format.get(schema.get("format", ""), by_kind.get(str(schema.get("type")), "x"))
    return "1" if "pattern" in schema else found


def bodies_of(path: str) -> Iterator[tuple[dict[str, Any], str]]:
    """Bodies wrong in every field, and bodies right in all but one: each field with the worst."""
    fields = fields_of(path)
    right = {name: decent(schema) for name, schema in fields.items()}
    for value in VALUES:
        yield dict.fromkeys(fields, value), f"all={str(value)[:20]!r}"
    for name, schema in fields.items():
        inner = resolved(schema)
        items = resolved(inner.get("items", {})).get("properties", {})
        for value in WORST:
            yield right | {name: value}, f"{name}={str(value)[:20]!r}"
            for below in items:
                row = {**decent(inner)[0], below: value}
                yield right | {name: [row]}, f"{name}[].{below}={str(value)[:20]!r}"


def is_refused_in_words(answer: Any) -> bool:
    if answer.status_code < 400:
        return True
    body = answer.json()
    return answer.status_code < 500 and bool(body["detail_zh"] and body["detail_en"])


def test_no_method_breaks_an_address(ids, machines):
    buyer = machines[0]
    for path in SCHEMA["paths"]:
        for method in METHODS:
            url = address(path, ids)
            answer = buyer.client.generic(method, url, b"{}", headers=buyer._headers({}))
            assert answer.status_code < 500, (method, path)


@pytest.mark.parametrize("path", ODD_READERS, ids=lambda path: path.removeprefix(ROOT))
def test_no_media_type_and_no_bytes_break_an_address(path, ids, machines):
    buyer = machines[0]
    sent = [(body, "application/json") for body in BODIES] + [(b"{}", media) for media in MEDIA]
    for body, media in sent:
        key = {"Idempotency-Key": uuid4().hex}
        answer = buyer.client.generic(
            "POST", address(path, ids), body, media, headers=buyer._headers(key)
        )
        assert is_refused_in_words(answer), (body[:30], media, answer.content[:300])


@pytest.mark.parametrize("path", VERBS, ids=lambda path: path.removeprefix(ROOT))
def test_no_value_of_any_field_breaks_a_verb(path, ids, machines):
    url = address(path, ids).removeprefix(ROOT)
    for count, (body, named) in enumerate(bodies_of(path)):
        answer = machines[count % len(machines)].post(url, body)
        assert is_refused_in_words(answer), (named, answer.content[:300])


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.removeprefix(ROOT))
def test_no_filter_breaks_a_list(path, machines, application):
    named = [each["name"] for each in SCHEMA["paths"][path]["get"]["parameters"]]
    for name in (*named, "nothing", "\x00"):
        for text in TEXTS:
            answer = machines[0].get(path.removeprefix(ROOT), {name: text})
            assert is_refused_in_words(answer), (name, text, answer.content[:300])
    raw = machines[0].client.get(f"{path}?search=%ff%fe&%00=%", headers=machines[0]._headers({}))
    assert raw.status_code == 400


@pytest.mark.parametrize("hole", HOLES)
def test_no_id_breaks_an_address(hole, machines):
    names = ("order_id", "application_id", "deal_id", "delivery_id", "import_id", "loan_id")
    numbers = ("delivery_line_id", "acceptance_id")
    holes = [path for path in SCHEMA["paths"] if "{" in path]
    urls = {
        address(path, dict.fromkeys(numbers, hole))
        for path in holes
        if "line" in path or "acc" in path
    }
    urls |= {address(path, dict.fromkeys((*names, *numbers), hole)) for path in holes}
    for url in sorted(urls):
        method = "GET" if url.count("/") == 4 else "POST"
        headers = machines[0]._headers({"Idempotency-Key": uuid4().hex})
        answer = machines[0].client.generic(method, url, b"{}", headers=headers)
        assert 400 <= answer.status_code < 500, (method, url)


def test_no_idempotency_key_breaks_a_verb_and_none_serves_two_bodies(machines):
    buyer = machines[0]
    for key in KEYS:
        answer = buyer.post("/applications/preview", {}, once=key or None)
        assert is_refused_in_words(answer), key
        answer = buyer.post(f"/orders/{uuid4()}/cancel", {"reason": "x"}, once=key or None)
        assert is_refused_in_words(answer), key
    order = draft_order(number="PO-TWICE")
    first = buyer.post(f"/orders/{order.pk}/cancel", {"reason": "x"}, once="k")
    again = buyer.post(f"/orders/{order.pk}/cancel", {"reason": "x"}, once="k")
    other = buyer.post(f"/orders/{order.pk}/cancel", {"reason": "y"}, once="k")
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
