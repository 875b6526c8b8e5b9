"""Due dates: the regular ones of a schedule, by days, weeks or months."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from scf.loans.calendars import add_months


class Unit(StrEnum):
    """The unit a repayment frequency is counted in."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Frequency:
    """Every so many days, weeks or months."""

    count: int
    unit: Unit

    def after(self, start: date, times: int = 1) -> date:
        """Return the date ``times`` periods after ``start`` (31 Jan, 29 Feb, 31 Mar)."""
        if self.unit is Unit.MONTH:
            return add_months(start, self.count * times)
        days = self.count * (7 if self.unit is Unit.WEEK else 1)
        return start + timedelta(days=days * times)

    def is_regular(self, seed: date, start: date, end: date) -> bool:
        """Say whether a period lies on the regular dates counted from ``seed``."""
        number = 0
        while self.after(seed, number) < end:
            number += 1
        return self.after(seed, number) == end and self.after(seed, number - 1) == start


def regular_periods(start: date, every: Frequency, count: int) -> list[tuple[date, date]]:
    """Return ``count`` periods from ``start``, each due date counted from the start (no drift)."""
    dates = [every.after(start, number) for number in range(count + 1)]
    return list(pairwise(dates))


def months_between(seed: date, start: date, end: date) -> tuple[int, int, int]:
    """Return whole months from ``start`` to ``end``, the days left, and of how many days.

    Months are counted on the day of ``seed``, so that 31 Jan to 29 Feb is one whole month.
    """
    months = 0
    day = seed.day
    while add_months(start, months + 1, day_of_month=day) <= end:
        months += 1
    reached = add_months(start, months, day_of_month=day) if months else start
    following = add_months(start, months + 1, day_of_month=day)
    return months, (end - reached).days, (following - reached).days
