"""Due dates, month ends, holidays, and the share of a year."""

from datetime import date
from fractions import Fraction

import pytest

from scf.loans.calendars import (
    EVERY_DAY,
    BusinessDayRule,
    MonthEndRule,
    WorkingDays,
    add_months,
    due_dates,
    month_ends,
    whole_months,
)
from scf.loans.daycount import DayCount, days_between, year_fraction


def test_a_due_day_beyond_the_month_falls_on_its_last_day_and_comes_back():
    assert due_dates(date(2024, 1, 31), count=3) == (
        date(2024, 2, 29),
        date(2024, 3, 31),
        date(2024, 4, 30),
    )


def test_whole_months_are_known_from_broken_ones():
    assert whole_months(date(2024, 2, 29), date(2024, 3, 31), day_of_month=31) == 1
    assert whole_months(date(2024, 11, 20), date(2025, 2, 20), day_of_month=20) == 3
    assert whole_months(date(2024, 2, 28), date(2024, 3, 31), day_of_month=31) is None


def test_month_ends_leave_out_the_last_morning():
    assert list(month_ends(date(2026, 3, 12), date(2026, 5, 31))) == [
        date(2026, 3, 31),
        date(2026, 4, 30),
    ]


def test_a_due_date_on_a_holiday_moves_to_the_next_working_day():
    labour_day = frozenset(date(2026, 5, day) for day in range(1, 6))
    calendar = WorkingDays(closed=labour_day, worked=frozenset({date(2026, 5, 9)}))

    assert calendar.next_working(date(2026, 5, 1)) == date(2026, 5, 6)
    assert calendar.next_working(date(2026, 5, 9)) == date(2026, 5, 9)  # a worked Saturday
    assert calendar.next_working(date(2026, 5, 10)) == date(2026, 5, 11)


def test_a_table_that_closes_a_month_is_refused():
    closed = frozenset(date(2026, month, day) for month in (5, 6) for day in range(1, 31))
    with pytest.raises(ValueError, match="no working day"):
        WorkingDays(closed=closed).next_working(date(2026, 5, 1))


def test_the_first_day_counts_and_the_last_does_not():
    assert days_between(date(2026, 3, 12), date(2026, 6, 10)) == 90


@pytest.mark.parametrize(
    ("by", "start", "end", "share"),
    [
        (DayCount.ACTUAL_360, date(2026, 3, 12), date(2026, 6, 10), Fraction(90, 360)),
        (DayCount.ACTUAL_364, date(2026, 3, 12), date(2026, 6, 10), Fraction(90, 364)),
        (DayCount.ACTUAL_365, date(2026, 3, 12), date(2026, 6, 10), Fraction(90, 365)),
        (DayCount.THIRTY_360, date(2024, 1, 31), date(2024, 3, 31), Fraction(60, 360)),
        (DayCount.THIRTY_360, date(2024, 2, 28), date(2024, 3, 31), Fraction(33, 360)),
        (DayCount.ACTUAL_ACTUAL, date(2023, 12, 31), date(2024, 1, 1), Fraction(1, 366)),
        (DayCount.ACTUAL_ACTUAL, date(2023, 12, 30), date(2023, 12, 31), Fraction(1, 365)),
        (
            DayCount.ACTUAL_ACTUAL,
            date(2023, 12, 1),
            date(2025, 1, 31),
            Fraction(30, 365) + Fraction(366, 366) + Fraction(31, 365),
        ),
    ],
)
def test_the_share_of_a_year(by, start, end, share):
    assert year_fraction(start, end, by=by) == share


def test_a_period_that_runs_backwards_is_refused():
    with pytest.raises(ValueError, match="before"):
        year_fraction(date(2026, 2, 1), date(2026, 1, 1), by=DayCount.ACTUAL_360)


SATURDAY_AT_MONTH_END = date(2026, 1, 31)
SUNDAY_AT_MONTH_START = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("rule", "day", "pays", "reckons"),
    [
        ("NULL", SATURDAY_AT_MONTH_END, date(2026, 1, 31), date(2026, 1, 31)),
        ("SCF", SATURDAY_AT_MONTH_END, date(2026, 2, 2), date(2026, 2, 2)),
        ("SCMF", SATURDAY_AT_MONTH_END, date(2026, 1, 30), date(2026, 1, 30)),
        ("CSF", SATURDAY_AT_MONTH_END, date(2026, 2, 2), date(2026, 1, 31)),
        ("CSMF", SATURDAY_AT_MONTH_END, date(2026, 1, 30), date(2026, 1, 31)),
        ("SCP", SUNDAY_AT_MONTH_START, date(2026, 2, 27), date(2026, 2, 27)),
        ("SCMP", SUNDAY_AT_MONTH_START, date(2026, 3, 2), date(2026, 3, 2)),
        ("CSP", SUNDAY_AT_MONTH_START, date(2026, 2, 27), date(2026, 3, 1)),
        ("CSMP", SUNDAY_AT_MONTH_START, date(2026, 3, 2), date(2026, 3, 1)),
    ],
)
def test_each_business_day_rule_moves_the_payment_and_perhaps_the_reckoning(
    rule, day, pays, reckons
):
    found = BusinessDayRule(rule)

    assert found.pays_on(day, WorkingDays()) == pays
    assert found.reckons_on(day, WorkingDays()) == reckons
    assert found.pays_on(day, EVERY_DAY) == day


def test_a_cycle_from_a_month_end_stays_at_month_ends_or_keeps_its_day():
    start = date(2026, 2, 28)
    to_ends = MonthEndRule.END_OF_MONTH.day_of_month(start)
    to_28 = MonthEndRule.SAME_DAY.day_of_month(start)

    assert add_months(start, 1, day_of_month=to_ends) == date(2026, 3, 31)
    assert add_months(start, 1, day_of_month=to_28) == date(2026, 3, 28)
    assert MonthEndRule.END_OF_MONTH.day_of_month(date(2026, 1, 28)) == 28


@pytest.mark.parametrize(
    ("by", "start", "end", "share"),
    [
        # A February's last day is day 28 for 30E/360, day 30 for ISDA unless the loan ends there.
        (DayCount.THIRTY_E_360, date(2011, 2, 28), date(2011, 8, 31), Fraction(182, 360)),
        (DayCount.THIRTY_E_360_ISDA, date(2011, 2, 28), date(2011, 8, 31), Fraction(180, 360)),
        (DayCount.THIRTY_360, date(2011, 2, 28), date(2011, 8, 31), Fraction(183, 360)),
        (DayCount.THIRTY_E_360_ISDA, date(2011, 8, 31), date(2012, 2, 29), Fraction(179, 360)),
        (DayCount.ACTUAL_ACTUAL_ISDA, date(2023, 12, 31), date(2024, 1, 1), Fraction(1, 365)),
        (
            DayCount.ACTUAL_ACTUAL_ISDA,
            date(2003, 11, 1),
            date(2004, 5, 1),
            Fraction(61, 365) + Fraction(121, 366),
        ),
        (DayCount.BUSINESS_252, date(2026, 1, 1), date(2026, 1, 12), Fraction(6, 252)),
    ],
)
def test_the_share_of_a_year_of_bonds_and_swaps(by, start, end, share):
    new_year = WorkingDays(closed=frozenset({date(2026, 1, 1)}))

    found = year_fraction(start, end, by=by, maturity=date(2012, 2, 29), calendar=new_year)

    assert found == share


def test_business_days_without_a_calendar_are_refused():
    with pytest.raises(ValueError, match="needs a calendar"):
        year_fraction(date(2026, 1, 1), date(2026, 2, 1), by=DayCount.BUSINESS_252)
