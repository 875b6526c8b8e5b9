"""Calendars: due dates by the month-end rule, month ends, and what a holiday does to a due date.

Which days are worked in China (调休) is a table kept by the operator; it comes in as plain sets.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

LONGEST_HOLIDAY = 31  # no run of closed days is longer; a table that says so is broken


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Weekends are closed, but for the days listed: ``closed`` (holidays), ``worked`` (调休)."""

    closed: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()

    def is_working(self, day: date) -> bool:
        """Say whether the bank is open on ``day``."""
        return day in self.worked or (day.weekday() < 5 and day not in self.closed)

    def next_working(self, day: date) -> date:
        """Return ``day``, or the next open day after it (K14: a due date on a holiday moves).

        Raises ValueError when the table closes more than a month in a row.
        """
        for offset in range(LONGEST_HOLIDAY + 1):
            candidate = day + timedelta(days=offset)
            if self.is_working(candidate):
                return candidate
        raise ValueError(f"no working day within {LONGEST_HOLIDAY} days of {day}")


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
    return calendar.monthrange(year, month)[1]
