"""Orders by API: written down, listed, confirmed by the other side, brought in from a file."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from scf.trade.models import Order
from tests.api.machine import machine_of
from tests.factories.trade import confirmed_order, draft_order
from tests.trade.test_import_order import row, sheet

pytestmark = pytest.mark.django_db


def order_body(jinhe, hengyan, **changes):
    given = {
        "number": "PO-API-1",
        "buyer_id": str(jinhe.pk),
        "seller_id": str(hengyan.pk),
        "ordered_on": "2026-03-05",
        "lines": [
            {"name": "PP 拉丝 T30S", "unit": "TNE", "quantity": "50", "unit_price": "7604.13"},
            {"name": "PVC SG-5", "unit": "TNE", "quantity": "40.5", "unit_price": "5120"},
        ],
    }
    return {**given, **changes}


def test_an_order_is_written_down_and_read_back(jinhe, hengyan, ma):
    machine = machine_of(ma)
    made = machine.post("/orders", order_body(jinhe, hengyan))

    assert made.status_code == 201, made.content
    order = made.json()
    assert order["status"] == "draft"
    assert order["total_minor"] == 38020650 + 20736000
    assert order["currency"] == "CNY"
    assert [line["quantity"] for line in order["lines"]] == ["50", "40.5"]
    assert order["buyer"]["name"] == jinhe.name
    read = machine.get(f"/orders/{order['id']}")
    assert read.json() == order
    assert read.headers["Content-Type"] == "application/json"


def test_times_carry_their_offset(ma):
    order = draft_order()
    read = machine_of(ma).get(f"/orders/{order.pk}").json()
    assert read["created_at"].endswith("+08:00")


def test_the_other_side_confirms_and_actions_say_so(wei, ma):
    order = draft_order()
    seller, buyer = machine_of(wei), machine_of(ma)
    names = [each["name"] for each in seller.get(f"/orders/{order.pk}").json()["actions"]]
    assert "confirm" in names
    assert "confirm" not in [
        each["name"] for each in buyer.get(f"/orders/{order.pk}").json()["actions"]
    ]

    confirmed = seller.post(f"/orders/{order.pk}/confirm")

    assert confirmed.status_code == 200
    assert confirmed.json()["status"] == "confirmed"
    assert seller.post(f"/orders/{order.pk}/confirm").json()["code"] == "wrong_state"


def test_who_wrote_it_down_for_the_seller_cannot_confirm_it(jinhe, hengyan, wei):
    machine = machine_of(wei)
    order = machine.post("/orders", order_body(jinhe, hengyan)).json()
    refused = machine.post(f"/orders/{order['id']}/confirm")
    assert (refused.status_code, refused.json()["code"]) == (403, "four_eyes")
    assert Order.objects.get(pk=order["id"]).status == "draft"


def test_the_list_is_filtered_and_its_filters_are_from_a_list(ma):
    draft_order(number="PO-1")
    confirmed_order(number="PO-2")
    machine = machine_of(ma)
    found = machine.get("/orders", {"status": "confirmed"}).json()["results"]
    assert [each["number"] for each in found] == ["PO-2"]
    assert machine.get("/orders", {"search": "po-1"}).json()["results"][0]["number"] == "PO-1"
    for query in (
        {"buyer__name__startswith": "a"},
        {"status": "'; DROP TABLE"},
        {"limit": "0"},
        {"limit": "101"},
        {"least_minor": "1e3"},
        {"party_id": "1"},
    ):
        assert machine.get("/orders", query).status_code == 400, query


def test_pages_follow_each_other_without_gap_while_rows_are_added(ma):
    for number in range(5):
        draft_order(number=f"PO-{number}")
    machine = machine_of(ma)
    first = machine.get("/orders", {"limit": 2})
    draft_order(number="PO-late")
    assert first.headers["Link"].startswith("<http://testserver/api/v1/orders?limit=2&cursor=")

    seen, page = [], first.json()
    while True:
        seen += [each["number"] for each in page["results"]]
        if not page["next"]:
            break
        last = page
        page = machine.get(page["next"].removeprefix("http://testserver/api/v1")).json()
    assert seen == ["PO-4", "PO-3", "PO-2", "PO-1", "PO-0"]
    back = machine.get(page["previous"].removeprefix("http://testserver/api/v1")).json()
    assert back["results"] == last["results"]
    assert machine.get("/orders", {"cursor": "bogus"}).json()["code"] == "cursor_invalid"


def test_fifty_orders_cost_no_more_questions_than_two(ma, django_assert_max_num_queries):
    for number in range(50):
        draft_order(number=f"PO-{number:02}")
    machine = machine_of(ma)
    with django_assert_max_num_queries(6):
        assert len(machine.get("/orders").json()["results"]) == 50


def test_an_order_file_is_uploaded_dry_then_confirmed(ma, hengyan):
    machine = machine_of(ma)
    file = SimpleUploadedFile("orders.csv", sheet(row(), row(line="2")), "text/csv")
    uploaded = machine.upload("/imports", {"file": file})

    assert uploaded.status_code == 201, uploaded.content
    job = uploaded.json()
    assert (job["status"], job["errors"], job["order_ids"]) == ("checked", [], [])
    confirmed = machine.post(f"/imports/{job['id']}/confirm").json()
    assert confirmed["status"] == "confirmed"
    assert machine.get(f"/orders/{confirmed['order_ids'][0]}").json()["number"] == "PO-1"
    assert machine.get("/imports").json()["results"][0]["id"] == job["id"]


def test_a_file_that_is_none_is_refused_in_words(ma):
    file = SimpleUploadedFile("orders.csv", b"\x00\x01\x02", "text/csv")
    refused = machine_of(ma).upload("/imports", {"file": file})
    assert (refused.status_code, refused.json()["code"]) == (422, "import_refused")


def test_an_import_given_up_may_come_again(ma, hengyan):
    machine = machine_of(ma)
    content = sheet(row())
    job = machine.upload("/imports", {"file": SimpleUploadedFile("a.csv", content)}).json()
    again = machine.upload("/imports", {"file": SimpleUploadedFile("a.csv", content)}).json()
    assert again["code"] == "duplicate_file"
    refused = machine.post(f"/imports/{job['id']}/refuse", {"reason": "错误文件"})
    assert refused.json()["status"] == "refused"
    assert (
        machine.upload("/imports", {"file": SimpleUploadedFile("a.csv", content)}).status_code
        == 201
    )
