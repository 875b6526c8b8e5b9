"""Each lender's own approval of a joint loan (联合贷), and who may see and do what."""

from dataclasses import replace

import pytest
from django.urls import reverse

from scf.chain.models import ChainCommand
from scf.chain.selectors import get_transaction, list_stuck_commands
from scf.chain.services import approve_retry, retry_command
from scf.core.actor import SYSTEM
from scf.core.errors import Conflict, DomainError, Forbidden, NotFound, RuleBroken
from scf.core.ids import new_id
from scf.credit.partners import Partner
from scf.financing import services
from scf.financing.access import content_hash
from scf.financing.checks import look_at_pay_out
from scf.financing.lenders import lenders_of, loan_shares
from scf.financing.models import Application, LenderApproval
from scf.financing.selectors import list_applications, list_my_turn, turn_of
from scf.financing.services import (
    approve_as_lender,
    cancel_application,
    refuse_as_lender,
    return_application,
    sign_application,
    withdraw_application,
)
from scf.loans.funders import shares_of
from scf.loans.joint import Shares
from scf.loans.models import Loan
from scf.loans.selectors import list_loans
from scf.notifications.selectors import list_inbox
from scf.notifications.services import tell
from scf.notifications.wording import said_of
from scf.parties.models import Membership
from scf.parties.permissions import Role
from scf.parties.services import grant_role
from scf.payments.models import Payment
from scf.trade.models import OrderLine
from scf.workflow.models import Fact
from tests.factories.parties import party, somebody
from tests.payments.lives import Life, approved, broken, submitted, with_code
from tests.portals.rooms import browser_of, text_of


@pytest.fixture
def begins() -> None:
    """A chain of today, unlike that of the golden deal in this room."""


def joint() -> tuple[Partner, ...]:
    """The other bank takes forty per cent."""
    return (Partner(str(party("dongling").pk), 400_000),)


@pytest.fixture
def life(stack, settings) -> Life:
    """Approved by the lender of record; the partner has still to say."""
    settings.RPC_URL = stack.chain.url
    return approved(stack, partners=joint())


def lends(life: Life, *, by=None, seen=None) -> Application:
    life.application.refresh_from_db()
    seen = seen or content_hash(life.application)
    return approve_as_lender(life.application.pk, seen=seen, by=by or with_code("sly"))


def refused(act) -> str:
    with pytest.raises(DomainError) as refusal:
        act()
    return refusal.value.code


def heard(key: str) -> list[str]:
    tell(list(Fact.objects.order_by("id")))
    return [said.title for said in said_of(list(list_inbox(by=somebody(key), is_unread=True)))]


def test_nobody_signs_before_each_lender_approved_exactly_what_was_shown(life):
    pk = life.application.pk
    assert refused(lambda: sign_application(pk, by=with_code("nuo"))) == "lender_not_approved"
    page = text_of(browser_of("nuo").get(f"/deals/{life.application.deal_id}/sign"))
    assert "待联合出资行审批" in page
    assert 'class="btn btn-primary">签署<' not in page
    turn = turn_of(Application.objects.get(pk=pk))
    assert turn.party_id == party("dongling").pk
    assert turn.due_at == Application.objects.get(pk=pk).due_at
    assert [found.pk for found, _turn in list_my_turn(by=with_code("sly"))] == [pk]
    assert heard("sly") == ["轮到您：作为联合出资行审批"]
    assert not heard("nuo")

    assert refused(lambda: lends(life, seen="0" * 64)) == "content_changed"
    assert refused(lambda: lends(life, by=somebody("sly"))) == "step_up_required"
    assert refused(lambda: lends(life, by=with_code("yi"))) == "not_your_side"
    share = LenderApproval.objects.get().amount_minor
    assert share == life.application.loan_minor * 4 // 10
    roles = Membership.objects.filter(person_id=somebody("sly").person_id)
    roles.update(signing_limit_minor=share - 1)
    assert refused(lambda: lends(life)) == "over_signing_limit"
    roles.update(signing_limit_minor=share)
    lends(life)

    assert turn_of(Application.objects.get(pk=pk)).party_id == life.application.buyer_id
    assert "各贷款银行均已审批通过" in heard("nuo")
    assert refused(lambda: lends(life)) == "wrong_state"
    assert look_at_pay_out(life.application, by=SYSTEM)["lenders_approved"][0]
    life.sign()
    assert life.status() == ("signed", "open")
    assert not broken()


def test_who_approved_for_a_partner_does_not_pay_out_for_the_lender_of_record(life):
    lends(life)
    sly, bank = with_code("sly"), party("yuanfan").pk
    grant_role(bank, person_id=sly.person_id, role=Role.BANK_OPERATIONS, by=SYSTEM)
    at_both = replace(with_code("luo"), person_id=sly.person_id)
    assert refused(lambda: services.pay_out(life.application.pk, by=at_both)) == "four_eyes"


def test_what_is_signed_and_registered_names_the_lenders_and_their_shares(life):
    application, loan = life.application, Loan.objects.get()
    own, partner = str(party("yuanfan").pk), str(party("dongling").pk)
    assert loan.shares == {own: 600_000, partner: 400_000}
    named = [(each["name"], each["ppm"]) for each in application.quote["lenders"]]
    assert named == [(party("yuanfan").name, 600_000), (party("dongling").name, 400_000)]
    total = sum(each["amount_minor"] for each in application.quote["lenders"])
    assert total == application.loan_minor
    request = application.papers["drawdown_request"]
    assert request["lenders"] == f"{party('yuanfan').name} 60 %；{party('dongling').name} 40 %"
    assert "比例" in request["lenders_text"]


def test_a_partner_that_refuses_ends_the_financing_and_says_why_to_the_lender(life):
    pk = life.application.pk
    assert refused(lambda: refuse_as_lender(pk, reason=" ", by=with_code("sly"))) == (
        "reason_missing"
    )
    refuse_as_lender(pk, reason="集中度已满", by=with_code("sly"))

    assert life.status() == ("cancelled_by_bank", "cancelled")
    assert Loan.objects.get().status == "cancelled"
    assert not OrderLine.objects.filter(locked_by__isnull=False).exists()
    assert heard("chen") == ["联合出资行没有批准，融资已取消"]
    for key in ("chen", "ma", "wei"):
        (row,) = text_of(browser_of(key).get("/applications/")).split("<tbody>")[1:]
        assert "联合出资行未批准" in row
        assert "银行已取消" not in row
    address = reverse("deal", args=[life.application.deal_id])
    assert "集中度已满" in text_of(browser_of("chen").get(address))
    for key in ("ma", "wei"):
        page = text_of(browser_of(key).get(address))
        assert "集中度已满" not in page
        assert "已有先发生的事项" in page
        assert "overtaken" not in page  # its code is for machines
        assert "首付款已退回" not in page  # none was paid
    assert refused(lambda: lends(life)) == "wrong_state"
    assert not broken()


@pytest.mark.parametrize("ending", ["withdrawn", "cancelled"])
def test_an_application_that_ends_takes_every_lenders_word_with_it(life, ending):
    lends(life)
    if ending == "withdrawn":
        withdraw_application(life.application.pk, by=with_code("ma"))
    else:
        cancel_application(life.application.pk, by=with_code("luo"))
    assert LenderApproval.objects.get().status == "fallen"
    assert refused(lambda: lends(life)) == "wrong_state"


def test_before_the_lender_of_record_approved_a_partner_reads_and_says_nothing(stack):
    life = submitted(stack, partners=joint())
    pk = life.application.pk
    assert list(list_applications(by=with_code("sly"))) == [life.application]
    assert refused(lambda: lends(life)) == "wrong_state"
    assert not list_my_turn(by=with_code("sly"))
    return_application(pk, codes=["other"], note="补合同", by=somebody("zhou"))
    assert not LenderApproval.objects.exists()
    assert refused(lambda: lends(life)) == "wrong_state"


def test_a_partner_does_nothing_that_is_the_lenders_and_others_see_nothing(life):
    sly, application = with_code("sly"), life.application
    seen, pk = content_hash(application), application.pk
    attempts = {
        "recommend": lambda: services.recommend_application(pk, seen=seen, opinion="好", by=sly),
        "return": lambda: services.return_application(pk, codes=["other"], note="", by=sly),
        "reject": lambda: services.reject_application(pk, codes=["other"], note="", by=sly),
        "approve": lambda: services.approve_application(pk, seen=seen, by=sly),
        "send back": lambda: services.send_back(pk, note="", by=sly),
        "cancel": lambda: cancel_application(pk, by=sly),
        "withdraw": lambda: withdraw_application(pk, by=sly),
        "sign": lambda: sign_application(pk, by=sly),
        "pay out": lambda: services.pay_out(pk, by=sly),
        "own funds": lambda: services.pay_own_funds(pk, by=sly),
    }
    for name, attempt in attempts.items():
        with pytest.raises((Forbidden, NotFound, Conflict, RuleBroken)):
            attempt()
        assert life.status() == ("approved", "prepared"), name
    for rows in (list_applications(by=sly), list_loans(by=sly), Payment.objects.visible_to(sly)):
        assert rows.count() == 1
    for page in ("pay_out", "cancel_application", "own_funds", "repay", "approve", "sign"):
        address = reverse(page, args=[application.deal_id])
        assert browser_of("sly").post(address).status_code == 404, page


def test_a_partner_reads_the_chains_acts_of_its_deal_and_repairs_none(life):
    lends(life)
    for key in ("nuo", "lan", "luo"):
        sign_application(life.application.pk, by=with_code(key))
    life.stack.signer.sign_waiting()
    opening = ChainCommand.objects.get(function="open")
    ChainCommand.objects.filter(pk=opening.pk).update(state="blocked", error="reverted")

    assert [each.command.pk for each in list_stuck_commands(by=with_code("luo"))] == [opening.pk]
    sly = with_code("sly")
    assert list_stuck_commands(by=sly) == []
    assert refused(lambda: retry_command(opening.pk, by=sly)) == "not_found"
    asked = retry_command(opening.pk, by=with_code("luo"))
    assert refused(lambda: approve_retry(asked.pk, by=sly)) == "not_found"

    approve_retry(asked.pk, by=with_code("shen"))
    life.stack.rest()
    assert life.status() == ("signed", "open")
    tx = ChainCommand.objects.get(pk=opening.pk).tx_hash
    assert get_transaction(tx, by=sly).tx_hash == tx


def test_the_partners_page_shows_its_share_and_takes_its_word(life):
    deal = reverse("deal", args=[life.application.deal_id])
    sly = browser_of("sly")
    assert "查看并决定是否出资" in text_of(sly.get(deal))
    assert "贷款银行已审批，待联合出资行审批" in text_of(browser_of("ma").get(deal))
    assert "查看并签署条款" not in text_of(browser_of("nuo").get(deal))
    review = text_of(sly.get(f"{deal}review"))
    assert "按所示内容批准贵行份额" in review
    assert "贸易背景真实" in review
    assert "批准所示内容" not in review
    assert "看到的内容" not in review  # the limits of the lender of record are its own
    seen = content_hash(Application.objects.get())
    answer = sly.post(f"{deal}lend", {"lend-seen": seen, "lend-note": "同意"})
    assert answer.status_code == 302
    assert LenderApproval.objects.get().status == "given"
    assert "查看并签署条款" in text_of(browser_of("nuo").get(deal))
    shown = text_of(browser_of("ma").get(deal))
    assert f"{party('dongling').name} · 40.00 %" in shown
    assert browser_of("yi").post(f"{deal}lend", {"lend-seen": seen}).status_code == 404


def test_each_lender_approves_the_very_fen_its_book_will_show():
    """Two equal shares of an odd sum differ by a fen: whose, must not hang on an order of names."""
    one, other, own = (new_id() for _each in range(3))
    for partners in ((one, other), (other, one)):
        terms = {"partners": [{"bank": str(bank), "ppm": 300_000} for bank in partners]}
        application = Application(bank_id=own, terms=terms, loan_minor=8)
        approved = {str(each.bank_id): each.amount_minor for each in lenders_of(application)}
        loan = Loan(bank_id=own, shares=loan_shares(application))
        assert approved == shares_of(loan).of(8)


def test_shares_of_several_funders_never_fall_while_the_total_grows():
    shares = Shares({"a": 300_000, "b": 300_000, "c": 300_000, "bank": 100_000})
    before = shares.of(0)
    for total in range(1, 1_000):
        parts = shares.of(total)
        assert sum(parts.values()) == total
        assert all(parts[name] >= before[name] for name in parts)
        before = parts
    assert shares.of(10_000) == {"a": 3_000, "b": 3_000, "c": 3_000, "bank": 1_000}
