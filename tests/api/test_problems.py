"""What is refused, in which words, and that every code is explained once."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from scf.api.codes import CODES
from scf.core import errors
from tests.api.machine import Machine, machine_of
from tests.factories.trade import draft_order

pytestmark = pytest.mark.django_db
SCF = Path(errors.__file__).resolve().parent.parent
RAISERS = {
    "Conflict", "Forbidden", "NotFound", "RequestRefused", "RuleBroken", "Unauthorized",
    "Unavailable",
}  # fmt: skip
KINDS = {"errors.py", "refusals.py"}


def raised() -> Iterator[str]:
    """The ``code`` of every refusal in the product, and those that kinds have of their own."""
    for path in SCF.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                codes = [word.value for word in node.keywords if word.arg == "code"]
                if name in RAISERS:
                    yield from (code.value for code in codes if isinstance(code, ast.Constant))
            if isinstance(node, ast.Assign) and path.name in KINDS:
                is_default = any(getattr(each, "id", "") == "default_code" for each in node.targets)
                if is_default and isinstance(node.value, ast.Constant):
                    yield str(node.value.value)


def test_every_code_that_is_raised_is_explained_and_no_other():
    """When this fails, add the code with its words to ``scf/api/codes.py``, or take it out."""
    assert set(raised()) - set(CODES) == set()
    assert set(CODES) - set(raised()) == set()
    assert list(CODES) == sorted(CODES)


def test_a_refusal_speaks_both_languages_and_the_one_asked_for(wei):
    machine = machine_of(wei)
    order = draft_order()
    machine.post(f"/orders/{order.pk}/confirm")

    english = machine.post(f"/orders/{order.pk}/confirm", Accept_Language="en")
    chinese = machine.post(f"/orders/{order.pk}/confirm", Accept_Language="zh-CN,zh;q=0.9")

    said, gesagt = english.json(), chinese.json()
    assert english.status_code == 409
    assert said["detail"] == said["detail_en"] == gesagt["detail_en"]
    assert gesagt["detail"] == gesagt["detail_zh"] == said["detail_zh"]
    assert said["detail"] != gesagt["detail"]
    assert (english.headers["Content-Language"], chinese.headers["Content-Language"]) == (
        "en",
        "zh-hans",
    )
    assert said["title"] == CODES["wrong_state"][1]
    assert said["status_value"] == "confirmed"


def test_the_type_of_a_problem_leads_to_a_page_that_explains_it(ma):
    problem = machine_of(ma).get("/orders", {"cursor": "x"}).json()
    path = problem["type"].removeprefix("http://testserver")
    page = Client().get(path)
    assert page.status_code == 200
    assert problem["code"] in page.content.decode()
    assert Client().get("/api/problems/no_such_code").status_code == 404
    listed = Client().get("/api/problems/").content.decode()
    assert all(f'id="{code}"' in listed for code in CODES)


def test_a_request_id_goes_in_and_out_and_is_made_when_it_is_no_id(ma):
    machine = machine_of(ma)
    kept = machine.get("/nothing", X_Request_ID="erp-2026:17")
    assert kept.headers["X-Request-ID"] == kept.json()["request_id"] == "erp-2026:17"
    made = machine.get("/orders", X_Request_ID="x" * 200)
    assert len(made.headers["X-Request-ID"]) == 36


def test_wrong_fields_are_named_with_pointers(ma):
    body = {
        "number": "",
        "buyer_id": "x",
        "ordered_on": "2026-02-30",
        "lines": [
            {"name": "PP", "unit": "TNE", "quantity": 1, "unit_price": "1", "status": "closed"},
        ],
    }
    refused = machine_of(ma).post("/orders", body)
    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (400, "validation_failed")
    found = {each["pointer"] for each in problem["errors"]}
    assert {"/number", "/buyer_id", "/seller_id", "/ordered_on"} <= found
    assert "/lines/0/status" in found


def test_methods_media_and_forms_have_their_own_refusals(ma):
    machine = machine_of(ma)
    deleted = machine.client.delete("/api/v1/orders", headers=machine._headers({}))
    assert (deleted.status_code, deleted.json()["code"]) == (405, "method_not_allowed")
    assert "POST" in deleted.headers["Allow"]
    html = machine.get("/orders", Accept="text/html")
    assert (html.status_code, html.json()["code"]) == (406, "not_acceptable")
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/xml"):
        form = machine.post("/orders", "{}", media=kind)
        assert (form.status_code, form.json()["code"]) == (415, "media_type_unsupported")


def test_a_fault_of_ours_is_a_problem_with_an_id_and_no_words_of_the_fault(ma, caplog):
    machine = machine_of(ma)
    order = draft_order()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE trade_order RENAME TO trade_order_gone")
    answer = machine.get(f"/orders/{order.pk}", X_Request_ID="r-500")
    assert (answer.status_code, answer.json()["code"]) == (500, "broken")
    assert "trade_order" not in answer.content.decode()
    assert any(getattr(record, "request_id", "") == "r-500" for record in caplog.records)


def test_without_a_key_even_a_bad_body_only_asks_for_a_key():
    assert Machine().post("/orders", "{").json()["code"] == "key_missing"
