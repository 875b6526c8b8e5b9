"""What happened is told to whom it concerns, in their words, and is over when it is done."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from scf.core.actor import SYSTEM
from scf.core.errors import NotFound
from scf.financing.access import content_hash
from scf.financing.services import (
    recommend_application,
    reject_application,
    return_application,
    withdraw_application,
)
from scf.loans.fees import AgreedFee, FeeAt
from scf.loans.models import Loan
from scf.loans.services import (
    DemandIn,
    decline_guarantee,
    demand_guarantee,
    propose_guarantee,
    record_repayment,
    uphold_guarantee,
)
from scf.notifications.models import InboxItem
from scf.notifications.notices import NOTICES
from scf.notifications.selectors import count_unread, list_inbox
from scf.notifications.services import mark_all_read, mark_read, tell
from scf.notifications.wording import said_of
from scf.workflow import clocks
from scf.workflow.facts import record
from scf.workflow.models import Fact
from tests.factories.loans import moved
from tests.factories.parties import somebody, user_of
from tests.loans.deal import LOAN, MATURITY
from tests.loans.lives import checker, maker
from tests.notifications.conftest import morning, opened_loan_of

DAY = timedelta(days=1)


def inbox(key: str) -> list[str]:
    """The open messages of somebody, newest first, as titles."""
    rows = list_inbox(by=somebody(key), is_unread=True)
    return [said.title for said in said_of(list(rows))]


def test_a_submitted_application_is_the_reviewers_turn(told):
    assert told.heard() == {("zhou", "turn")}
    assert inbox("zhou") == ["轮到您：审查贸易背景"]
    (said,) = said_of(list(list_inbox(by=somebody("zhou"))))
    assert said.by_when.startswith("截止 20")
    assert told.application.number in said.about


def test_a_turn_is_over_for_all_when_it_moves_on_and_the_next_is_told(told):
    told.hear()
    recommend_application(
        told.application.pk,
        seen=content_hash(told.application),
        opinion="贸易背景真实",
        by=somebody("zhou"),
    )

    assert told.heard() == {("yi", "turn")}
    assert inbox("zhou") == []
    assert inbox("yi") == ["轮到您：审批"]


def test_what_the_bank_gave_back_is_told_once_with_its_deadline_and_not_to_who_did_it(told):
    told.hear()
    return_application(told.application.pk, codes=["papers_missing"], note="", by=somebody("zhou"))

    assert told.heard() == {("ma", "decision"), ("nuo", "decision")}
    (said,) = said_of(list(list_inbox(by=somebody("ma"))))
    assert (said.title, said.todo) == ("银行退回补正", "按退回原因补正后重新提交")
    assert said.by_when.startswith("截止 ")


def test_a_refusal_reaches_buyer_and_seller_and_a_withdrawal_the_bank(told):
    told.hear()
    withdraw_application(told.application.pk, by=somebody("ma"), note="改用自有资金")
    assert told.heard() == {("chen", "decision"), ("wei", "decision")}
    assert inbox("zhou") == []


def test_the_seller_hears_no_reason_of_a_refusal(told):
    told.hear()
    reject_application(told.application.pk, codes=["limit_short"], note="x", by=somebody("zhou"))
    assert told.heard() == {("ma", "decision"), ("nuo", "decision"), ("wei", "decision")}
    assert inbox("wei") == ["买方的融资未获批准，订单行已解锁"]


def test_a_due_date_is_told_to_the_borrower_and_a_later_reminder_takes_the_earlier_ones_place(told):
    opened_loan_of(told.application)
    told.hear()
    morning(MATURITY - 7 * DAY)
    assert told.heard() == {("ma", "repayment"), ("nuo", "repayment")}
    assert inbox("ma")[0] == "还有 7 天：2026-06-10 应还 808,700.00 元"

    morning(MATURITY - 3 * DAY)
    told.hear()

    titles = inbox("ma")
    assert [title for title in titles if "应还" in title] == [
        "还有 3 天：2026-06-10 应还 808,700.00 元"
    ]
    with translation.override("en"):
        assert inbox("ma")[0] == "808,700.00 yuan fall due on 2026-06-10 (days left: 3)"


def test_an_overdue_loan_is_told_to_borrower_and_bank_until_it_is_paid(told):
    loan = opened_loan_of(told.application)
    told.hear()
    morning(MATURITY + DAY)
    expected = {("ma", "overdue"), ("nuo", "overdue"), ("chen", "overdue"), ("luo", "overdue")}
    assert told.heard() == expected
    # 800,000.00 at 6.525 % / 360 for a day.
    assert inbox("luo")[0] == "云岫金禾塑编有限公司 逾期 1 天，欠 808,845.00 元"

    record_repayment(
        loan, moved=moved("sweep", MATURITY + DAY, LOAN + 8_700_00 + 145_00), cause="sweep"
    )
    told.hear()

    assert not any("逾期" in title for title in [*inbox("luo"), *inbox("ma")])
    assert inbox("ma")[:2] == ["贷款已全部结清", "还款 808,845.00 元已入账"]


def test_a_fee_past_due_is_told_by_its_name_and_bears_no_penalty(told):
    on = date(2026, 4, 20)
    yearly = AgreedFee(code="年费", at=FeeAt.YEAR, on=on, amount_minor=120_00)
    opened_loan_of(told.application, fees=(yearly,))
    for day in (on - 7 * DAY, on + DAY):
        morning(day)
        told.hear()

    assert inbox("luo")[0] == (
        "云岫金禾塑编有限公司 逾期 1 天，欠 120.00 元（其中费用：年费 120.00）"
    )
    item = InboxItem.objects.filter(person=user_of("ma").person, kind="overdue").get()
    (said,) = said_of([item])
    assert said.title == "已逾期 1 天，应还 120.00 元（其中费用：年费 120.00）"
    assert said.todo == "请尽快存入专属收款账户，到账即扣；费用不计罚息"


def test_told_twice_is_told_once(told):
    facts = list(Fact.objects.order_by("pk"))
    first = tell(facts)
    assert len(first) == 1
    assert tell(facts) == []
    assert InboxItem.objects.count() == 1


def test_the_warehouse_reads_no_amounts(told):
    details = {"amount_minor": LOAN, "value_date": "2026-03-12", "tx_hash": ""}
    told.hear()
    fact = Fact.objects.get(
        pk=record("payment.part_of_a_test", told.application, by=SYSTEM, **details).pk
    )
    assert tell([fact]) == []  # no row of the table: nobody's message
    goods = [each for each in NOTICES["payment.funded"] if each.kind == "goods"]
    assert goods
    assert all("amount" not in str(each.title) for each in goods)


def test_a_message_is_its_readers_own(told):
    told.hear()
    (item,) = list_inbox(by=somebody("zhou"))
    for key in ("yi", "sly", "ma"):
        assert not list_inbox(by=somebody(key))
        with pytest.raises(NotFound):
            mark_read(item.pk, by=somebody(key))
    assert count_unread(by=somebody("zhou")) == 1

    read = mark_read(item.pk, by=somebody("zhou"))

    assert count_unread(by=somebody("zhou")) == 0
    assert mark_read(item.pk, by=somebody("zhou")).read_at == read.read_at


def test_all_are_marked_read_or_those_of_a_kind(told):
    opened_loan_of(told.application)
    morning(MATURITY - 7 * DAY)
    told.hear()
    ma = somebody("ma")
    assert mark_all_read(by=ma, kind="turn") == 0
    assert mark_all_read(by=ma) == count_unread(by=somebody("nuo")) > 0
    assert count_unread(by=ma) == 0
    assert user_of("nuo").person_id != ma.person_id


def test_every_notice_says_something_by_values_there_are():
    names = "what buyer amount due_on pay_by days fees penalty arrival kept"
    values = dict.fromkeys(names.split(), "x")
    for rows in NOTICES.values():
        kinds = [(each.side, each.kind) for each in rows]
        assert len(kinds) == len(set(kinds))  # a message finds its words by side and kind
        assert all(str(each.title) % values and str(each.todo) % values is not None
                   for each in rows)  # fmt: skip


def test_a_demand_is_told_to_who_decides_to_who_answers_and_to_the_borrower(told):
    loan = opened_loan_of(told.application)
    Loan.objects.filter(pk=loan.pk).update(
        recourse="shortfall_refund", anchor_id=told.application.enterprise_id
    )
    user_of("lan")
    for late in (1, 2):
        morning(MATURITY + late * DAY)
    told.hear()
    given = DemandIn(1_000_00, "货未售出", clocks.business_date())
    demand = propose_guarantee(loan.pk, given=given, key="form", by=maker())
    told.hear()
    assert "一项代偿要求等您复核" in inbox("yi")
    demand_guarantee(demand.pk, seen=demand.content_hash, by=checker())
    told.hear()
    (said,) = said_of(list(list_inbox(by=somebody("lan"), is_unread=True)))
    assert said.title.endswith("的贷款要求代偿 1,000.00 元")
    assert given.pay_by.isoformat() in said.todo
    assert "银行已要求核心企业代偿 1,000.00 元" in inbox("ma")
    decline_guarantee(demand.pk, reason="已交付", by=somebody("lan"))
    told.hear()
    assert "核心企业拒付代偿 1,000.00 元" in inbox("chen")
    later = given.pay_by + 30 * DAY
    uphold_guarantee(demand.pk, reason="仓单显示未售", pay_by=later, by=checker())
    told.hear()
    (again, *_others) = said_of(list(list_inbox(by=somebody("lan"), is_unread=True)))
    assert again.title == "银行坚持要求代偿 1,000.00 元"
    assert f"{later.isoformat()} 前付款" in again.todo


def test_a_message_about_one_line_says_which(told):
    user_of("luo")
    record("application.evidence_given", told.application, by=SYSTEM, line_number=2)
    told.hear()
    (said,) = said_of(list(list_inbox(by=somebody("luo"), is_unread=True)))
    assert said.title == "承运方或仓库已确认交货"
    assert said.about.endswith(" · 第 2 行")
