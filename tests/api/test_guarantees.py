"""Demands on the core enterprise by API: seen by two, declined by a key, paid by a person alone."""

import pytest

from scf.loans.models import Loan
from scf.loans.services import DemandIn, demand_guarantee, propose_guarantee
from scf.workflow import clocks
from tests.api.machine import machine_of
from tests.factories.loans import overdue_loan
from tests.factories.parties import party, somebody
from tests.loans.lives import DAY, checker, maker

pytestmark = pytest.mark.django_db


@pytest.fixture
def loan():
    """Overdue, under a programme whose core enterprise gives the shortfall back."""
    made = overdue_loan()
    Loan.objects.filter(pk=made.pk).update(
        recourse="shortfall_refund", anchor_id=party("hengyan").pk
    )
    return made


@pytest.fixture
def demand(loan):
    """Two persons of the bank ask the core enterprise for 100,000.00."""
    given = DemandIn(100_000_00, "货未售出", clocks.business_date())
    made = propose_guarantee(loan.pk, given=given, key="form", by=maker())
    return demand_guarantee(made.pk, seen=made.content_hash, by=checker())


def test_the_enterprise_reads_what_is_asked_and_declines_once(demand):
    lan, address = machine_of(somebody("lan")), f"/guarantees/{demand.pk}"
    shown = lan.get(address).json()
    assert (shown["amount_minor"], shown["left_minor"]) == (100_000_00, 100_000_00)
    assert (shown["ground"], shown["owed"]["total_minor"]) == ("shortfall_refund", 236_209_38)
    assert [one["name"] for one in shown["actions"]] == ["decline", "pay"]
    assert [one["id"] for one in lan.get("/guarantees").json()["results"]] == [str(demand.pk)]
    assert lan.get("/guarantees", {"status": "paid"}).json()["results"] == []

    reason = {"reason": "货已按合同交付"}
    for replayed in (None, "true"):
        answer = lan.post(f"{address}/decline", reason, once="once")
        assert (answer.status_code, answer.json()["status"]) == (200, "declined")
        assert answer.headers.get("Idempotency-Replayed") == replayed
    again = lan.post(f"{address}/decline", reason)
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")
    assert machine_of(somebody("luo")).get(address).json()["answer"] == "货已按合同交付"


def test_no_key_pays_and_no_stranger_sees(demand):
    address = f"/guarantees/{demand.pk}"
    paid = machine_of(somebody("lan")).post(f"{address}/pay", {"amount_minor": 1})
    assert (paid.status_code, paid.json()["code"]) == (403, "step_up_required")
    for key, code in (("luo", "not_your_side"), ("wei", "forbidden")):
        refused = machine_of(somebody(key)).post(f"{address}/decline", {"reason": "否"})
        assert (refused.status_code, refused.json()["code"]) == (403, code), key
    for key in ("sly", "ma", "delta"):
        machine = machine_of(somebody(key))
        assert machine.get(address).status_code == 404, key
        assert machine.get("/guarantees").json()["results"] == [], key
        for verb, body in (("pay", {"amount_minor": 1}), ("decline", {"reason": "否"})):
            assert machine.post(f"{address}/{verb}", body).status_code == 404, (key, verb)


def asked(loan, **changes: object) -> dict[str, object]:
    pay_by = clocks.business_date().isoformat()
    plain = {"amount_minor": 100_000_00, "reason": "货未售出", "pay_by": pay_by}
    return {"loan_id": str(loan.pk), **plain, **changes}


def test_the_bank_proposes_once_by_key_and_only_a_person_approves(loan):
    luo, yi = machine_of(somebody("luo")), machine_of(somebody("yi"))
    for replayed in (None, "true"):
        answer = luo.post("/guarantees", asked(loan), once="once")
        assert (answer.status_code, answer.json()["status"]) == (201, "proposed")
        assert answer.headers.get("Idempotency-Replayed") == replayed
    too_much = luo.post("/guarantees", asked(loan, amount_minor=300_000_00))
    assert (too_much.status_code, too_much.json()["code"]) == (409, "change_waiting")

    address = f"/guarantees/{answer.json()['id']}"
    actions = yi.get(address).json()["actions"]
    assert [(one["name"], one["needs_step_up"]) for one in actions] == [
        ("approve", True), ("refuse", False)
    ]  # fmt: skip
    approved = yi.post(f"{address}/approve", {"seen": "0" * 64})
    assert (approved.status_code, approved.json()["code"]) == (403, "step_up_required")
    assert machine_of(somebody("lan")).get(address).status_code == 404
    refused = yi.post(f"{address}/refuse", {"reason": "先向借款人催收"})
    assert (refused.status_code, refused.json()["status"]) == (200, "refused")
    again = luo.post("/guarantees", asked(loan, amount_minor=300_000_00))
    assert (again.status_code, again.json()["code"]) == (422, "more_than_owed")


def test_the_bank_upholds_and_withdraws_by_key_and_nobody_else_does(demand):
    address, later = f"/guarantees/{demand.pk}", clocks.business_date() + 5 * DAY
    lan, yi = machine_of(somebody("lan")), machine_of(somebody("yi"))
    lan.post(f"{address}/decline", {"reason": "货已按合同交付"})
    upheld = {"reason": "仓单显示未售", "pay_by": later.isoformat()}
    for key, status in (("sly", 404), ("lan", 403), ("luo", 403)):
        for verb, body in (("uphold", upheld), ("withdraw", {"reason": "否"})):
            answer = machine_of(somebody(key)).post(f"{address}/{verb}", body)
            assert answer.status_code == status, (key, verb)
    names = [one["name"] for one in yi.get(address).json()["actions"]]
    assert names == ["uphold", "withdraw"]

    answer = yi.post(f"{address}/uphold", upheld)
    assert (answer.status_code, answer.json()["status"]) == (200, "demanded")
    answer = yi.post(f"{address}/withdraw", {"reason": "协商一致"})
    assert (answer.status_code, answer.json()["status"]) == (200, "withdrawn")
