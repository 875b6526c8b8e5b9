"""One person of the bank proposes a decision on a page, another puts it in force on the loan's."""

import pytest

from scf.loans.models import Loan, LoanProposal
from scf.loans.selectors import view_loan
from scf.workflow import clocks
from tests.portals.rooms import browser_of, text_of


def given(**typed: str) -> dict[str, str]:
    today = clocks.business_date().isoformat()
    return {"key": "once", "on": today, "reason": "客户申请", **typed}


def approve(loan: Loan) -> None:
    proposal = LoanProposal.objects.get(loan=loan, status="proposed")
    address = f"/loans/{loan.pk}/proposals/{proposal.pk}/approve"
    answer = browser_of("yi").post(address, {"seen": proposal.content_hash})
    assert answer.status_code == 302


def test_a_cost_is_owed_once_a_second_person_agreed_and_no_more_once_undone(overdue):
    chen = browser_of("chen")
    before = view_loan(overdue).settlement.costs_minor
    address = f"/loans/{overdue.pk}/propose/"
    typed = given(amount="1,200.50", nature="enforcement")
    assert chen.post(address + "cost", typed).headers["Location"] == f"/loans/{overdue.pk}/"
    assert view_loan(overdue).settlement.costs_minor == before
    approve(overdue)
    assert view_loan(overdue).settlement.costs_minor == before + 120_050

    made = overdue.actions.get(kind="cost")
    assert "费用入账" in text_of(chen.get(address + "undo"))
    chen.post(address + "undo", {"key": "back", "reason": "录入错误", "of": made.key})
    approve(overdue)
    assert view_loan(overdue).settlement.costs_minor == before


def test_a_waiver_above_what_is_owed_is_refused_and_what_was_typed_stays(overdue):
    answer = browser_of("chen").post(
        f"/loans/{overdue.pk}/propose/waive", given(penalty="99,999.00")
    )
    assert answer.status_code == 400
    page = text_of(answer)
    assert "减免超过所欠金额" in page
    assert "99,999.00" in page
    assert not LoanProposal.objects.exists()


@pytest.mark.parametrize("kind", ["cost", "waive", "write_off", "grade", "call_technical", "undo"])
def test_a_form_sent_empty_names_its_fields(overdue, kind):
    answer = browser_of("chen").post(f"/loans/{overdue.pk}/propose/{kind}", {"key": "once"})
    assert answer.status_code == 400
    assert 'id="id_reason_error"' in text_of(answer)


def test_only_who_may_propose_finds_the_pages(overdue):
    for key in ("shen", "ma", "sly"):
        assert browser_of(key).get(f"/loans/{overdue.pk}/propose/waive").status_code == 404
    assert browser_of("chen").get(f"/loans/{overdue.pk}/propose/gift").status_code == 404


def test_a_form_that_lost_its_hidden_part_says_what_to_do(overdue):
    typed = given(amount="1,200.50", nature="enforcement", key="")
    answer = browser_of("chen").post(f"/loans/{overdue.pk}/propose/cost", typed)
    assert answer.status_code == 400
    assert "表单不完整或已过期：请刷新页面后再提交" in text_of(answer)


def test_a_proposal_overtaken_by_another_decision_offers_to_be_sent_back_alone(overdue):
    address = f"/loans/{overdue.pk}/propose/"
    browser_of("chen").post(address + "cost", given(amount="80", nature="enforcement"))
    approving = "/approve"
    assert approving in text_of(browser_of("yi").get(f"/loans/{overdue.pk}/"))
    waiting = LoanProposal.objects.get()
    browser_of("chen").post(address + "cost", given(amount="50", nature="enforcement", key="more"))
    later = LoanProposal.objects.exclude(pk=waiting.pk).get()
    browser_of("yi").post(
        f"/loans/{overdue.pk}/proposals/{later.pk}/approve", {"seen": later.content_hash}
    )

    page = text_of(browser_of("yi").get(f"/loans/{overdue.pk}/"))

    assert "不能再同意：提出以后贷款有了变动，所示影响不再成立" in page
    assert approving not in page
    assert f"/proposals/{waiting.pk}/refuse" in page
