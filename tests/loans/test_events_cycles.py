"""Dates that recur: stubs, month ends, and what a weekend does to payment and interest."""

from datetime import date
from decimal import Decimal

import pytest

from scf.loans.calendars import BusinessDayRule, MonthEndRule, WorkingDays
from scf.loans.daycount import DayCount
from scf.loans.events.cycles import Cycle, Recurrence, dates_between
from scf.loans.events.run import events
from scf.loans.events.state import EventType
from scf.loans.events.terms import Kind, Terms

SAME_DAY = MonthEndRule.SAME_DAY
MONTHLY = Cycle(months=1)
MONTHLY_LONG = Cycle(months=1, has_long_stub=True)


def days(*texts: str) -> tuple[date, ...]:
    return tuple(date.fromisoformat(text) for text in texts)


def test_a_short_stub_is_a_piece_of_its_own():
    found = dates_between(date(2024, 1, 10), date(2024, 3, 25), MONTHLY, month_end=SAME_DAY)

    assert found == days("2024-01-10", "2024-02-10", "2024-03-10")


def test_a_long_stub_joins_the_last_odd_piece_to_the_one_before():
    found = dates_between(date(2024, 1, 10), date(2024, 3, 25), MONTHLY_LONG, month_end=SAME_DAY)

    assert found == days("2024-01-10", "2024-02-10")


def test_a_cycle_that_meets_the_end_has_no_stub_to_join():
    found = dates_between(date(2024, 1, 10), date(2024, 4, 10), MONTHLY_LONG, month_end=SAME_DAY)

    assert found == days("2024-01-10", "2024-02-10", "2024-03-10")


@pytest.mark.parametrize(
    ("rule", "third"), [(SAME_DAY, "2024-04-29"), (MonthEndRule.END_OF_MONTH, "2024-04-30")]
)
def test_a_cycle_from_a_month_end_stays_there_only_if_agreed(rule: MonthEndRule, third: str):
    found = dates_between(date(2024, 2, 29), date(2024, 5, 1), MONTHLY, month_end=rule)

    assert found[2] == date.fromisoformat(third)


def test_the_month_end_rule_leaves_weeks_alone():
    weekly = Cycle(days=14)
    rule = MonthEndRule.END_OF_MONTH

    found = dates_between(date(2024, 2, 29), date(2024, 3, 29), weekly, month_end=rule)

    assert found == days("2024-02-29", "2024-03-14", "2024-03-28")


def test_a_cycle_of_no_length_is_refused():
    with pytest.raises(ValueError, match="longer than nothing"):
        dates_between(date(2024, 1, 1), date(2024, 2, 1), Cycle(), month_end=SAME_DAY)


# 36,000 at 1 % over 360 days earn 1.00 a day. 15 June 2024 is a Saturday; 17 June a Monday.
@pytest.mark.parametrize(
    ("rule", "paid_on", "first", "second"),
    [
        ("NULL", date(2024, 6, 15), 31, 30),
        ("SCF", date(2024, 6, 17), 33, 28),
        ("CSF", date(2024, 6, 17), 31, 30),
        ("SCP", date(2024, 6, 14), 30, 31),
        ("CSMP", date(2024, 6, 14), 31, 30),
    ],
)
def test_a_weekend_moves_the_payment_and_perhaps_the_interest(
    rule: str, paid_on: date, first: int, second: int
):
    terms = Terms(
        kind=Kind.AT_MATURITY,
        sign=1,
        as_of=date(2024, 5, 1),
        starts=date(2024, 5, 15),
        matures=date(2024, 7, 15),
        notional=Decimal(36000),
        rate=Decimal("0.01"),
        day_count=DayCount.ACTUAL_360,
        interest=Recurrence(date(2024, 6, 15), MONTHLY),
        business_days=BusinessDayRule(rule),
        calendar=WorkingDays(),
    )

    paid = [one for one in events(terms) if one.type is EventType.INTEREST]

    assert [one.day for one in paid] == [paid_on, date(2024, 7, 15)]
    assert [round(one.payoff, 12) for one in paid] == [first, second]
