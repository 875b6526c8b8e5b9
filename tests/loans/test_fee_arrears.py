"""A fee that is not paid on its day is an arrear: days past due, status, reminders, no penalty."""

from datetime import date

import pytest

from scf.loans.actions import AddCost, CostNature, Draw, Repay
from scf.loans.book import fold
from scf.loans.classification import Tier
from scf.loans.day_end.close import close_loans
from scf.loans.day_end.quiet import close_quiet
from scf.loans.day_end.rows import quiet_from
from scf.loans.fees import AgreedFee, FeeAt
from scf.loans.invariants import days_equal_the_fold
from scf.loans.models import LoanDay, LoanSnapshot
from scf.loans.portfolio import list_arrears
from scf.loans.postings import Kind
from scf.loans.quotes import due_quote
from scf.loans.selectors import view_loan
from scf.loans.services import record_repayment, remind_due
from scf.loans.state import LoanStatus, days_past_due, is_non_accrual
from scf.loans.terms import InterestFrom
from scf.workflow import clocks
from tests.factories.loans import moved, opened_loan
from tests.factories.parties import somebody
from tests.loans.deal import FUNDED, MATURITY, deal_terms, funded
from tests.loans.lives import DAY, assert_books_agree, told

YEARLY = AgreedFee(code="年费", at=FeeAt.YEAR, on=date(2026, 4, 20), amount_minor=120_00)
FEE_DAY = YEARLY.on


def lived(to: date, *actions, **terms):
    return fold(deal_terms(fees=(YEARLY,), **terms), [funded(), *actions], as_of=to)


def test_from_the_day_after_it_was_due_the_loan_is_overdue_until_the_fee_is_paid():
    on_the_day, next_day = lived(FEE_DAY), lived(FEE_DAY + DAY)
    assert (on_the_day.status, on_the_day.status_at_close) == ("active", "overdue")
    assert (next_day.status, days_past_due(next_day.state)) == ("overdue", 1)

    paid = Repay(key="fee", on=FEE_DAY + 5 * DAY, amount_minor=120_00)
    late, cured = lived(FEE_DAY + 5 * DAY), lived(FEE_DAY + 5 * DAY, paid)

    assert (late.status, days_past_due(late.state)) == (LoanStatus.OVERDUE, 5)
    assert (cured.status, days_past_due(cured.state)) == (LoanStatus.ACTIVE, 0)


def test_it_bears_no_penalty_and_the_principal_goes_on_at_the_contract_rate():
    with_fee = lived(FEE_DAY + 40 * DAY)
    without = fold(deal_terms(), [funded()], as_of=FEE_DAY + 40 * DAY)

    assert with_fee.state.recognised == without.state.recognised
    assert due_quote(with_fee, on=with_fee.state.on).total_minor == 120_00


def test_paid_within_the_days_of_grace_it_is_not_overdue():
    assert lived(FEE_DAY + 3 * DAY, grace_days=3).status is LoanStatus.ACTIVE
    assert lived(FEE_DAY + 4 * DAY, grace_days=3).status is LoanStatus.OVERDUE


def test_a_part_paid_goes_to_the_oldest_fee_and_the_days_count_from_the_next():
    older = AgreedFee(code="手续费", at=FeeAt.FUNDING, on=FUNDED, amount_minor=50_00)
    on = FEE_DAY + 2 * DAY
    part = Repay(key="part", on=on, amount_minor=60_00)

    book = fold(deal_terms(fees=(older, YEARLY)), [funded(), part], as_of=on)

    assert [(claim.nr, claim.owed_minor) for claim in book.state.fees_owed] == [(2, 110_00)]
    assert days_past_due(book.state) == 2


def test_a_fee_that_was_added_later_has_no_agreed_day_and_makes_nothing_overdue():
    extra = AddCost(key="extra", on=FUNDED, amount_minor=20_00, nature=CostNature.FEE)

    book = fold(deal_terms(), [funded(), extra], as_of=FUNDED + 10 * DAY)

    assert (book.status, days_past_due(book.state)) == (LoanStatus.ACTIVE, 0)
    assert book.state.fees_owed_minor == 20_00


def test_more_than_90_days_after_it_the_interest_goes_off_the_balance_sheet_and_comes_back():
    terms = {"due_dates": (date(2026, 9, 10),)}
    day_91 = FEE_DAY + 91 * DAY
    assert not is_non_accrual(lived(day_91 - DAY, **terms).state)
    paid = Repay(key="fee", on=day_91, amount_minor=120_00)

    book, back = lived(day_91, **terms), lived(day_91, paid, **terms)

    assert is_non_accrual(book.state)
    assert not is_non_accrual(back.state)
    last = book.postings[-1]
    assert (last.kind, last.on, last.key) == (
        Kind.NON_ACCRUAL,
        day_91,
        "non_accrual:fee:2026-04-20",
    )
    # 800,000.00 x 4.35 % x 130 / 360
    assert last.parts.interest_minor == 12_566_67


def test_the_close_of_its_day_is_folded_and_the_days_after_it_are_quiet_with_their_arrears():
    assert quiet_from(lived(FEE_DAY)).next_event_on == FEE_DAY

    quiet = quiet_from(lived(FEE_DAY + DAY))

    assert quiet.unpaid_since == FEE_DAY
    assert quiet.next_event_on > FEE_DAY + DAY


def test_before_anything_was_released_an_unpaid_fee_is_an_arrear_too():
    terms = deal_terms(fees=(YEARLY,), interest_from=InterestFrom.RELEASE)

    undrawn = fold(terms, [], as_of=FEE_DAY + DAY)
    drawn = [Draw(key="one", on=FEE_DAY + DAY, amount_minor=1_000_00)]

    assert undrawn.status is LoanStatus.OVERDUE
    assert fold(terms, drawn, as_of=FEE_DAY + DAY).status is LoanStatus.OVERDUE


@pytest.mark.django_db
def test_a_stored_loan_is_overdue_reminded_and_quiet_again_with_a_fee_past_due():
    clocks.open_day(FUNDED)
    loan = opened_loan(fees=(YEARLY,))
    for days in range((FEE_DAY - FUNDED).days + 6):
        day = FUNDED + days * DAY
        clocks.open_day(day)
        remind_due(day)
        if day == FEE_DAY + 2 * DAY:
            assert sum(close_quiet(day)) == 1
        close_loans(day)
    today = day + DAY
    clocks.open_day(today)

    loan.refresh_from_db()
    assert (loan.status, view_loan(loan).days_past_due) == ("overdue", 6)
    assert view_loan(loan).tier is Tier.SPECIAL_MENTION
    assert view_loan(loan).next_due_on == FEE_DAY
    (glance,) = list_arrears(by=somebody("luo"))
    assert (glance.loan, glance.due.total_minor, glance.next_due_on) == (loan, 120_00, MATURITY)
    past = LoanDay.objects.filter(loan=loan, on__gte=FEE_DAY).order_by("on")
    assert list(past.values_list("days_past_due", flat=True)) == [0, 1, 2, 3, 4, 5]
    assert LoanSnapshot.objects.get(loan=loan).unpaid_since == FEE_DAY
    reminders = ("loan.due_soon", "loan.due_today", "loan.past_due")
    said = [details for name in reminders for details in told(name)]
    assert [one["offset"] for one in said] == [-7, -3, -1, 0, 1, 3]
    assert {one["amount_minor"] for one in said} == {120_00}
    assert all(one["fees"] == [{"fee": "年费", "amount_minor": 120_00}] for one in said)
    assert not any(one["is_instalment"] for one in said)
    assert list(days_equal_the_fold()) == []

    record_repayment(loan, moved=moved("sweep", today, 120_00), cause="sweep")

    loan.refresh_from_db()
    assert loan.status == "active"
    assert list_arrears(by=somebody("luo")) == []
    assert len(told("loan.cured")) == 1
    assert_books_agree()
