"""A fee two persons agree later has a name and a day: then it is one like the contract's."""

from datetime import date

import pytest

from scf.core.errors import Conflict, RuleBroken
from scf.loans.actions import AddCost, CostNature, Repay, Undo
from scf.loans.book import fold
from scf.loans.invariants import days_equal_the_fold
from scf.loans.models import Loan
from scf.loans.portfolio import Wanted, find_loans
from scf.loans.quotes import due_quote, settlement_quote
from scf.loans.selectors import view_loan
from scf.loans.services import approve_proposal, record_repayment, remind_due
from scf.loans.state import LoanStatus, days_past_due
from scf.workflow import clocks
from tests.api.machine import machine_of
from tests.factories.loans import moved, opened_loan
from tests.factories.parties import somebody, user_of
from tests.loans.deal import FUNDED, MATURITY, deal_terms, funded
from tests.loans.lives import DAY, assert_books_agree, checker, decided, go_to, proposed, told
from tests.portals.loans.test_english import chinese_left
from tests.portals.rooms import browser_of, text_of

ADDED = date(2026, 4, 1)
FEE_DAY = date(2026, 4, 20)
FEE = AddCost(
    key="fee", on=ADDED, amount_minor=120_00, nature=CostNature.FEE, name="变更费", due_on=FEE_DAY
)


def lived(to: date, *actions):
    return fold(deal_terms(), [funded(), FEE, *actions], as_of=to)


@pytest.fixture
def loan(db, settings, tmp_path) -> Loan:
    """Funded on 12 March; on 1 April two persons agree a fee of 120.00 for the 20th."""
    settings.DOCUMENTS_ROOT = str(tmp_path)
    clocks.open_day(FUNDED)
    made = opened_loan()
    go_to(ADDED)
    decided(made, "cost", amount_minor=120_00, **named(FEE_DAY))
    return made


def named(day: date | None, name: str = "变更费") -> dict[str, object]:
    return {"nature": "fee", "name": name, "due_on": day.isoformat() if day else None}


def test_it_is_owed_from_its_day_on_and_an_arrear_after_it_until_it_is_paid():
    before, on_the_day = lived(FEE_DAY - DAY), lived(FEE_DAY)
    assert due_quote(before, on=FEE_DAY - DAY).total_minor == 0
    assert due_quote(on_the_day, on=FEE_DAY).total_minor == 120_00
    late = lived(FEE_DAY + 5 * DAY)
    assert (late.status, days_past_due(late.state)) == (LoanStatus.OVERDUE, 5)
    paid = lived(FEE_DAY + 5 * DAY, Repay(key="p", on=FEE_DAY + 5 * DAY, amount_minor=120_00))
    assert (paid.status, days_past_due(paid.state)) == (LoanStatus.ACTIVE, 0)


def test_who_settles_before_its_day_pays_it_and_it_is_not_lost():
    early = FEE_DAY - 5 * DAY
    plain = fold(deal_terms(), [funded()], as_of=early)
    owed = settlement_quote(lived(early), on=early).total_minor
    assert owed == settlement_quote(plain, on=early).total_minor + 120_00

    book = lived(early, Repay(key="all", on=early, amount_minor=owed))

    assert (book.status, book.state.costs_paid_minor) == (LoanStatus.SETTLED, 120_00)


def test_taken_back_it_is_as_if_it_had_never_been_agreed():
    back = Undo(key="undo", on=ADDED, of="fee")
    book, plain = lived(FEE_DAY + DAY, back), fold(deal_terms(), [funded()], as_of=FEE_DAY + DAY)
    assert (book.postings, book.terms) == (plain.postings, plain.terms)


@pytest.mark.parametrize(
    ("day", "name", "code"),
    [
        (None, "变更费", "proposal_invalid"),
        (FEE_DAY, " ", "proposal_invalid"),
        (ADDED - DAY, "变更费", "proposal_invalid"),  # before the day it is agreed from
        (MATURITY + DAY, "变更费", "fee_after_maturity"),
    ],
)
def test_without_a_name_or_a_day_within_the_term_it_is_refused(loan, day, name, code):
    with pytest.raises(RuleBroken) as refusal:
        proposed(loan, "cost", amount_minor=1_00, **named(day, name))
    assert refusal.value.code == code


def test_with_it_the_loan_may_not_cost_more_than_the_cap(loan):
    """750,000.00 for 90 days: 24 % a year is 45,000.00, interest of it and the fees before."""
    with pytest.raises(RuleBroken) as refusal:
        proposed(loan, "cost", amount_minor=50_000_00, **named(FEE_DAY))
    assert refusal.value.code == "cost_above_cap"
    decided(loan, "cost", amount_minor=20_000_00, **named(FEE_DAY))
    with pytest.raises(RuleBroken) as refusal:
        proposed(loan, "cost", amount_minor=30_000_00, **named(MATURITY))
    assert refusal.value.code == "cost_above_cap"
    assert "上限 24%" in refusal.value.text()


def test_what_others_take_for_the_loan_counts_under_the_cap_as_well(loan):
    Loan.objects.update(outside_fees=[{"on": FUNDED.isoformat(), "amount_minor": 20_000_00}])
    loan.refresh_from_db()
    with pytest.raises(RuleBroken) as refusal:
        proposed(loan, "cost", amount_minor=20_000_00, **named(FEE_DAY))
    assert refusal.value.code == "cost_above_cap"


def test_its_day_does_not_pass_while_it_waits_for_the_second_person(loan):
    with pytest.raises(RuleBroken) as refusal:
        proposed(loan, "cost", amount_minor=1_00, on=FUNDED, **named(ADDED - DAY))
    assert refusal.value.code == "day_is_past"
    waiting = proposed(loan, "cost", amount_minor=1_00, **named(ADDED + DAY))
    go_to(ADDED + 2 * DAY)
    with pytest.raises((RuleBroken, Conflict)) as late:
        approve_proposal(waiting.pk, seen=waiting.content_hash, by=checker())
    assert late.value.code == "day_is_past"


def test_the_borrower_is_told_reminded_by_its_name_and_overdue_when_it_does_not_pay(loan):
    assert told("loan.cost_added")[-1]["due_on"] == FEE_DAY.isoformat()
    found = find_loans(Wanted(due_within=19), by=somebody("shen"))
    assert [row.pk for row in found] == [loan.pk]
    assert not find_loans(Wanted(due_within=18), by=somebody("shen"))
    for offset in (-7, -3, -1, 0, 1):
        go_to(FEE_DAY + offset * DAY)
        remind_due(FEE_DAY + offset * DAY)
        remind_due(FEE_DAY + offset * DAY)

    reminded = [*told("loan.due_soon"), *told("loan.due_today"), *told("loan.past_due")]
    assert [one["offset"] for one in reminded] == [-7, -3, -1, 0, 1]
    assert all(one["fees"] == [{"fee": "变更费", "amount_minor": 120_00}] for one in reminded)
    assert [one["fee"] for one in told("loan.fee_due")] == ["变更费"]
    loan.refresh_from_db()
    assert (loan.status, view_loan(loan).due.total_minor) == ("overdue", 120_00)
    assert_books_agree()
    assert not list(days_equal_the_fold())

    record_repayment(loan, moved=moved("sweep", FEE_DAY + DAY, 120_00), cause="sweep")
    loan.refresh_from_db()
    assert loan.status == "active"
    assert_books_agree()


def test_pages_and_api_ask_for_its_day_and_show_it(loan):
    chen, address = browser_of("chen"), f"/loans/{loan.pk}/propose/cost"
    typed = {
        "key": "k", "on": ADDED.isoformat(), "reason": "展期", "amount": "80", "nature": "fee"
    }  # fmt: skip
    refused = chen.post(address, typed)
    assert refused.status_code == 400
    for field in ("name", "due_on"):
        assert f'id="id_{field}_error"' in text_of(refused)
    late = chen.post(address, typed | {"name": "展期费", "due_on": "2026-07-01"})
    assert "不得晚于贷款到期日 2026-06-10" in text_of(late)
    early = chen.post(address, typed | {"name": "展期费", "due_on": "2025-12-31"})
    assert "费用到期日不得早于入账日" in text_of(early)
    nothing = chen.post(address, typed | {"amount": "0", "name": "展期费", "due_on": "2026-05-06"})
    assert "金额必须大于零" in text_of(nothing)
    assert chen.post(address, typed | {"name": "展期费", "due_on": "2026-05-06"}).status_code == 302
    waiting = text_of(browser_of("yi").get(f"/loans/{loan.pk}/"))
    for shown in ("展期费", "2026-05-06"):
        assert shown in waiting

    for key in ("ma", "chen"):
        page = text_of(browser_of(key).get(f"/loans/{loan.pk}/"))
        for shown in ("变更费", "2026-04-20", "120.00", "未到期"):
            assert shown in page, shown
    (fee,) = machine_of(somebody("ma")).get(f"/loans/{loan.pk}").json()["fees"]
    assert (fee["code"], fee["at"], fee["on"]) == ("变更费", "added", "2026-04-20")
    assert (fee["standing"], fee["owed_minor"]) == ("ahead", 0)

    user = user_of("chen")
    user.language = "en"
    user.save()
    assert chinese_left(text_of(browser_of("chen").get(address))) == set()


def test_the_borrowers_home_names_a_fee_that_is_due_before_the_next_instalment(loan):
    home = text_of(browser_of("ma").get("/m/"))
    assert "下次还款 04-20 付 120.00 元" in home
    go_to(FEE_DAY)
    assert "下次还款 04-20 付 120.00 元" in text_of(browser_of("ma").get("/m/"))
