"""Demands on the core enterprise by API: seen by two, declined by a key, paid by a person alone."""

import pytest

from scf.loans.models import Loan
from scf.loans.services import DemandIn, demand_guarantee, propose_guarantee
from scf.workflow import clocks
from tests.api.machine import machine_of
from tests.factories.loans import overdue_loan
from tests.factories.parties import party, somebody
from tests.loans.lives import checker, maker

pytestmark = pytest.mark.django_db


@pytest.fixture
def demand():
    """Two persons of the bank ask the core enterprise for 100,000.00."""
    loan = overdue_loan()
    Loan.objects.filter(pk=loan.pk).update(
        recourse="shortfall_refund", anchor_id=party("hengyan").pk
    )
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
