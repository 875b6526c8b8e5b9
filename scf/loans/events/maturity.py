"""When a contract ends, and the dates and amounts of principal until then."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal

from scf.loans.daycount import year_fraction
from scf.loans.events.cycles import dates_between
from scf.loans.events.state import EventType, Observed
from scf.loans.events.terms import ZERO, Kind, Step, Terms


@dataclass(frozen=True, slots=True)
class End:
    """The day a contract ends; if nobody knows, ``day`` is only how far it was looked ahead."""

    day: date
    is_known: bool = True
    called: date | None = None

    @property
    def last(self) -> date:
        """The day from which nothing recurs any more: the call, or the end."""
        return self.called or self.day


def end_of(terms: Terms, observed: Iterable[Observed] = (), until: date | None = None) -> End:
    """Return when the contract ends: as agreed, by its instalments, by a call, or never.

    Raises ValueError when it has no end and neither ``until`` nor its being ended at a price says
    how far to look.
    """
    if terms.matures is not None and terms.kind is not Kind.OPEN_ENDED:
        return End(terms.matures)
    if terms.kind is Kind.ANNUITY and terms.amortised_by is not None:
        return End(terms.amortised_by)
    if terms.kind is Kind.IN_STEPS:
        return End(_day_steps_redeem(terms))
    if terms.kind in {Kind.LINEAR, Kind.NEGATIVE, Kind.ANNUITY}:
        return End(_day_instalments_redeem(terms))
    return _call_or_horizon(terms, observed, until)


def _call_or_horizon(terms: Terms, observed: Iterable[Observed], until: date | None) -> End:
    calls = [one.day for one in observed if one.type is EventType.CALLED]
    if terms.kind is Kind.ON_CALL and calls:
        return End(terms.notice.after(calls[0]), called=calls[0])
    horizon = until or (terms.ended.day if terms.ended else None)
    if horizon is None:
        raise ValueError("a contract without an end needs a day up to which to look")
    return End(horizon, is_known=False)


def first_redemption(terms: Terms) -> date | None:
    """Return the date of the first instalment, None for a contract that has none."""
    recurrence = terms.principal
    if recurrence.anchor is not None or recurrence.cycle is None:
        return recurrence.anchor
    return recurrence.cycle.after(terms.starts, month_end=terms.month_end)


def redemption_dates(terms: Terms, end: date) -> tuple[date, ...]:
    """Return the dates of instalments before ``end`` (what is left then is paid at the end)."""
    start = first_redemption(terms)
    if start is None:
        return ()
    return dates_between(start, end, terms.principal.cycle, month_end=terms.month_end)


def steps_of(terms: Terms, end: date) -> Iterator[tuple[Step, date]]:
    """Yield the payments of principal of the steps, in order, up to ``end``."""
    stops = [step.recurrence.anchor or end for step in terms.steps[1:]] + [end]
    for step, stop in zip(terms.steps, stops, strict=True):
        start, cycle = step.recurrence.anchor or terms.starts, step.recurrence.cycle
        for day in dates_between(start, min(stop, end), cycle, month_end=terms.month_end):
            yield step, day


def equal_part(terms: Terms, end: date) -> Decimal:
    """Return the part of the sum that each instalment, the last included, pays back."""
    ahead = [day for day in redemption_dates(terms, end) if day > terms.as_of]
    return terms.notional / (len(ahead) + 1)


def year_share(terms: Terms, start: date, end: date, *, maturity: date | None = None) -> Decimal:
    """Return the share of a year between two days; nothing when ``end`` is not after ``start``."""
    if end <= start:
        return ZERO
    share = year_fraction(
        start, end, by=terms.day_count, maturity=maturity, calendar=terms.calendar
    )
    return Decimal(share.numerator) / Decimal(share.denominator)


def _day_instalments_redeem(terms: Terms) -> date:
    """Return the date of the last of the level instalments the sum needs.

    Raises ValueError without a cycle, or when the instalment does not even pay the interest.
    """
    start, cycle = first_redemption(terms), terms.principal.cycle
    if start is None or cycle is None or terms.instalment is None:
        raise ValueError("without a maturity, an instalment and its cycle are needed")
    passed = 0
    while cycle.after(start, passed, month_end=terms.month_end) < terms.as_of:
        passed += 1
    following = cycle.after(start, passed, month_end=terms.month_end)
    part = terms.instalment - _interest_of_a_cycle(terms, following)
    if part <= 0:
        raise ValueError("the instalment never redeems the contract")
    count = int((terms.notional / part).to_integral_value(ROUND_CEILING))
    return cycle.after(start, passed + count - 1, month_end=terms.month_end)


def _interest_of_a_cycle(terms: Terms, start: date) -> Decimal:
    cycle = terms.principal.cycle
    if terms.kind is Kind.LINEAR or cycle is None or terms.rate is None:
        return ZERO
    stop = cycle.after(start, month_end=terms.month_end)
    return terms.notional * terms.rate * year_share(terms, start, stop)


def _day_steps_redeem(terms: Terms) -> date:
    """Return the day the steps have paid everything back.

    Raises ValueError when they never do.
    """
    left, last = terms.notional, terms.steps[-1]
    for step, day in steps_of(terms, last.recurrence.anchor or terms.starts):
        left += step.amount if step.is_increase else -step.amount
        if left <= 0:
            return day
    return _day_last_step_redeems(terms, last, left)


def _day_last_step_redeems(terms: Terms, last: Step, left: Decimal) -> date:
    count = int((left / last.amount).to_integral_value(ROUND_CEILING))
    start, cycle = last.recurrence.anchor or terms.starts, last.recurrence.cycle
    if last.is_increase or (cycle is None and count > 1):
        raise ValueError("the steps never redeem the contract")
    return cycle.after(start, count - 1, month_end=terms.month_end) if cycle else start
