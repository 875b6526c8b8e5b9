"""LPR: dated quotes, a contract's margin over them, and the days its rate is set anew.

A quote is published on the 20th, or the next working day, and holds until the next. A contract
keeps which quote was used on which day, so that its rate can be shown from its source.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from scf.loans.calendars import WorkingDays, add_months

PUBLICATION_DAY = 20


class Tenor(StrEnum):
    """The two tenors that are quoted."""

    ONE_YEAR = "1Y"
    FIVE_YEARS = "5Y"


class ResetOn(StrEnum):
    """When a contract's rate follows the quote again."""

    NEVER = "fixed"
    NEW_YEAR = "new_year"  # 每年 1 月 1 日
    ANNIVERSARY = "anniversary"  # 放款对应日
    INTEREST_DAY = "interest_day"  # 每个结息日


class NoQuote(LookupError):
    """No quote had been published by that day."""


@dataclass(frozen=True, slots=True)
class Quote:
    """One published figure, in ppm a year."""

    tenor: Tenor
    published_on: date
    rate_ppm: int


@dataclass(frozen=True, slots=True)
class Pricing:
    """Quote plus a margin in ppm (K1; 90 bp are 9,000), which may be negative."""

    tenor: Tenor
    margin_ppm: int
    reset_on: ResetOn = ResetOn.NEVER


@dataclass(frozen=True, slots=True)
class Fixing:
    """The rate from a day on, with the quote it comes from."""

    on: date
    quote: Quote
    rate_ppm: int


def quote_on(quotes: Sequence[Quote], *, tenor: Tenor, day: date) -> Quote:
    """Return the last quote published by ``day``. Raises NoQuote."""
    known = [one for one in quotes if one.tenor is tenor and one.published_on <= day]
    if not known:
        raise NoQuote(f"{day} 之前没有 {tenor} LPR / no {tenor} LPR was published by {day}")
    return max(known, key=lambda one: one.published_on)


def fixing(pricing: Pricing, quotes: Sequence[Quote], *, on: date) -> Fixing:
    """Return the rate of a contract set on a day: quote + margin. Raises NoQuote."""
    quote = quote_on(quotes, tenor=pricing.tenor, day=on)
    return Fixing(on, quote, quote.rate_ppm + pricing.margin_ppm)


def reset_days(
    reset_on: ResetOn, *, opened_on: date, due_dates: Sequence[date]
) -> tuple[date, ...]:
    """Return the days between drawdown and maturity on which the rate is set anew, rising."""
    maturity = due_dates[-1]
    if reset_on is ResetOn.INTEREST_DAY:
        return tuple(due_dates[:-1])
    years = range(1, maturity.year - opened_on.year + 1)
    if reset_on is ResetOn.NEW_YEAR:
        days = [date(opened_on.year + year, 1, 1) for year in years]
    elif reset_on is ResetOn.ANNIVERSARY:
        days = [add_months(opened_on, 12 * year) for year in years]
    else:
        return ()
    return tuple(day for day in days if day < maturity)


def fixings(
    pricing: Pricing,
    quotes: Sequence[Quote],
    *,
    opened_on: date,
    due_dates: Sequence[date],
    known_until: date,
) -> tuple[Fixing, ...]:
    """Return the first rate and every reset up to ``known_until``. Raises NoQuote."""
    days = reset_days(pricing.reset_on, opened_on=opened_on, due_dates=due_dates)
    return tuple(
        fixing(pricing, quotes, on=day) for day in (opened_on, *days) if day <= known_until
    )


def publication_day(year: int, month: int, *, calendar: WorkingDays) -> date:
    """Return the day a month's quotes are published: the 20th, or the next working day."""
    return calendar.next_working(date(year, month, PUBLICATION_DAY))
