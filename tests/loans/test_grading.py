"""Five tiers at each close with what people decided, and provisions at each month end."""

from datetime import date

import pytest

from scf.loans.decided import list_grades, list_provisions, list_undoable
from scf.loans.selectors import view_loan
from scf.loans.services import record_repayment
from scf.workflow import clocks
from tests.factories.loans import moved, opened_loan
from tests.factories.parties import somebody
from tests.loans.deal import FUNDED, LOAN, MATURITY
from tests.loans.lives import DAY, assert_books_agree, balance, decided, go_to, maker, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def loan():
    """A loan of 800,000.00 due on 10 June 2026."""
    clocks.open_day(FUNDED)
    return opened_loan()


def graded(loan) -> list[tuple[date, str]]:
    return [(row.on, row.tier) for row in reversed(list_grades(loan, by=maker()))]


def test_a_grade_falls_with_the_days_and_stays_bad_until_all_arrears_are_paid(loan):
    for days in (1, 90, 91):
        go_to(MATURITY + (days + 1) * DAY)
    loan.refresh_from_db()

    assert graded(loan) == [
        (MATURITY + DAY, "special_mention"),
        (MATURITY + 91 * DAY, "substandard"),
    ]
    assert [one["tier"] for one in told("loan_grade.changed")][-1] == loan.tier == "substandard"

    owed = view_loan(loan).settlement.total_minor
    record_repayment(loan, moved=moved("repay", clocks.business_date(), owed - 1_00), cause="repay")
    go_to(clocks.business_date() + DAY)
    loan.refresh_from_db()
    assert loan.tier == "substandard"


def test_a_technical_delay_stays_normal_for_seven_days(loan):
    go_to(MATURITY + 2 * DAY)
    decided(loan, "call_technical")
    assert (loan.tier, view_loan(loan).tier) == ("normal", "normal")

    go_to(MATURITY + 8 * DAY)
    loan.refresh_from_db()
    assert loan.tier == "normal"
    go_to(MATURITY + 9 * DAY)
    loan.refresh_from_db()
    assert loan.tier == "special_mention"


def test_a_grade_by_hand_counts_until_it_is_taken_back(loan):
    go_to(MATURITY + 2 * DAY)
    grade = decided(loan, "grade", tier="doubtful")
    assert loan.tier == "doubtful"
    assert [row.key for row in list_undoable(loan)] == [grade.action_key]

    go_to(MATURITY + 3 * DAY)
    decided(loan, "undo", on=grade.on, of=grade.action_key)
    assert loan.tier == "special_mention"


def test_provisions_follow_the_grade_month_end_by_month_end_by_difference(loan):
    go_to(date(2026, 4, 1))
    assert balance("1304:" + str(loan.pk)) == balance("6702") == 8_000_00

    go_to(date(2026, 10, 1))
    rows = [
        (row.on, row.tier, row.general_minor, row.specific_minor, row.booked_minor)
        for row in reversed(list_provisions(loan, by=maker()))
    ]
    assert rows == [
        (date(2026, 3, 31), "normal", 8_000_00, 0, 8_000_00),
        (date(2026, 6, 30), "special_mention", 8_000_00, 16_000_00, 16_000_00),
        (date(2026, 9, 30), "substandard", 8_000_00, 200_000_00, 184_000_00),
    ]
    assert list_provisions(loan, by=somebody("nuo")) == []

    owed = view_loan(loan).settlement.total_minor
    record_repayment(loan, moved=moved("repay", date(2026, 10, 1), owed), cause="repay")
    go_to(date(2026, 11, 1))
    assert balance("1304:" + str(loan.pk)) == balance("6702") == 0
    assert LOAN - loan.principal_minor == LOAN
    assert_books_agree()
