"""JSON that Python reads and money cannot bear; names that are nobody's; amounts that are none."""

import json

import pytest

from scf.trade.models import Order, OrderLine
from tests.api.machine import machine_of
from tests.api.test_orders import order_body

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b"null",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": -Infinity}',
        b'{"a": 1, "a": 2}',
        b'{"\\ud800": 1}',
        b'{"lines": [{"\\udfff": 1}]}',
        b'{"lines": [{"b": 1, "b": 1}]}',
        b'{"a": ' + b"9" * 5000 + b"}",
        b'{"a": 0.' + b"9" * 5000 + b"}",
        b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"a": ' + b'{"a":' * 20 + b"1" + b"}" * 20 + b"}",
        b'{"a": "\xff\xfe"}',
        '{"a": "字"}'.encode("utf-16"),
        b"{'a': 1}",
    ],
    ids=range(19),
)
def test_json_that_is_none_or_too_much_is_a_400(content, ma):
    refused = machine_of(ma).post("/orders", content)
    assert refused.status_code == 400
    assert refused.json()["code"] in {"malformed_json", "validation_failed"}
    assert Order.objects.count() == 0


def test_a_body_above_a_megabyte_is_a_413(ma):
    refused = machine_of(ma).post("/orders", b'{"a": "' + b"x" * 2_000_000 + b'"}')
    assert (refused.status_code, refused.json()["code"]) == (413, "body_too_large")


def test_brackets_inside_a_text_are_no_depth(jinhe, hengyan, ma):
    body = order_body(jinhe, hengyan, note='["\\" [[[[[[[[[[[[[[[[[[[[[[' * 3)
    assert machine_of(ma).post("/orders", body).status_code == 201


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("quantity", 50),
        ("quantity", "0"),
        ("quantity", "-1"),
        ("quantity", "NaN"),
        ("quantity", "sNaN"),
        ("quantity", "Infinity"),
        ("quantity", "1e400"),
        ("quantity", "1E2"),
        ("quantity", "0.0000001"),
        ("quantity", "1" * 13),
        ("quantity", "٥"),
        ("quantity", " 5"),
        ("unit_price", "-0.01"),
        ("unit_price", True),
        ("unit_price", None),
        ("amount_minor", -1),
        ("amount_minor", 0.5),
        ("amount_minor", "100"),
        ("amount_minor", True),
        ("amount_minor", 2**63),
        ("amount_minor", 10**18 * 10),
        ("name", ""),
        ("name", 7),
        ("name", "a\u0000b"),
        ("name", "\ud800"),
        ("name", "x" * 301),
        ("tax_ppm", 1_000_001),
        ("tax_ppm", -1),
    ],
)
def test_a_figure_or_a_name_that_is_none_is_refused_and_nothing_is_kept(
    jinhe, hengyan, ma, name, value
):
    body = order_body(jinhe, hengyan)
    body["lines"][0][name] = value
    refused = machine_of(ma).post("/orders", body)
    assert refused.status_code == 400, refused.content
    assert Order.objects.count() == 0


@pytest.mark.parametrize("currency", ["cny", "XXX", "", 1, None, "CNY ", "\ud800", "\udfffCNY"])
def test_a_currency_that_is_none_is_refused(jinhe, hengyan, ma, currency):
    refused = machine_of(ma).post("/orders", order_body(jinhe, hengyan, currency=currency))
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["pointer"] == "/currency"


def test_each_wrong_field_is_told_in_both_languages(jinhe, hengyan, ma):
    body = order_body(jinhe, hengyan, number="")
    body["lines"][0]["quantity"] = 1.5
    said, gesagt = (
        machine_of(ma).post("/orders", body, Accept_Language=language).json()["errors"]
        for language in ("en", "zh-CN")
    )
    assert [one["pointer"] for one in said] == ["/number", "/lines/0/quantity"]
    for english, chinese in zip(said, gesagt, strict=True):
        assert english["detail"] == english["detail_en"] == chinese["detail_en"]
        assert chinese["detail"] == chinese["detail_zh"] == english["detail_zh"]
        assert english["detail"] != chinese["detail"]


@pytest.mark.parametrize(
    "name",
    ["status", "total_minor", "deal_id", "id", "turn_party", "created_at", "is_staff", "__class__"],
)
def test_what_is_not_the_clients_to_say_is_refused_and_not_kept(jinhe, hengyan, ma, name):
    refused = machine_of(ma).post("/orders", order_body(jinhe, hengyan, **{name: "confirmed"}))
    assert refused.status_code == 400
    assert {"pointer": f"/{name}", "field": name} == {
        key: refused.json()["errors"][0][key] for key in ("pointer", "field")
    }
    assert Order.objects.count() == 0


@pytest.mark.parametrize("name", ["status", "locked_by", "financed_minor", "accepted_quantity"])
def test_a_line_cannot_be_given_a_status_or_a_holder(jinhe, hengyan, ma, name):
    body = order_body(jinhe, hengyan)
    body["lines"][1][name] = "locked"
    assert machine_of(ma).post("/orders", body).status_code == 400
    assert OrderLine.objects.count() == 0


def test_an_order_between_others_is_no_order_of_mine(hengyan, tongze, ma):
    refused = machine_of(ma).post("/orders", order_body(tongze, hengyan))
    assert refused.status_code == 404
    assert json.loads(refused.content)["code"] == "not_found"
