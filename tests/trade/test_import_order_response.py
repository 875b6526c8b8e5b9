"""The seller's answer to an order comes in as a file: yes, yes with changes, or no."""

import pytest

from scf.core.errors import Conflict, Forbidden, RuleBroken
from scf.trade.services import confirm_paper
from scf.workflow.models import Fact
from tests.factories.parties import also, somebody
from tests.factories.trade import reserved_order
from tests.trade.papers import (
    checked,
    codes_of,
    confirmed_from,
    gaps_of,
    notices_of,
    order_from,
    sample,
)

pytestmark = pytest.mark.django_db

YES, NO = "OrderResponse_sc2.xml", "OrderResponse_sc5.xml"
# The response with changes, as if it were about the order of Order_sc1.
ADVANCED = (
    ("11233", "Order-1"),
    ("7598000000128", "7302347231110"),
    ("7590000012347", "7300010000001"),
)


@pytest.fixture(autouse=True)
def _documents_root(settings, tmp_path):
    settings.DOCUMENTS_ROOT = str(tmp_path)


def test_a_yes_confirms_the_order_once_somebody_confirms_it(wei):
    order = order_from()
    job = checked(sample(YES), by=wei)

    assert (job.errors, job.about, job.found[0]["action"]["zh"]) == ([], order, "确认订单")
    order.refresh_from_db()
    assert order.status == "draft"

    done = confirm_paper(job.pk, by=wei)
    order.refresh_from_db()
    assert (done.status, done.rows_done, order.status) == ("confirmed", 1, "confirmed")
    assert {line.status for line in order.lines.all()} == {"confirmed"}
    with pytest.raises(Conflict):
        confirm_paper(job.pk, by=wei)


def test_the_response_is_shown_to_both_sides_only_when_it_is_done(wei, ma):
    order_from()
    job = checked(sample(YES), by=wei)
    document = Fact.objects.get(name="document.stored", organization_id=wei.organization_id)
    assert ma.organization_id not in document.audience

    confirm_paper(job.pk, by=wei)
    shared = Fact.objects.get(name="document.shared", subject_id=document.subject_id)
    assert ma.organization_id in shared.audience


def test_that_it_answers_an_order_change_is_said(wei):
    order_from()
    job = checked(sample(YES), by=wei)

    assert "Change-2" in notices_of(job)


def test_a_no_cancels_the_order_with_the_note_as_its_reason(wei):
    order = order_from()
    job = checked(sample(NO), by=wei)
    assert (job.errors, job.found[0]["action"]["zh"]) == ([], "取消订单")

    confirm_paper(job.pk, by=wei)
    order.refresh_from_db()
    assert order.status == "cancelled"
    fact = Fact.objects.get(name="order.cancelled")
    assert fact.details["reason"] == "Response message to cancel the order"


def test_changes_are_shown_and_proposed_but_never_applied(wei):
    order = order_from()
    job = checked(sample("OrderResponseAdvanced_Example.xml", *ADVANCED), by=wei)

    assert job.errors == []
    assert gaps_of(job)[:2] == [("price", "1.5", "40"), ("item", "Sauce brown, ready", "Item 1")]
    assert "订单不变" in job.found[0]["action"]["zh"]

    before = list(order.lines.values_list("quantity", "unit_price", "status"))
    confirm_paper(job.pk, by=wei)
    order.refresh_from_db()
    assert order.status == "draft"
    assert list(order.lines.values_list("quantity", "unit_price", "status")) == before
    fact = Fact.objects.get(name="order.change_proposed")
    assert fact.details["differences"][0]["stated"] == "1.5"
    assert set(fact.audience) == {order.buyer_id, order.seller_id}


def test_a_changed_quantity_makes_a_yes_a_proposal(wei):
    order = order_from()
    yes = sample("OrderResponseAdvanced_Example.xml", *ADVANCED, (">CA<", ">AP<"))
    yes = yes.replace(b'"C62">10<', b'"C62">7.5<')
    job = checked(yes, by=wei)

    assert ("quantity", "7.5", "10") in gaps_of(job)
    confirm_paper(job.pk, by=wei)
    order.refresh_from_db()
    assert order.status == "draft"


def test_a_refused_line_is_a_change(wei):
    order_from()
    refused = sample("UC2_Order_response.xml", ("StatusCode>5<", "StatusCode>7<"))
    refused = refused.replace(b"<cbc:ID>1</cbc:ID>", b"<cbc:ID>Order-1</cbc:ID>", 1)
    job = checked(refused.replace(b"0088", b"0184").replace(b"7300010000001", b"X"), by=wei)

    assert [field for field, _stated, _expected in gaps_of(job)] == ["line", "line"]


def test_a_conditional_yes_without_any_change_confirms(wei):
    order = order_from("UC2_Order.xml")
    job = checked(sample("UC2_Order_response.xml"), by=wei)

    assert (job.errors, gaps_of(job)) == ([], [])
    confirm_paper(job.pk, by=wei)
    order.refresh_from_db()
    assert order.status == "confirmed"


def test_a_line_the_order_does_not_have_is_an_error_of_that_line(wei):
    order_from()
    strange = sample("OrderResponseAdvanced_Example.xml", *ADVANCED, ("LineID>2<", "LineID>9<"))
    job = checked(strange, by=wei)

    (error,) = job.errors
    assert (error["code"], error["row"], error["value"]) == ("line_not_in_order", 2, "9")
    assert error["column"] == "OrderLineReference/LineID"
    with pytest.raises(RuleBroken) as refusal:
        confirm_paper(job.pk, by=wei)
    assert refusal.value.code == "import_has_errors"


@pytest.mark.parametrize("code", ["AB", "XX", ""])
def test_a_response_that_says_neither_yes_nor_no_is_refused(wei, code):
    order_from()
    job = checked(sample(YES, (">AP<", f">{code}<")), by=wei)

    assert codes_of(job) == ["response_without_answer"]


def test_only_the_seller_answers(ma):
    order = order_from()
    job = checked(sample(YES), by=ma)

    assert codes_of(job) == ["not_your_side"]
    with pytest.raises(RuleBroken):
        confirm_paper(job.pk, by=ma)
    order.refresh_from_db()
    assert order.status == "draft"


def test_an_order_is_answered_once(wei):
    confirmed_from()
    assert codes_of(checked(sample(YES), by=wei)) == ["order_not_draft"]


def test_a_financed_order_is_not_cancelled_by_a_file(wei):
    reserved_order(number="Order-1")
    assert codes_of(checked(sample(NO), by=wei)) == ["order_under_way"]


def test_what_was_confirmed_after_the_check_is_found_when_confirming(wei):
    order = order_from()
    job = checked(sample(YES), by=wei)
    confirm_paper(checked(sample(YES, (">Response-2<", ">Response-3<")), by=wei).pk, by=wei)

    with pytest.raises(RuleBroken) as refusal:
        confirm_paper(job.pk, by=wei)
    assert refusal.value.code == "import_has_errors"
    assert Fact.objects.filter(subject_id=order.pk, name="order.confirmed").count() == 1


def test_who_wrote_the_order_down_does_not_confirm_it_by_file(wei):
    order = order_from(by="wei")
    job = checked(sample(YES), by=wei)

    with pytest.raises(Forbidden) as refusal:
        confirm_paper(job.pk, by=wei)
    assert refusal.value.code == "four_eyes"
    order.refresh_from_db()
    assert order.status == "draft"


def test_who_may_confirm_but_not_cancel_is_told_so(lan):
    order_from()
    job = checked(sample(NO), by=lan)
    with pytest.raises(Forbidden):
        confirm_paper(job.pk, by=lan)


def test_a_stranger_with_every_right_finds_no_order(sly):
    order_from()
    stranger = also(sly, *somebody("wei").permissions)
    assert codes_of(checked(sample(YES), by=stranger)) == ["unknown_order"]
