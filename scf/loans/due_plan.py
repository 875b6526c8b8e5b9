"""From what a programme says to the due dates of one loan: cycle, due day, holidays (K14).

The planned day never drifts: every date is reckoned from the funding day or the agreed day of the
month, and only then moved to a working day (the 31st stays the 31st).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from scf.loans.calendars import EVERY_DAY, WorkingDays, add_months, month_end

QUARTER = 3


class DueDateRule(StrEnum):
    """What happens to a due date on a day the bank is closed."""

    AS_AGREED = "as_agreed"
    NEXT_WORKING_DAY = "next_working_day"  # interest runs on to it, no penalty (K14)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRule:
    """How often something falls due before maturity, and on which day of the month.

    ``on_day`` 0 is the funding's own day of the month; with another day every three months are the
    quarter-end months (the 20th: 20 March, 20 June …). A first or last period would be no shorter
    than ``shortest_days``: a date nearer to funding or maturity is left out.
    """

    every_months: int = 1
    on_day: int = 0
    shortest_days: int = 1


@dataclass(frozen=True, slots=True)
class DuePlan:
    """The dates the contract aims at and those money is due on, pair by pair, both rising."""

    planned: tuple[date, ...]
    due: tuple[date, ...]

    @property
    def is_moved(self) -> bool:
        """Whether a holiday moved a date."""
        return self.planned != self.due


def plan_due_dates(
    rule: DueRule | None,
    *,
    opened_on: date,
    matures_on: date,
    calendar: WorkingDays = EVERY_DAY,
) -> DuePlan:
    """Return the due dates from funding to maturity; without a rule maturity alone.

    A date on a closed day of ``calendar`` moves to the next working day; two dates that would fall
    together become the later one. Raises ValueError for a calendar closed for more than a month.
    """
    between = _cycle(rule, opened_on, matures_on) if rule else ()
    planned = (*between, matures_on)
    due = tuple(calendar.next_working(day) for day in planned)
    pairs = [
        (day, moved)
        for place, (day, moved) in enumerate(zip(planned, due, strict=True))
        if place == len(due) - 1 or moved < due[place + 1]
    ]
    return DuePlan(tuple(day for day, _ in pairs), tuple(moved for _, moved in pairs))


def _cycle(rule: DueRule, opened_on: date, matures_on: date) -> Iterator[date]:
    least = timedelta(days=rule.shortest_days)
    for day in _days(rule, opened_on):
        if matures_on - day < least:
            return
        if day - opened_on >= least:
            yield day


def _days(rule: DueRule, opened_on: date) -> Iterator[date]:
    months = rule.every_months
    if not rule.on_day:
        number = 1
        while True:
            yield add_months(opened_on, months * number)
            number += 1
    first = opened_on.replace(day=1)
    while True:
        if months != QUARTER or first.month % QUARTER == 0:
            yield min(month_end(first), first + timedelta(days=rule.on_day - 1))
        first = add_months(first, 1)
