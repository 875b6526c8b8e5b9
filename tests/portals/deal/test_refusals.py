"""What the deal's pages refuse: strangers, makers, wrong input, and the second of two at once."""

import re
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.urls import URLPattern

from scf.core.actor import SYSTEM
from scf.core.ids import new_id
from scf.financing.models import PaperDue
from scf.parties.services import grant_role
from scf.portals.deal.urls import urlpatterns
from scf.rehearsal.people import user_of
from tests.factories.parties import party
from tests.portals.deal.people import logged_in
from tests.portals.deal.walk import Walk

pytestmark = pytest.mark.slow


def every_address(walk: Walk) -> list[str]:
    """Each address of the deal, filled with ids that exist where there are any."""
    line = walk.line(1)
    row = line.deliveries.first()
    acceptance = walk.application.acceptances.first()
    values = {
        "deal_id": walk.application.deal_id,
        "line_id": line.pk,
        "delivery_line_id": row.pk if row else 1,
        "acceptance_id": acceptance.pk if acceptance else 1,
        "due_id": getattr(PaperDue.objects.first(), "pk", 1),
    }
    return ["/" + filled(pattern, values) for pattern in urlpatterns if "deal_id" in str(pattern)]


def filled(pattern: URLPattern, values: dict[str, object]) -> str:
    return re.sub(r"<\w+:(\w+)>", lambda found: str(values[found[1]]), str(pattern.pattern))


def test_to_strangers_no_address_of_the_deal_exists(funded):
    row, token, code = funded.ship(1, "50", "FH-1")
    funded.give_evidence(token, code, "50")
    funded.done(funded.post("ma", f"accept/{row.pk}", accepted="50"))
    addresses = every_address(funded)
    assert len(addresses) >= 20
    tx_hash = funded.payment.movements.first().tx_hash

    for stranger in ("sly", "tian", "yuan", "opal"):
        client = funded.client(stranger)
        for address in addresses:
            # What only takes a form leads to the page it belongs to, which is not there either.
            got, posted = client.get(address, follow=True), client.post(address)
            answers = {got.status_code, posted.status_code}
            assert answers <= {404, 405}, (stranger, address, answers)
            assert 404 in answers
        if stranger != "opal":  # the operator repairs the chain for everybody
            assert client.get(f"/tx/{tx_hash}").status_code == 404


def test_before_login_every_address_leads_to_the_login_page(walk):
    for address in every_address(walk):
        answer = Client().get(address)
        assert answer.status_code == 302, address


def test_a_party_finds_nothing_at_addresses_of_another_side(funded):
    for key, pages in {
        "ma": ("review", "pay-out", "cancel", "ship", f"decide/{funded.line(1).pk}"),
        "lan": ("review", "pay-out", "repay", "withdraw", "resubmit"),
        "zhou": ("ship", "repay", "withdraw", f"dispute/{funded.line(1).pk}"),
    }.items():
        for page in pages:
            assert funded.get(key, page).status_code == 404, (key, page)


def test_who_recommended_cannot_approve_by_pressing_approve(walk):
    grant_role(
        party("yuanfan").pk,
        person_id=user_of("zhou").person_id,
        role="bank_approver",
        by=SYSTEM,
    )
    walk.recommend()
    page = walk.text("zhou", "review")
    assert "批准所示内容" not in page
    seen = walk.hidden("yi", "review")["seen"]
    answer = walk.post("zhou", "approve", seen=seen)
    assert answer.status_code == 403
    assert "经办与复核必须是两个人" in answer.content.decode()
    walk.application.refresh_from_db()
    assert walk.application.status == "recommended"


def test_who_may_not_approve_is_told_so(walk):
    walk.recommend()
    seen = walk.hidden("yi", "review")["seen"]
    assert walk.post("chen", "approve", seen=seen).status_code == 403


def test_something_else_than_what_was_shown_is_not_approved(walk):
    walk.recommend()
    answer = walk.post("yi", "approve", seen="0" * 64)
    assert answer.status_code == 409
    assert "已变更" in answer.content.decode()


def test_a_returned_application_shows_why_and_comes_back(walk):
    answer = walk.post("zhou", "refuse", **{"refusal-note": "请补合同", "return": "1"})
    assert answer.status_code == 400
    assert "请补合同" in answer.content.decode()
    given = {"refusal-codes": ["papers_missing"], "refusal-note": "请补合同", "return": "1"}
    walk.done(walk.post("zhou", "refuse", **given))

    for key in ("ma", "zhou"):
        assert "材料缺失或不清晰" in walk.text(key)
        assert "请补合同" in walk.text(key)
    assert "请补合同" not in walk.text("lan")
    assert "请补合同" in walk.text("ma").split('class="statuses')[0]  # above the fold, not below
    assert "请补合同" in walk.text("ma", "resubmit")
    assert walk.post("ma", "resubmit", purpose="").status_code == 400
    held = [str(each.order_line_id) for each in walk.application.lines.all()]
    days = {name: getattr(walk.application, name) for name in ("matures_on", "funding_planned_on")}
    walk.done(walk.post("ma", "resubmit", purpose="合同见附件", lines=held, **days))
    assert walk.application.status == "in_review"


def test_the_approver_gives_it_back_with_a_reason(walk):
    walk.recommend()
    assert walk.post("yi", "send-back").status_code == 400
    walk.done(walk.post("yi", "send-back", **{"back-note": "意见太短"}))
    assert walk.application.status == "in_review"
    assert "意见太短" not in walk.text("ma")


@pytest.mark.parametrize(
    ("who", "page", "before", "after"),
    [
        ("ma", "withdraw", "approved", "withdrawn"),
        ("luo", "cancel", "approved", "cancelled_by_bank"),
    ],
)
def test_an_end_before_funding_needs_words_and_keeps_the_lines_on_the_page(
    walk, who, page, before, after
):
    walk.until(before)
    assert walk.post(who, page, note="").status_code == 400
    walk.done(walk.post(who, page, note="买方不再需要"))
    assert walk.application.status == after
    assert "PP 拉丝 T30S" in walk.text(who)


def test_wrong_input_is_kept_with_its_error(funded):
    answer = funded.post("ku", "ship", number="FH-9", carrier="驭程物流", line_1="99999")
    page = answer.content.decode()
    assert answer.status_code == 400
    assert 'value="FH-9"' in page
    assert 'value="99999"' in page
    assert "alert-danger" in page

    row, token, _code = funded.ship(1, "50", "FH-1")
    answer = funded.post("ma", f"accept/{row.pk}", accepted="40", rejected="10")
    assert answer.status_code == 400
    assert 'value="40"' in answer.content.decode()
    answer = Client().post(f"/evidence/{token}", {"code": "x", "quantity": "50", "name": "郝"})
    assert answer.status_code == 400
    assert 'value="郝"' in answer.content.decode()

    answer = funded.post("ma", "repay", **{"key": "k" * 32, "amount": "12.345"})
    assert answer.status_code == 400
    assert "最多两位小数" in answer.content.decode()
    answer = funded.post("nuo", f"dispute/{funded.line(1).pk}", reason="")
    assert answer.status_code == 400


def test_a_delivery_of_another_deal_is_not_accepted_here(funded):
    assert funded.get("ma", "accept/999999").status_code == 404
    assert funded.get("luo", "confirm/999999").status_code == 404
    assert funded.post("nuo", f"return/{new_id()}").status_code == 404


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_two_approvers_at_once_one_succeeds_and_one_reads_why_not(walk):
    grant_role(
        party("yuanfan").pk,
        person_id=user_of("chen").person_id,
        role="bank_approver",
        by=SYSTEM,
    )
    walk.recommend()
    seen = walk.hidden("yi", "review")["seen"]
    browsers = [walk.client("yi"), logged_in("chen")]

    def press(client: Client) -> tuple[int, str]:
        try:
            answer = client.post(walk.url("approve"), {"seen": seen})
            return answer.status_code, answer.content.decode()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        answers = sorted(both.map(press, browsers))

    assert [status for status, _page in answers] == [302, 409]
    assert "当前为“已审批，待三方签署”，不能执行此操作" in answers[1][1]
    walk.application.refresh_from_db()
    assert walk.application.status == "approved"
    assert isinstance(walk.application.deal_id, UUID)
