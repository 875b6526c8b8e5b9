"""Reminders of a due date: told once each, on the mornings agreed, with what is or will be due."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from scf.loans.models import Loan, LoanReminder
from scf.loans.services import (
    close_loan_day,
    loans_to_close,
    record_repayment,
    remind_due,
    take_back,
)
from scf.loans.services.remind import AFTER, loans_to_remind
from scf.workflow import clocks
from scf.workflow.models import Fact
from tests.factories.loans import awaiting_loan, moved, opened_loan
from tests.loans.deal import EXPIRY, FUNDED, MATURITY, RETURNED
from tests.loans.lives import decided

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
REMINDERS = ("loan.due_soon", "loan.due_today", "loan.past_due")


@pytest.fixture
def go_to() -> Callable[[date], None]:
    """Close the day, open another morning and remind; days between are skipped, not lived."""
    clocks.open_day(FUNDED)

    def go(to: date) -> None:
        clocks.open_day(max(clocks.business_date(), to - DAY))
        for loan_id in loans_to_close(to - DAY):
            close_loan_day(loan_id, day=to - DAY)
        clocks.open_day(to)
        remind_due(to)

    return go


def told() -> list[tuple[str, str, int, int]]:
    """Name, due date, distance and amount of each reminder, in order."""
    rows = Fact.objects.filter(name__in=REMINDERS).order_by("id")
    return [
        (row.name, row.details["due_on"], row.details["offset"], row.details["amount_minor"])
        for row in rows
    ]


def in_days(first: int, last: int) -> list[date]:
    return [MATURITY + DAY * count for count in range(first, last + 1)]


def test_a_due_date_is_announced_three_times_and_on_the_day_with_what_will_be_due(go_to):
    loan = opened_loan()
    go_to(EXPIRY)
    take_back(loan, moved=moved("return", EXPIRY, RETURNED))

    for day in in_days(-8, 0):
        go_to(day)

    due = 627_919_30 + 8_076_21
    on = MATURITY.isoformat()
    assert told() == [
        ("loan.due_soon", on, -7, due),
        ("loan.due_soon", on, -3, due),
        ("loan.due_soon", on, -1, due),
        ("loan.due_today", on, 0, due),
    ]
    said = Fact.objects.filter(name="loan.due_soon").earliest("id").details
    assert (said["principal_minor"], said["interest_minor"]) == (627_919_30, 8_076_21)
    assert said["is_maturity"]


def test_what_is_unpaid_is_told_after_one_three_and_seven_days_then_weekly_with_its_penalty(go_to):
    loan = opened_loan()
    go_to(EXPIRY)
    take_back(loan, moved=moved("return", EXPIRY, RETURNED))
    go_to(MATURITY)
    record_repayment(loan, moved=moved("sweep", MATURITY, 400_000_00), cause="sweep")

    for day in in_days(1, 15):
        go_to(day)

    late = [(offset, amount) for name, _on, offset, amount in told() if name == "loan.past_due"]
    # 235,995.51 at 6.525 % / 360 a day: 42.774..., rounded once over all the days.
    assert late == [
        (1, 235_995_51 + 42_77),
        (3, 235_995_51 + 128_32),
        (7, 235_995_51 + 299_42),
        (14, 235_995_51 + 598_84),
    ]


def test_the_distances_are_weekly_up_to_ninety_days_and_monthly_after(go_to):
    assert AFTER[:14] == (1, 3, 7, 14, 21, 28, 35, 42, 49, 56, 63, 70, 77, 84)
    assert AFTER[14:17] == (120, 150, 180)
    opened_loan()
    go_to(MATURITY + 119 * DAY)
    go_to(MATURITY + 120 * DAY)
    assert [offset for _name, _on, offset, _amount in told()] == [120]


def test_a_morning_taken_up_again_tells_nothing_twice(go_to):
    opened_loan()
    go_to(MATURITY - 7 * DAY)
    assert loans_to_remind(MATURITY - 7 * DAY) == []
    go_to(MATURITY - 7 * DAY)
    assert len(told()) == LoanReminder.objects.count() == 1


def test_who_owes_nothing_then_is_left_alone(go_to):
    awaiting_loan()
    paid = opened_loan()
    go_to(MATURITY - 10 * DAY)
    owed = 800_000_00 + 7_733_33  # 80 days
    record_repayment(paid, moved=moved("repay", MATURITY - 10 * DAY, owed), cause="repay")
    assert Loan.objects.get(pk=paid.pk).status == "settled"

    go_to(MATURITY - 7 * DAY)
    go_to(MATURITY + DAY)

    assert told() == []


def test_within_the_days_of_grace_it_is_told_before_it_is_overdue(go_to):
    loan = opened_loan(grace_days=3)
    for day in in_days(1, 4):
        go_to(day)
    assert [row[2] for row in told()] == [1, 3]
    loan.refresh_from_db()
    assert loan.status == "overdue"


def test_each_instalment_is_announced_for_itself(go_to):
    dues = (date(2026, 4, 10), date(2026, 5, 11), MATURITY)
    opened_loan(due_dates=dues)
    go_to(date(2026, 4, 3))
    go_to(date(2026, 5, 4))  # the first one is unpaid: it is due with the second

    assert [(row[1], row[2]) for row in told()] == [("2026-04-10", -7), ("2026-05-11", -7)]
    first, second = (row[3] for row in told())
    assert first == 2_803_33  # 800,000.00 x 4.35 % x 29 / 360
    assert second > first


def test_a_loan_planned_anew_is_reminded_of_its_new_due_dates(go_to):
    loan = opened_loan()
    later = MATURITY + 90 * DAY
    go_to(MATURITY - 30 * DAY)
    decided(loan, "restructure", due_dates=[later.isoformat()])
    go_to(MATURITY - 7 * DAY)
    assert told() == []

    go_to(later - 7 * DAY)

    assert [(row[1], row[2]) for row in told()] == [(later.isoformat(), -7)]


def test_a_day_reads_only_loans_with_a_due_date_at_a_distance(go_to):
    loan = opened_loan()
    assert loans_to_remind(MATURITY - 7 * DAY) == [loan.pk]
    assert loans_to_remind(MATURITY - 6 * DAY) == []
    assert loans_to_remind(MATURITY + DAY) == []  # not overdue, and without grace
