"""A loan's day at its close, and from where a loan is quiet, as the fold tells both. Pure.

A meter that ran on the day counts exactly, one that stood still in whole fen as recognised: where
one meter runs, what is recognised is q of the cumulative (K5).
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import lcm

from scf.core.money import PPM
from scf.loans.accrual import DAY, Runs, Segment, accrue
from scf.loans.actions import Action
from scf.loans.book import Book, next_stop, resume, start
from scf.loans.classification import tier_number
from scf.loans.observation import observed_until
from scf.loans.state import LoanStatus, Meter, days_past_due, is_observed, oldest_due
from scf.loans.terms import Terms

PAID = (LoanStatus.SETTLED, LoanStatus.OVERPAID)
# Twice a numerator plus its denominator is the largest figure reckoned in 64 bits.
EXACT_LIMIT = 2**61


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRow:
    """A loan at the close of a day; fen, ppm a year, and fen over ``denominator``."""

    on: date
    principal_minor: int
    rate_ppm: int
    accrued_num: int
    cumulative_num: int
    denominator: int
    recognised_minor: int
    days_past_due: int
    tier: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """A loan on the morning of ``on``; nothing but interest happens until ``next_event_on``.

    Numerators stand over ``denominator``; both dates are the same for a loan that must be folded.
    """

    on: date
    next_event_on: date
    principal_minor: int
    rate_ppm: int
    daily_num: int
    cumulative_num: int
    denominator: int
    unpaid_since: date | None


def live(
    terms: Terms, actions: Iterable[Action], *, to: date, days: Collection[date]
) -> tuple[Book, tuple[DayRow, ...]]:
    """Fold a loan to the morning of ``to``; give the row of each of ``days``, all before ``to``.

    One fold, stopped at those closes. Raises RefusedAction.
    """
    left = sorted(actions, key=lambda one: one.on)
    book, rows = start(terms), []
    for day in sorted(days):
        book = resume(book, [one for one in left if one.on <= day], as_of=day + DAY)
        left = [one for one in left if one.on > day]
        rows.append(day_row(book))
    return resume(book, left, as_of=to), tuple(rows)


def day_row(book: Book) -> DayRow:
    """Return the row of the day before the book's morning, of which nothing has happened yet."""
    state, day = book.state, book.state.on - DAY
    ran = tuple(_ran_last(book))[::-1]
    accrued = sum((each.exact / each.days for each in ran), Fraction(0))
    cumulative = _cumulative(book, {(each.row_nr, each.runs) for each in ran})
    scale = _scale(book.terms, accrued, cumulative)
    past = days_past_due(state, on=day)
    return DayRow(
        on=day,
        principal_minor=state.principal_minor,
        rate_ppm=ran[0].rate_ppm if ran else 0,
        accrued_num=int(accrued * scale),
        cumulative_num=int(cumulative * scale),
        denominator=scale,
        recognised_minor=_recognised(book),
        days_past_due=past,
        tier=tier_number(past),
    )


def quiet_from(book: Book) -> Quiet:
    """Return from where and how long the loan is quiet, for the book of a morning or of a day.

    It is when at most one meter runs, at one rate, up to the next stop of the fold, and no figure
    on the way can leave 64 bits.
    """
    state, stop = book.state, _next_change(book)
    ran = accrue(book.terms, state, stop)[1]
    daily = ran[0].exact / ran[0].days if ran else Fraction(0)
    cumulative = _cumulative(book, {(each.row_nr, each.runs) for each in ran})
    scale = _scale(book.terms, daily, cumulative)
    most = (cumulative + daily * (stop - state.on).days) * scale
    is_quiet = book.status not in PAID and _is_plain(book, ran, stop)
    fits = min(cumulative, daily) >= 0 and most < EXACT_LIMIT and scale < EXACT_LIMIT
    return Quiet(
        on=state.on,
        next_event_on=stop - DAY if is_quiet and fits else state.on,
        principal_minor=state.principal_minor,
        rate_ppm=ran[0].rate_ppm if ran else 0,
        daily_num=int(daily * scale) if fits else 0,
        cumulative_num=int(cumulative * scale) if fits else 0,
        denominator=scale if fits else 1,
        unpaid_since=oldest_due(state),
    )


def _next_change(book: Book) -> date:
    """The next stop of the fold, or before it the day on which an observation ends."""
    begun, stop = book.state.restructured_on, next_stop(book)
    return min(stop, observed_until(begun)) if begun and is_observed(book.state) else stop


def _ran_last(book: Book) -> Iterator[Segment]:
    for segment in reversed(book.segments):
        if segment.ends_on != book.state.on:
            return
        yield segment


def _is_plain(book: Book, ran: tuple[Segment, ...], stop: date) -> bool:
    if not ran:
        return True
    if len(ran) > 1 or (ran[0].starts_on, ran[0].ends_on) != (book.state.on, stop):
        return False
    # After a payment a meter may be charged beyond what ran: it is then no q of the cumulative.
    meter = _meter(book, ran[0].row_nr, ran[0].runs)
    return meter.exact >= 0 and meter.recognised_minor == Meter(meter.exact).recognised_minor


def _meter(book: Book, row_nr: int, runs: Runs) -> Meter:
    row = next(row for row in book.state.rows if row.nr == row_nr)
    return {Runs.CONTRACT: row.contract, Runs.PENALTY: row.penalty, Runs.COMPOUND: row.compound}[
        runs
    ]


def _cumulative(book: Book, running: set[tuple[int, Runs]]) -> Fraction:
    meters = [_meter(book, *each) for each in running]
    still = _recognised(book) - sum(meter.recognised_minor for meter in meters)
    return sum((meter.exact for meter in meters), Fraction(still))


def _recognised(book: Book) -> int:
    sums = book.state.recognised
    return sums.interest_minor + sums.penalty_minor + sums.compound_minor


def _scale(terms: Terms, *figures: Fraction) -> int:
    """The denominator of a day: the same on every day of a quiet stretch, and for both paths."""
    return lcm(PPM * terms.day_base, *(figure.denominator for figure in figures))
