"""What a loan costs to pay on a day, and what it accrued each day. Nothing moves."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction

from scf.core.money import half_up
from scf.loans.accrual import DAY, Runs
from scf.loans.book import Book, advance
from scf.loans.fee_claims import fee_dates, fees_of_the_end
from scf.loans.state import Instalment


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What has to be paid on a day, in fen, by claim."""

    on: date
    costs_minor: int
    penalty_minor: int
    compound_minor: int
    interest_minor: int
    principal_minor: int

    @property
    def total_minor(self) -> int:
        """The sum that pays it."""
        charges = self.costs_minor + self.penalty_minor + self.compound_minor
        return charges + self.interest_minor + self.principal_minor


def settlement_quote(book: Book, *, on: date) -> Quote:
    """Return what settles the loan whole on the day ``on`` (not before the book's own day).

    With the fees that fall due with a settlement; without those whose day has not come.
    """
    book = _at(book, on)
    quote = _quote(book, on, book.state.rows)
    ending = sum(fee.amount_minor for _nr, fee in fees_of_the_end(book.terms, book.state))
    return replace(quote, costs_minor=quote.costs_minor + ending)


def due_quote(book: Book, *, on: date) -> Quote:
    """Return what is due or past due on the day ``on``: the most a sweep on_due takes (K12)."""
    book = _at(book, on)
    return _quote(book, on, tuple(row for row in book.state.rows if row.due_on <= on))


def asking_days(book: Book) -> list[date]:
    """Return the days after the book's own on which something falls due by its plan, rising."""
    rows = {row.due_on for row in book.state.rows if row.due_on > book.state.on}
    return sorted(rows | fee_dates(book.terms, book.state))


class Sweep(StrEnum):
    """When money in the collection account is taken (K12)."""

    ON_DUE = "on_due"  # on the due date, and after it whatever comes in, at once
    ON_RECEIPT = "on_receipt"


def sweep_amount(book: Book, *, on: date, available_minor: int, when: Sweep) -> int:
    """Return how much of what is available a sweep takes on a day, at most what is owed (K12)."""
    owed = due_quote(book, on=on) if when is Sweep.ON_DUE else settlement_quote(book, on=on)
    return min(available_minor, owed.total_minor)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayAccrual:
    """One day of one balance at one rate, with the exact fen of the day and its running total."""

    on: date
    row_nr: int
    runs: Runs
    base_minor: int
    rate_ppm: int
    exact: Fraction
    cumulative: Fraction

    @property
    def cumulative_minor(self) -> int:
        """The running total in whole fen, half-up."""
        return half_up(self.cumulative.numerator, self.cumulative.denominator)


def daily_accruals(book: Book) -> Iterator[DayAccrual]:
    """Yield a row for each day and balance that bore interest; totals run by kind (K5)."""
    totals = dict.fromkeys(Runs, Fraction(0))
    for segment in book.segments:
        each = segment.exact / segment.days
        for offset in range(segment.days):
            totals[segment.runs] += each
            yield DayAccrual(
                on=segment.starts_on + offset * DAY,
                row_nr=segment.row_nr,
                runs=segment.runs,
                base_minor=segment.base_minor,
                rate_ppm=segment.rate_ppm,
                exact=each,
                cumulative=totals[segment.runs],
            )


def _at(book: Book, on: date) -> Book:
    if on < book.state.on:
        raise ValueError(f"the book stands at {book.state.on}; fold it to {on} to look back")
    return advance(book, on)


def _quote(book: Book, on: date, rows: tuple[Instalment, ...]) -> Quote:
    seen = replace(book.state, rows=rows)
    owed = seen.recognised.minus(seen.paid)
    return Quote(
        on=on,
        costs_minor=seen.costs_owed_minor,
        penalty_minor=owed.penalty_minor,
        compound_minor=owed.compound_minor,
        interest_minor=owed.interest_minor,
        principal_minor=seen.principal_minor,
    )
