"""An application by API: previewed, submitted, reviewed; what needs a person is left to one."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scf.api.codes import CODES
from scf.financing.models import Application
from scf.workflow import clocks
from scf.workflow.models import Fact
from tests.api.addresses import VERBS, address_of, body_of
from tests.api.machine import Machine, machine_of
from tests.factories.credit import ready_programme
from tests.factories.trade import confirmed_order, line_ids_of

pytestmark = pytest.mark.django_db
NEEDS_A_PERSON = ("approve", "cancel", "sign", "own-funds", "deposit", "pay-out")


def asked_for(order, programme, **changes):
    given = {
        "programme_id": str(programme.pk),
        "order_line_ids": [str(each) for each in line_ids_of(order)],
        "matures_on": (clocks.business_date() + timedelta(days=90)).isoformat(),
        "purpose": "采购树脂",
    }
    return {**given, **changes}


@pytest.fixture
def buyer(ma) -> Machine:
    return machine_of(ma)


@pytest.fixture
def reviewer(zhou) -> Machine:
    return machine_of(zhou)


@pytest.fixture
def submitted(buyer) -> dict:
    answer = buyer.post("/applications", asked_for(confirmed_order(), ready_programme()))
    assert answer.status_code == 201, answer.content
    return answer.json()


def test_a_preview_shows_the_figures_and_keeps_nothing(buyer):
    body = asked_for(confirmed_order(), ready_programme())
    shown = buyer.post("/applications/preview", body, once=None)
    assert shown.status_code == 200, shown.content
    assert shown.json()["total_minor"] == 1_000_000_00
    assert shown.json()["is_within_limit"] is True
    assert Application.objects.count() == 0


def test_an_application_is_submitted_with_its_quote(submitted, buyer):
    assert submitted["status"] == "in_review"
    assert submitted["loan_minor"] + submitted["own_funds_minor"] == 1_000_000_00
    assert submitted["currency"] == "CNY"
    assert isinstance(submitted["quote"]["annual_rate_simple"], str)
    assert submitted["seen"] is None
    assert [each["name"] for each in submitted["actions"]] == ["withdraw"]
    listed = buyer.get("/applications", {"status": "in_review"}).json()["results"]
    assert [each["id"] for each in listed] == [submitted["id"]]


def test_a_line_is_not_financed_twice(submitted, buyer):
    lines = [each["order_line_id"] for each in submitted["lines"]]
    programme = Application.objects.get().programme_id
    again = buyer.post(
        "/applications",
        {
            "programme_id": str(programme),
            "order_line_ids": lines,
            "matures_on": submitted["matures_on"],
        },
    )
    assert (again.status_code, again.json()["code"]) == (409, "line_locked")
    assert Application.objects.count() == 1


def test_the_bank_reads_checks_and_hash_and_recommends_what_it_saw(submitted, reviewer):
    path = f"/applications/{submitted['id']}"
    shown = reviewer.get(path).json()
    assert shown["checks"]
    assert [each["name"] for each in shown["actions"]] == ["return", "recommend", "reject"]

    stale = reviewer.post(f"{path}/recommend", {"seen": "0" * 64, "opinion": "好"})
    assert (stale.status_code, stale.json()["code"]) == (409, "content_changed")
    done = reviewer.post(f"{path}/recommend", {"seen": shown["seen"], "opinion": "背景真实"})

    assert (done.status_code, done.json()["status"]) == (200, "recommended")
    fact = Fact.objects.filter(name="application.recommended").get()
    assert str(fact.organization_id) == submitted["bank_id"]


def test_the_seller_reads_neither_cost_nor_opinion_nor_hash(submitted, wei):
    shown = machine_of(wei).get(f"/applications/{submitted['id']}").json()
    assert (shown["quote"], shown["opinion"], shown["seen"], shown["checks"]) == (
        None,
        None,
        None,
        [],
    )


def test_what_was_returned_is_put_right_and_submitted_again(submitted, buyer, reviewer):
    path = f"/applications/{submitted['id']}"
    returned = reviewer.post(f"{path}/return", {"codes": ["papers"], "note": "补合同"})
    assert returned.json()["status"] == "returned"
    assert "resubmit" in [each["name"] for each in buyer.get(path).json()["actions"]]
    again = buyer.post(f"{path}/resubmit", {"purpose": "采购树脂，合同已补"})
    assert (again.status_code, again.json()["status"]) == (200, "in_review")


def test_rejected_and_withdrawn_end_it(submitted, buyer, reviewer):
    path = f"/applications/{submitted['id']}"
    assert reviewer.post(f"{path}/reject", {"codes": ["risk"]}).json()["status"] == "rejected"
    assert buyer.post(f"{path}/withdraw").json()["code"] == "wrong_state"


@pytest.mark.parametrize("verb", NEEDS_A_PERSON)
def test_what_needs_a_person_is_refused_to_every_key_with_words(submitted, verb, yi, luo, nuo):
    path = f"/applications/{submitted['id']}/{verb}"
    who = {"approve": yi, "cancel": luo, "pay-out": luo}.get(verb, nuo)
    before = Application.objects.get().status
    refused = machine_of(who).post(path, body_of(f"applications/<uuid:application_id>/{verb}"))
    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (403, "step_up_required")
    assert "portal" in CODES[problem["code"]][1]
    assert Application.objects.get().status == before


def test_the_maker_cannot_approve_by_its_key_either(submitted, reviewer):
    path = f"/applications/{submitted['id']}"
    seen = reviewer.get(path).json()["seen"]
    reviewer.post(f"{path}/recommend", {"seen": seen, "opinion": "背景真实"})
    seen = reviewer.get(path).json()["seen"]
    refused = reviewer.post(f"{path}/approve", {"seen": seen})
    assert refused.status_code == 403
    assert Application.objects.get().status == "recommended"


@pytest.mark.parametrize(
    "route", [each for each in VERBS if each.startswith("applications/<uuid:application_id>")]
)
def test_to_a_stranger_another_banks_application_is_none(route, submitted, sly):
    machine = machine_of(sly)
    ids = {"application_id": submitted["id"]}
    theirs = machine.post(address_of(route, ids), body_of(route))
    missing = machine.post(address_of(route, {}), body_of(route))
    one, other = theirs.json(), missing.json()
    one.pop("request_id"), other.pop("request_id")
    assert theirs.status_code == missing.status_code == 404
    assert one == other


def test_to_a_stranger_the_deal_and_the_order_are_none_and_lists_are_empty(submitted, sly):
    machine = machine_of(sly)
    for path in (
        f"/applications/{submitted['id']}",
        f"/deals/{submitted['deal_id']}",
        f"/orders/{submitted['order_id']}",
    ):
        assert machine.get(path).status_code == 404, path
    for path in ("/applications", "/orders", "/deliveries", "/loans", "/imports"):
        answer = machine.get(path)
        if answer.status_code == 200:
            assert answer.json()["results"] == [], path
        else:
            assert answer.json()["code"] == "forbidden", path
    listed = machine.get("/deliveries", {"order_id": submitted["order_id"]})
    assert listed.json()["results"] == []


def test_more_applications_cost_no_more_questions(buyer):
    programme = ready_programme(borrower_minor=9_000_000_00)
    costs = []
    for number in range(3):
        order = confirmed_order(number=f"PO-{number}")
        assert buyer.post("/applications", asked_for(order, programme)).status_code == 201
        with CaptureQueriesContext(connection) as asked:
            assert len(buyer.get("/applications").json()["results"]) == number + 1
        costs.append(len(asked))
    assert len(set(costs)) == 1


def test_the_deal_shows_its_machines_money_lines_and_what_happened(submitted, buyer, reviewer):
    path = f"/applications/{submitted['id']}"
    seen = reviewer.get(path).json()["seen"]
    reviewer.post(f"{path}/recommend", {"seen": seen, "opinion": "仅供内部"})
    deal = buyer.get(f"/deals/{submitted['deal_id']}").json()
    assert deal["statuses"] == {"application": "recommended", "escrow": None, "loan": None}
    assert deal["money"]["total_minor"] == 1_000_000_00
    assert deal["money"]["in_escrow_minor"] == 0
    assert [line["status"] for line in deal["lines"]] == ["locked"] * 3
    assert deal["turn"]["party_id"] == submitted["bank_id"]
    names = [each["name"] for each in deal["timeline"]]
    assert names.index("application.submitted") < names.index("application.recommended")
    assert "仅供内部" not in str(deal)
    assert "仅供内部" in str(reviewer.get(f"/deals/{submitted['deal_id']}").json())
