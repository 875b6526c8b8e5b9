"""The operator's table of Chinese holidays and worked weekends (放假调休), year by year.

The State Council publishes next year's around November; from then on its absence is a warning, for
due dates beyond the table fall on plain weekdays. A CSV file: first, last, kind (closed or worked),
name; both days count.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO

from scf.loans.calendars import LONGEST_HOLIDAY, WorkingDays

CLOSED, WORKED = "closed", "worked"
COLUMNS = ("first", "last", "kind", "name")
PUBLISHED_IN_MONTH = 11


class BadTable(ValueError):
    """A table that cannot be right; the message names the line."""


@dataclass(frozen=True, slots=True)
class Span:
    """Days from the first to the last that are closed or worked, and why."""

    first: date
    last: date
    kind: str
    name: str

    @property
    def days(self) -> tuple[date, ...]:
        """Every day of the span."""
        length = (self.last - self.first).days + 1
        return tuple(self.first + timedelta(days=number) for number in range(length))


@dataclass(frozen=True, slots=True)
class WorkingDayTable:
    """What the operator keeps; ``years`` are those it is whole for."""

    spans: tuple[Span, ...]

    @property
    def calendar(self) -> WorkingDays:
        """The working days as the rest of the maths asks for them."""
        return WorkingDays(closed=self._days(CLOSED), worked=self._days(WORKED))

    @property
    def years(self) -> tuple[int, ...]:
        """The years whose New Year's Day and National Day are both in the table, rising."""
        closed = self._days(CLOSED)
        return tuple(
            year
            for year in sorted({day.year for day in closed})
            if {date(year, 1, 1), date(year, 10, 1)} <= closed
        )

    def covers(self, day: date) -> bool:
        """Say whether the table knows the year of a day."""
        return day.year in self.years

    def missing(self, today: date) -> tuple[int, ...]:
        """Return the years that should be there by today and are not, rising.

        This year's always, next year's from the month in which it is published.
        """
        wanted = [today.year]
        if today.month >= PUBLISHED_IN_MONTH:
            wanted.append(today.year + 1)
        return tuple(year for year in wanted if year not in self.years)

    def warnings(self, today: date) -> tuple[str, ...]:
        """Return one sentence for each year that is missing, Chinese first."""
        return tuple(
            f"工作日历缺少 {year} 年放假调休安排，请运营人员补录"
            f" / the calendar lacks the holidays of {year}: the operator must add them"
            for year in self.missing(today)
        )

    def _days(self, kind: str) -> frozenset[date]:
        return frozenset(day for span in self.spans if span.kind == kind for day in span.days)


def parse_table(text: str) -> WorkingDayTable:
    """Read a table from CSV text. Raises BadTable, naming the line that is wrong."""
    rows = csv.DictReader(StringIO(text.lstrip("\ufeff")))
    if tuple(rows.fieldnames or ()) != COLUMNS:
        raise BadTable(f"第 1 行须为 {','.join(COLUMNS)} / line 1 must be {','.join(COLUMNS)}")
    spans = tuple(_spans(rows))
    _refuse_days_twice(spans)
    return WorkingDayTable(spans)


def _spans(rows: "csv.DictReader[str]") -> Iterator[Span]:
    for row in rows:
        where = f"第 {rows.line_num} 行 / line {rows.line_num}"
        try:
            first, last = date.fromisoformat(row["first"]), date.fromisoformat(row["last"])
        except (TypeError, ValueError) as wrong:
            raise BadTable(f"{where}: {wrong}") from wrong
        span = Span(first, last, row["kind"], row["name"])
        _refuse_nonsense(span, where)
        yield span


def _refuse_nonsense(span: Span, where: str) -> None:
    if span.kind not in (CLOSED, WORKED):
        raise BadTable(f"{where}: {span.kind!r}，应为 closed 或 worked / closed or worked")
    if not 0 <= (span.last - span.first).days < LONGEST_HOLIDAY:
        raise BadTable(f"{where}: 日期次序或长度有误 / the days run backwards or for too long")
    if span.kind == WORKED and any(day.weekday() < 5 for day in span.days):
        raise BadTable(f"{where}: 调休上班日须为周末 / a worked day must be a weekend day")


def _refuse_days_twice(spans: tuple[Span, ...]) -> None:
    seen: set[date] = set()
    for day in (day for span in spans for day in span.days):
        if day in seen:
            raise BadTable(f"{day} 出现两次 / {day} is there twice")
        seen.add(day)
