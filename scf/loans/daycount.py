"""Day counts: how many days lie between two dates, and what share of a year they are, exactly.

The first day counts and the last does not (算头不算尾, K2).
"""

import calendar
from datetime import date
from enum import StrEnum
from fractions import Fraction


class DayCount(StrEnum):
    """The conventions known; yuan loans are actual/360 unless the contract says /365 (K2)."""

    ACTUAL_360 = "actual/360"
    ACTUAL_364 = "actual/364"
    ACTUAL_365 = "actual/365"
    ACTUAL_ACTUAL = "actual/actual"
    THIRTY_360 = "30/360"


_FIXED_YEAR = {
    DayCount.ACTUAL_360: 360,
    DayCount.ACTUAL_364: 364,
    DayCount.ACTUAL_365: 365,
}


def days_between(start: date, end: date) -> int:
    """Return the interest days from ``start`` (counted) to ``end`` (not counted)."""
    return (end - start).days


def year_fraction(start: date, end: date, *, by: DayCount) -> Fraction:
    """Return the exact share of a year between two dates under a convention.

    Raises ValueError when ``end`` lies before ``start``.
    """
    if end < start:
        raise ValueError(f"{end} is before {start}")
    if by is DayCount.ACTUAL_ACTUAL:
        return _split_by_year(start, end)
    if by is DayCount.THIRTY_360:
        return Fraction(_thirty_days(start, end), 360)
    return Fraction(days_between(start, end), _FIXED_YEAR[by])


def _split_by_year(start: date, end: date) -> Fraction:
    # The year is split at 31 December: the day 31 Dec -> 1 Jan already belongs to the new year.
    total, cursor = Fraction(0), start
    while cursor < end:
        year = cursor.year + (1 if (cursor.month, cursor.day) == (12, 31) else 0)
        stop = min(end, date(year, 12, 31))
        total += Fraction((stop - cursor).days, 366 if calendar.isleap(year) else 365)
        cursor = stop
    return total


def _thirty_days(start: date, end: date) -> int:
    first = min(start.day, 30)
    last = 30 if end.day == 31 and first == 30 else end.day
    return (end.year - start.year) * 360 + (end.month - start.month) * 30 + last - first
