"""Asking the core enterprise to pay for the borrower: proposed, decided, answered on the pages."""

import pytest

from scf.loans.models import GuaranteeDemand, Loan
from scf.workflow import clocks
from tests.factories.loans import awaiting_loan
from tests.factories.parties import party
from tests.loans.deal import FUNDED
from tests.loans.lives import DAY
from tests.portals.rooms import browser_of, text_of

OWED = "236,209.38"


@pytest.fixture
def overdue(overdue: Loan) -> Loan:
    """The overdue loan, under a programme whose core enterprise gives the shortfall back."""
    Loan.objects.filter(pk=overdue.pk).update(
        recourse="shortfall_refund", anchor_id=party("hengyan").pk
    )
    overdue.refresh_from_db()
    return overdue


def given(**typed: str) -> dict[str, str]:
    today = clocks.business_date().isoformat()
    return {"key": "once", "amount": "100,000.00", "pay_by": today, "reason": "货未售出", **typed}


def proposed(loan: Loan) -> GuaranteeDemand:
    browser_of("chen").post(f"/loans/{loan.pk}/demand", given())
    return GuaranteeDemand.objects.get()


def demanded(loan: Loan) -> GuaranteeDemand:
    demand = proposed(loan)
    browser_of("yi").post(f"/guarantees/{demand.pk}/approve", {"seen": demand.content_hash})
    demand.refresh_from_db()
    return demand


def test_the_form_reckons_what_settles_today_and_a_second_person_demands_it(overdue):
    chen, yi, lan = browser_of("chen"), browser_of("yi"), browser_of("lan")
    assert f"/loans/{overdue.pk}/demand" in text_of(chen.get(f"/loans/{overdue.pk}/"))
    form = text_of(chen.get(f"/loans/{overdue.pk}/demand"))
    for shown in (f'value="{OWED}"', "235,995.51", "213.87", "差额退款", "6.5250%"):
        assert shown in form, shown
    refused = chen.post(f"/loans/{overdue.pk}/demand", given(amount="300,000.00"))
    assert refused.status_code == 400
    assert f"今天结清只需 {OWED} 元" in text_of(refused)

    demand = proposed(overdue)
    address = f"/guarantees/{demand.pk}/"
    assert lan.get(address).status_code == 404
    assert "须由提出人以外的审批人复核" in text_of(chen.get(address))
    assert address in text_of(yi.get("/b/"))
    assert address in text_of(chen.get(f"/loans/{overdue.pk}/"))
    assert chen.post(f"{address}approve", {"seen": demand.content_hash}).status_code == 403
    assert yi.post(f"{address}approve", {"seen": "0" * 64}).status_code == 409
    yi.post(f"{address}approve", {"seen": demand.content_hash})

    assert address in text_of(lan.get("/e/"))
    assert "100,000.00" in text_of(lan.get("/guarantees/"))
    page = text_of(lan.get(address))
    for shown in (
        "等您处理", "货未售出", "“核心企业责任”：差额退款", "云岫金禾", "从一般钱包付款",
        f"本金 235,995.51 + 罚息 213.87 = {OWED}", 'value="100,000.00"', "拒付并说明理由",
    ):  # fmt: skip
        assert shown in page, shown


def test_the_enterprise_refuses_in_words_and_the_bank_upholds_or_withdraws(overdue):
    lan, yi = browser_of("lan"), browser_of("yi")
    address = f"/guarantees/{demanded(overdue).pk}/"
    empty = lan.post(f"{address}decline", {"reason": ""})
    assert empty.status_code == 400
    assert 'id="id_reason_error"' in text_of(empty)
    lan.post(f"{address}decline", {"reason": "货已按合同交付"})
    assert "企业拒付" in text_of(lan.get(address))
    assert "从一般钱包付款" not in text_of(lan.get(address))

    assert address in text_of(yi.get("/b/"))
    page = text_of(yi.get(address))
    for shown in ("货已按合同交付", "坚持要求", "撤回要求"):
        assert shown in page, shown
    yi.post(
        f"{address}uphold", {"reason": "仓单显示未售", "pay_by": clocks.business_date().isoformat()}
    )
    assert "从一般钱包付款" in text_of(lan.get(address))
    yi.post(f"{address}withdraw", {"reason": "协商一致"})
    assert "已撤回" in text_of(lan.get(address))
    assert address not in text_of(lan.get("/e/"))


def test_a_payment_no_wallet_can_make_is_refused_where_it_was_typed(overdue):
    lan, address = browser_of("lan"), f"/guarantees/{demanded(overdue).pk}/"
    for amount, shown in (
        ("100,000.01", "代偿最多 100,000.00 元"),
        ("1.00", "钱包尚未开立"),
        ("much", 'id="id_amount_error"'),
    ):
        answer = lan.post(f"{address}pay", {"key": "once", "amount": amount})
        assert answer.status_code == 400
        assert shown in text_of(answer), amount


def test_strangers_find_nothing_and_who_only_sells_may_look_but_not_answer(overdue):
    address = f"/guarantees/{demanded(overdue).pk}/"
    for key in ("sly", "delta", "ma", "ku", "opal"):
        assert browser_of(key).get(address).status_code == 404, key
        assert browser_of(key).post(f"{address}decline", {"reason": "否"}).status_code == 404, key
        assert browser_of(key).get(f"/loans/{overdue.pk}/demand").status_code == 404, key
    wei = browser_of("wei")
    assert "从一般钱包付款" not in text_of(wei.get(address))
    assert wei.post(f"{address}decline", {"reason": "否"}).status_code == 403
    assert browser_of("shen").get(f"/loans/{overdue.pk}/demand").status_code == 404


def test_without_recourse_or_arrears_nothing_is_offered(loan):
    page = text_of(browser_of("chen").get(f"/loans/{loan.pk}/"))
    assert "要求核心企业代偿" not in page
    assert browser_of("chen").get(f"/loans/{loan.pk}/demand").status_code == 404
    assert "没有代偿要求" in text_of(browser_of("lan").get("/guarantees/"))


def test_a_demand_sent_for_a_loan_not_paid_out_yet_is_refused_in_words(db):
    clocks.open_day(FUNDED - DAY)
    loan = awaiting_loan()
    Loan.objects.filter(pk=loan.pk).update(recourse="buy_back", anchor_id=party("hengyan").pk)
    answer = browser_of("chen").post(f"/loans/{loan.pk}/demand", given())
    assert answer.status_code == 400
    assert "当前状态下不能操作" in text_of(answer)
    assert not GuaranteeDemand.objects.exists()
