"""Cycles: dates that recur every so many days or months up to an end, with a short or long stub."""

from dataclasses import dataclass
from datetime import date, timedelta

from scf.loans.calendars import MonthEndRule, add_months


@dataclass(frozen=True, slots=True)
class Cycle:
    """Every so many days or (whole) months; with a long stub the last odd piece is not parted."""

    days: int = 0
    months: int = 0
    has_long_stub: bool = False

    def after(self, start: date, times: int = 1, *, month_end: MonthEndRule | None = None) -> date:
        """Return the date ``times`` cycles after ``start``, on its day of the month."""
        rule = month_end or MonthEndRule.SAME_DAY
        if self.months:
            day = rule.day_of_month(start)
            start = add_months(start, self.months * times, day_of_month=day)
        return start + timedelta(days=self.days * times)


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Where a cycle starts and how it goes on; without a cycle it happens once, at the anchor."""

    anchor: date | None = None
    cycle: Cycle | None = None


def dates_between(
    anchor: date, end: date, cycle: Cycle | None, *, month_end: MonthEndRule
) -> tuple[date, ...]:
    """Return the dates of a cycle from ``anchor`` on and before ``end``.

    A long stub drops the last of several dates unless the next one falls on ``end`` itself.
    Raises ValueError for a cycle that does not move.
    """
    if anchor >= end:
        return ()
    if cycle is None:
        return (anchor,)
    if cycle.days <= 0 and cycle.months <= 0:
        raise ValueError("a cycle must be longer than nothing")
    found = [anchor]
    following = cycle.after(anchor, 1, month_end=month_end)
    while following < end:
        found.append(following)
        following = cycle.after(anchor, len(found), month_end=month_end)
    if cycle.has_long_stub and following != end and len(found) > 1:
        found.pop()
    return tuple(found)
