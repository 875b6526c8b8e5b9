"""Requests that want to hurt: the answer is a 4xx in words, and the next request is served."""

import pytest

from scf.trade.models import Order
from tests.api.machine import Machine, machine_of
from tests.api.test_orders import order_body
from tests.cast import *  # noqa: F403 - the cast as fixtures
from tests.factories.trade import draft_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def buyer(ma) -> Machine:
    return machine_of(ma)


def test_ten_thousand_query_parameters_are_refused(buyer):
    refused = buyer.get("/orders", {f"p{number}": "1" for number in range(10_000)})
    assert refused.status_code == 400
    assert buyer.get("/orders").status_code == 200


def test_ten_thousand_unknown_fields_are_refused_and_named_by_no_more_than_their_names(buyer):
    refused = buyer.post("/orders", {f"{'x' * 50}{number}": 1 for number in range(10_000)})
    assert refused.status_code == 400
    assert Order.objects.count() == 0


@pytest.mark.parametrize(
    "query",
    [
        {"organization__password__startswith": "a"},
        {"ordering": "total_minor"},
        {"order_by": "-id"},
        {"format": "api"},
        {"status": ["draft", "confirmed"]},
        {"search": "x" * 81},
        {"limit": "5000000000000000000000"},
        {"limit": "-1"},
        {"limit": "NaN"},
        {"cursor": "YQ"},
        {"cursor": "' OR 1=1 --"},
        {"cursor": "x" * 81},
        {"least_minor": "9" * 30},
        {"search": "\x00"},
    ],
    ids=str,
)
def test_a_filter_that_is_none_of_ours_is_a_400(buyer, query):
    draft_order()
    assert buyer.get("/orders", query).status_code == 400


@pytest.mark.parametrize("word", ["' OR 1=1 --", "%", "_", "\\", "{}", "${jndi:ldap://x}", "🧾"])
def test_a_search_is_only_a_search(buyer, word):
    draft_order(number="PO-1")
    answer = buyer.get("/orders", {"search": word})
    assert answer.status_code == 200
    assert answer.json()["results"] == []


def test_what_looks_like_markup_comes_back_as_it_went_in(jinhe, hengyan, buyer):
    name = "<script>alert(1)</script>{{7*7}}=cmd|' /C calc'!A0"
    body = order_body(jinhe, hengyan)
    body["lines"][0]["name"] = name
    made = buyer.post("/orders", body)
    assert made.json()["lines"][0]["name"] == name
    assert made.headers["Content-Type"].startswith("application/json")
    assert made.headers["X-Content-Type-Options"] == "nosniff"
    assert made.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_a_method_nobody_offers_is_a_405(buyer, method):
    order = draft_order()
    send = getattr(buyer.client, method)
    refused = send(f"/api/v1/orders/{order.pk}", headers=buyer._headers({}))
    assert (refused.status_code, refused.json()["code"]) == (405, "method_not_allowed")


def test_a_header_cannot_change_who_asks_or_what_is_done(buyer):
    order = draft_order()
    for name, value in (
        ("X-HTTP-Method-Override", "DELETE"),
        ("X-Forwarded-User", "opal"),
        ("X-Organization-Id", str(order.seller_id)),
        ("Host", "testserver"),
    ):
        answer = buyer.client.post(
            f"/api/v1/orders/{order.pk}/confirm",
            "{}",
            content_type="application/json",
            headers=buyer._headers({"Idempotency-Key": name, name: value}),
        )
        assert answer.json()["code"] == "not_your_side", name
    assert Order.objects.get(pk=order.pk).status == "draft"


def test_a_request_id_cannot_write_a_second_log_line_or_header(buyer):
    for wrong in ("a b", "a;b", "<b>", "字"):
        answer = buyer.get("/orders", X_Request_ID=wrong)
        assert answer.headers["X-Request-ID"] != wrong


def test_a_key_is_written_into_no_log(buyer, caplog):
    buyer.get("/orders", {"api_key": buyer.key})
    buyer.get("/nothing")
    secret = buyer.key.rsplit("_", 1)[-1]
    assert all(secret not in record.getMessage() for record in caplog.records)
