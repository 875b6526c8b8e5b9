"""What people decide about a loan: waived, planned anew, written off, graded; and taken back."""

from datetime import date, timedelta

import pytest

from scf.loans.actions import (
    AddCost,
    CallTechnical,
    Grade,
    RefusedAction,
    Restructure,
    Undo,
    Waive,
    WriteOff,
)
from scf.loans.book import Book, fold
from scf.loans.classification import Tier
from scf.loans.postings import Kind, differences
from scf.loans.quotes import due_quote, settlement_quote
from scf.loans.state import LoanStatus
from scf.loans.terms import Product
from scf.loans.what_if import what_if
from tests.loans.deal import LATE, LOAN, MATURITY, deal_terms, funded, repaid

DAY = timedelta(days=1)
NEW_DATES = (date(2026, 7, 15), date(2026, 8, 15), date(2026, 9, 15))


def lived(*actions: object, to: date = LATE) -> Book:
    return fold(deal_terms(), [funded(), *actions], as_of=to)


def late_by(days: int) -> date:
    return MATURITY + days * DAY


def extended(**changes: object) -> Restructure:
    given = {"key": "restructure", "on": LATE, "due_dates": NEW_DATES} | changes
    return Restructure(**given)


def test_a_waiver_takes_off_what_is_owed_of_each_part_and_no_fen_more():
    owed = due_quote(lived(), on=LATE)
    waived = Waive(
        key="waive",
        on=LATE,
        amount_minor=owed.penalty_minor + 100_00,
        penalty_minor=owed.penalty_minor,
        interest_minor=100_00,
    )

    book = lived(waived)

    after = due_quote(book, on=LATE)
    assert (after.penalty_minor, after.interest_minor) == (0, owed.interest_minor - 100_00)
    assert after.principal_minor == LOAN
    # A penalty waived today runs on tomorrow: only what had run up was forgiven.
    assert due_quote(book, on=LATE + DAY).penalty_minor == 145_00


def test_a_waiver_that_history_makes_too_big_takes_what_there_is():
    waived = Waive(key="waive", on=LATE, amount_minor=500_00, penalty_minor=500_00)

    book = lived(repaid(800_000_00, MATURITY), waived)

    posted = [one.parts for one in book.postings if one.kind is Kind.WAIVE]
    assert [parts.penalty_minor for parts in posted] == [7_88]
    assert due_quote(book, on=LATE).penalty_minor == 0


def test_an_extension_moves_what_is_unpaid_to_its_first_date_and_keeps_every_fen():
    owed = settlement_quote(lived(), on=LATE)

    book = lived(extended(product=Product.EQUAL_PRINCIPAL))

    assert settlement_quote(book, on=LATE) == owed
    assert due_quote(book, on=LATE).total_minor == 0
    assert [row.principal_owed_minor for row in book.state.rows] == [
        0,
        266_666_67,
        266_666_67,
        266_666_66,
    ]
    assert book.status is LoanStatus.RESTRUCTURED
    first = due_quote(book, on=NEW_DATES[0])
    # 800,000.00 at 4.35 % for 30 days, beside the interest that was overdue.
    assert first.interest_minor == owed.interest_minor + 2_900_00
    assert first.penalty_minor == owed.penalty_minor


def test_new_dates_follow_dates_that_a_holiday_had_moved():
    terms = deal_terms(planned_dates=(MATURITY - DAY,))
    book = fold(terms, [funded(), extended()], as_of=LATE)
    assert book.terms.agreed_dates == (MATURITY - DAY, *NEW_DATES)


def test_a_restructured_loan_is_observed_for_six_months():
    book = lived(extended(due_dates=(date(2027, 6, 15),)), to=date(2026, 12, 14))
    assert book.status is LoanStatus.RESTRUCTURED

    ended = lived(extended(due_dates=(date(2027, 6, 15),)), to=date(2026, 12, 15))
    assert ended.status is LoanStatus.ACTIVE
    assert lived(extended(is_relief=False)).status is LoanStatus.ACTIVE


def test_a_missed_new_date_is_overdue_under_the_new_rate():
    book = lived(extended(rate_ppm=36_000, penalty_rate_ppm=54_000), to=date(2026, 9, 17))

    assert book.status is LoanStatus.OVERDUE
    assert {one.rate_ppm for one in book.segments if one.starts_on >= LATE} == {36_000, 54_000}


def test_what_if_shows_both_plans_and_moves_nothing():
    book = lived()
    shown = what_if(book, extended(rate_ppm=36_000), on=LATE)

    assert [row.due_on for row in shown.before.rows] == [LATE]
    assert shown.before.rows[0].is_arrears
    assert shown.before.total_minor == shown.before.settlement_minor
    assert [row.due_on for row in shown.after.rows] == list(NEW_DATES)
    assert shown.after.principal_minor == LOAN
    assert shown.after.settlement_minor == shown.before.settlement_minor
    # 800,000.00 at 3.6 %: 30, 31 and 31 days.
    assert shown.total_difference_minor == 2_400_00 + 2_480_00 + 2_480_00
    assert shown.before.annual_rate is None
    assert 0.035 < float(shown.after.annual_rate) < 0.037
    assert book == lived()


def test_a_loan_written_off_stands_as_a_claim_and_its_money_is_a_recovery():
    day = late_by(100)
    book = lived(WriteOff(key="off", on=day), repaid(300_000_00, day + DAY), to=day + 40 * DAY)

    assert book.status is LoanStatus.WRITTEN_OFF
    kinds = {one.key: one.kind for one in book.postings}
    assert kinds["off"] is Kind.WRITE_OFF
    assert kinds[f"repay:{day + DAY}"] is Kind.RECOVERY
    later = [one for one in book.postings if one.on > day and one.kind is Kind.ACCRUAL]
    assert later
    assert all(one.is_off_balance for one in later)
    assert book.state.principal_minor < LOAN


def test_a_grade_and_a_technical_exception_stand_in_the_state():
    graded = lived(Grade(key="grade", on=LATE, tier=Tier.DOUBTFUL))
    assert graded.state.manual_tier is Tier.DOUBTFUL
    assert lived(CallTechnical(key="tech", on=LATE)).state.technical_due_on == MATURITY
    too_late = late_by(8)
    assert lived(CallTechnical(key="tech", on=too_late), to=too_late).state.technical_due_on is None


def test_an_undo_takes_a_decision_out_as_if_it_never_was():
    decisions = [
        AddCost(key="cost", on=LATE, amount_minor=50_00),
        Waive(key="waive", on=LATE, amount_minor=50_00, penalty_minor=50_00),
        extended(),
        WriteOff(key="off", on=LATE),
    ]
    undone = [Undo(key=f"undo:{one.key}", on=LATE, of=one.key) for one in decisions]

    book = lived(*decisions, *undone, to=late_by(60))

    bare = lived(to=late_by(60))
    assert (book.state, book.postings) == (bare.state, bare.postings)
    again = lived(*decisions, *undone, Undo(key="redo", on=LATE, of="undo:off"), to=late_by(60))
    assert again.status is LoanStatus.WRITTEN_OFF
    posted = lived(*decisions, to=late_by(60)).postings
    made = differences(posted, bare.postings)
    assert differences(posted + made, bare.postings) == ()


def test_money_that_moved_is_not_undone_and_nothing_is_not_undone_either():
    paid = repaid(100_00, LATE)
    for of, code in ((paid.key, "not_undoable"), ("nothing", "nothing_to_undo")):
        with pytest.raises(RefusedAction) as refusal:
            lived(paid, Undo(key="undo", on=LATE, of=of))
        assert refusal.value.code == code
