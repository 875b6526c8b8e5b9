"""Day counts: how many days lie between two dates, and what share of a year they are, exactly.

The first day counts and the last does not (算头不算尾, K2).
"""

import calendar as calendar_of_days
from datetime import date
from enum import StrEnum
from fractions import Fraction

from scf.loans.calendars import WorkingDays, month_end


class DayCount(StrEnum):
    """The conventions known; yuan loans are actual/360 unless the contract says /365 (K2)."""

    ACTUAL_360 = "actual/360"
    ACTUAL_364 = "actual/364"
    ACTUAL_365 = "actual/365"
    ACTUAL_ACTUAL = "actual/actual"
    ACTUAL_ACTUAL_ISDA = "actual/actual-isda"
    THIRTY_360 = "30/360"
    THIRTY_E_360 = "30e/360"
    THIRTY_E_360_ISDA = "30e/360-isda"
    BUSINESS_252 = "business/252"


_FIXED_YEAR = {
    DayCount.ACTUAL_360: 360,
    DayCount.ACTUAL_364: 364,
    DayCount.ACTUAL_365: 365,
}


def days_between(start: date, end: date) -> int:
    """Return the interest days from ``start`` (counted) to ``end`` (not counted)."""
    return (end - start).days


def year_fraction(
    start: date,
    end: date,
    *,
    by: DayCount,
    maturity: date | None = None,
    calendar: WorkingDays | None = None,
) -> Fraction:
    """Return the exact share of a year between two dates under a convention.

    ``maturity`` matters to 30E/360 ISDA alone (the last day of February stays there on that day),
    ``calendar`` to business/252 alone. Raises ValueError when ``end`` lies before ``start`` or
    business/252 has no calendar.
    """
    if end < start:
        raise ValueError(f"{end} is before {start}")
    if by in _FIXED_YEAR:
        return Fraction(days_between(start, end), _FIXED_YEAR[by])
    if by is DayCount.ACTUAL_ACTUAL:
        return _split_by_year(start, end)
    if by is DayCount.ACTUAL_ACTUAL_ISDA:
        return _share_to(end) - _share_to(start)
    if by is DayCount.BUSINESS_252:
        if calendar is None:
            raise ValueError("business/252 needs a calendar of working days")
        return Fraction(calendar.working_days_between(start, end), 252)
    return Fraction(_thirty_days(start, end, by, maturity), 360)


def _share_to(day: date) -> Fraction:
    """Return years since year 0; each day belongs to the calendar year it starts in."""
    days = 366 if calendar_of_days.isleap(day.year) else 365
    return day.year + Fraction(day.timetuple().tm_yday - 1, days)


def _split_by_year(start: date, end: date) -> Fraction:
    # The year is split at 31 December: the day 31 Dec -> 1 Jan already belongs to the new year.
    total, cursor = Fraction(0), start
    while cursor < end:
        year = cursor.year + (1 if (cursor.month, cursor.day) == (12, 31) else 0)
        stop = min(end, date(year, 12, 31))
        total += Fraction((stop - cursor).days, 366 if calendar_of_days.isleap(year) else 365)
        cursor = stop
    return total


def _thirty_days(start: date, end: date, by: DayCount, maturity: date | None) -> int:
    months = (end.year - start.year) * 12 + end.month - start.month
    first, last = min(start.day, 30), min(end.day, 30)
    if by is DayCount.THIRTY_360 and first < 30:
        last = end.day
    if by is DayCount.THIRTY_E_360_ISDA:
        first = 30 if start == month_end(start) else first
        stays = end.month == 2 and end == maturity
        last = 30 if end == month_end(end) and not stays else last
    return months * 30 + last - first
