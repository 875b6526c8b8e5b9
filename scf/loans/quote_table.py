"""The operator's table of published LPR quotes: a CSV file of days and percentages.

Columns: published_on, 1Y, 5Y. A quote holds until the next, so a month without a change needs no
row. Quotes are only added: a table that says something else of a day there was is refused.
"""

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from io import StringIO

from scf.loans.base_rate import Quote, Tenor

COLUMNS = ("published_on", *(tenor.value for tenor in Tenor))
PPM_PER_PERCENT = 10_000
STALE_AFTER = timedelta(days=40)  # a quote is published every month


class BadQuotes(ValueError):
    """Quotes that cannot be right; the message names the line or the day."""


@dataclass(frozen=True, slots=True)
class QuoteTable:
    """The quotes in the order of their publication."""

    quotes: tuple[Quote, ...]

    @property
    def last_on(self) -> date:
        """The last publication there is."""
        return max(quote.published_on for quote in self.quotes)

    def warnings(self, today: date) -> tuple[str, ...]:
        """Return one sentence when no row is as young as the last publication should be."""
        if today - self.last_on < STALE_AFTER:
            return ()
        day = self.last_on.isoformat()
        return (
            f"LPR 报价最后更新于 {day}：请核对此后是否有新报价"
            f" / the last LPR quote is of {day}: check whether there was a newer one",
        )

    def extends(self, before: "QuoteTable") -> bool:
        """Say whether nothing that stood before was changed or left out."""
        return set(before.quotes) <= set(self.quotes)


def parse_quotes(text: str) -> QuoteTable:
    """Read quotes from CSV text. Raises BadQuotes, naming the line that is wrong."""
    rows = csv.DictReader(StringIO(text.lstrip("\ufeff")))
    if tuple(rows.fieldnames or ()) != COLUMNS:
        names = ",".join(COLUMNS)
        raise BadQuotes(f"第 1 行须为 {names} / line 1 must be {names}")
    quotes: list[Quote] = []
    for row in rows:
        try:
            day = date.fromisoformat(row["published_on"])
            quotes += [Quote(tenor, day, _ppm(row[tenor.value])) for tenor in Tenor]
        except (TypeError, ValueError, InvalidOperation) as wrong:
            line = rows.line_num
            raise BadQuotes(f"第 {line} 行 / line {line}: {wrong}") from wrong
    _refuse_disorder(quotes)
    return QuoteTable(tuple(quotes))


def _ppm(percent: str) -> int:
    ppm = Decimal(percent) * PPM_PER_PERCENT
    if ppm != int(ppm) or not 0 < ppm < 100 * PPM_PER_PERCENT:
        raise ValueError(f"{percent!r} %")
    return int(ppm)


def _refuse_disorder(quotes: list[Quote]) -> None:
    days = [quote.published_on for quote in quotes if quote.tenor is Tenor.ONE_YEAR]
    if not days or days != sorted(set(days)):
        raise BadQuotes("日期须递增且不重复 / days must rise and none may come twice")
