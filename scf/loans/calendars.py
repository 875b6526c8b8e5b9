"""Calendars: due dates by the month-end rule, month ends, and what a holiday does to a due date.

Which days are worked in China (调休) is a table kept by the operator; it comes in as plain sets.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
LONGEST_HOLIDAY = 31  # no run of closed days is longer; a table that says so is broken


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Weekends are closed, but for the days listed: ``closed`` (holidays), ``worked`` (调休).

    With ``works_weekends`` only the days listed are closed.
    """

    closed: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()
    works_weekends: bool = False

    def is_working(self, day: date) -> bool:
        """Say whether the bank is open on ``day``."""
        if day in self.worked:
            return True
        return (self.works_weekends or day.weekday() < 5) and day not in self.closed

    def next_working(self, day: date) -> date:
        """Return ``day``, or the next open day after it (K14: a due date on a holiday moves).

        Raises ValueError when the table closes more than a month in a row.
        """
        return self._nearest_working(day, step=1)

    def previous_working(self, day: date) -> date:
        """Return ``day``, or the last open day before it.

        Raises ValueError when the table closes more than a month in a row.
        """
        return self._nearest_working(day, step=-1)

    def working_days_between(self, start: date, end: date) -> int:
        """Return the open days from ``start`` (counted) to ``end`` (not counted)."""
        span = (end - start).days
        return sum(self.is_working(start + timedelta(days=offset)) for offset in range(span))

    def _nearest_working(self, day: date, *, step: int) -> date:
        for offset in range(LONGEST_HOLIDAY + 1):
            candidate = day + timedelta(days=offset * step)
            if self.is_working(candidate):
                return candidate
        raise ValueError(f"no working day within {LONGEST_HOLIDAY} days of {day}")


#: Every day is worked: the calendar of a contract that names none.
EVERY_DAY = WorkingDays(works_weekends=True)


class BusinessDayRule(StrEnum):
    """What happens to a date that is no working day; the codes are those contracts use.

    SC rules shift first and reckon on the shifted date, CS rules reckon on the date of the
    contract and only pay on the shifted one. F follows, P precedes; with M a date never leaves its
    month but goes the other way.
    """

    UNADJUSTED = "NULL"
    SHIFT_FOLLOWING = "SCF"
    SHIFT_MODIFIED_FOLLOWING = "SCMF"
    CALCULATE_FOLLOWING = "CSF"
    CALCULATE_MODIFIED_FOLLOWING = "CSMF"
    SHIFT_PRECEDING = "SCP"
    SHIFT_MODIFIED_PRECEDING = "SCMP"
    CALCULATE_PRECEDING = "CSP"
    CALCULATE_MODIFIED_PRECEDING = "CSMP"

    def pays_on(self, day: date, calendar: WorkingDays) -> date:
        """Return the day money moves for a contract date ``day``.

        Raises ValueError when the table closes more than a month in a row.
        """
        if self is BusinessDayRule.UNADJUSTED:
            return day
        is_following = self.value.endswith("F")
        ways = (calendar.next_working, calendar.previous_working)
        way, back = ways if is_following else ways[::-1]
        moved = way(day)
        is_kept_in_month = "M" in self.value and moved.month != day.month
        return back(day) if is_kept_in_month else moved

    def reckons_on(self, day: date, calendar: WorkingDays) -> date:
        """Return the day interest is reckoned to for a contract date ``day``."""
        return self.pays_on(day, calendar) if self.value.startswith("SC") else day


class MonthEndRule(StrEnum):
    """Which day of the month a cycle that starts on a month's last day aims at."""

    SAME_DAY = "SD"
    END_OF_MONTH = "EOM"

    def day_of_month(self, anchor: date) -> int:
        """Return the day to aim at, for ``add_months``: 28 Feb gives 28, or 31 at month ends."""
        at_end = self is MonthEndRule.END_OF_MONTH and anchor == month_end(anchor)
        return 31 if at_end else anchor.day


def month_end(day: date) -> date:
    """Return the last day of the month of ``day``."""
    return day.replace(day=_length(day.year, day.month))


def add_months(start: date, months: int, *, day_of_month: int | None = None) -> date:
    """Return the date ``months`` later, on ``day_of_month`` (default: that of ``start``).

    A month too short for the day gives its last day, and the next month the full day again
    (31 Jan -> 29 Feb -> 31 Mar).
    """
    index = start.year * 12 + start.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day_of_month or start.day, _length(year, month)))


def due_dates(start: date, *, count: int, every_months: int = 1) -> tuple[date, ...]:
    """Return ``count`` due dates after ``start``, on its day of the month."""
    return tuple(add_months(start, every_months * number) for number in range(1, count + 1))


def whole_months(start: date, end: date, *, day_of_month: int) -> int | None:
    """Return how many whole months lie between two due dates, or None for a broken period."""
    months = (end.year - start.year) * 12 + end.month - start.month
    on_the_day = all(day.day == min(day_of_month, month_end(day).day) for day in (start, end))
    return months if on_the_day and months > 0 else None


def month_ends(start: date, end: date) -> Iterator[date]:
    """Yield every last day of a month from ``start`` up to, but without, ``end``."""
    day = month_end(start)
    while day < end:
        yield day
        day = month_end(day + timedelta(days=1))


def _length(year: int, month: int) -> int:
    # A fold asks this at every stop: monthrange would reckon a weekday each time, too.
    is_leap = month == 2 and calendar.isleap(year)
    return 29 if is_leap else LENGTHS[month - 1]
