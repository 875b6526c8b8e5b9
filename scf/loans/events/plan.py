"""Which events a contract has and when: a table of planners by kind of contract."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from scf.loans.events.cycles import Recurrence, dates_between
from scf.loans.events.maturity import End, redemption_dates, steps_of
from scf.loans.events.state import EventType, Observed, Planned
from scf.loans.events.terms import ZERO, BaseOfInterest, Kind, RateStep, Terms

Plan = list[Planned]
Planner = Callable[[Terms, End], Plan]


def planned_events(terms: Terms, end: End, observed: Iterable[Observed] = ()) -> Plan:
    """Return every event of the contract after the day it is looked at, in order.

    Nothing happens before the contract starts or after it is ended.
    """
    found = [event for planner in PLANNERS[terms.kind] for event in planner(terms, end)]
    found += [_moved(terms, one.type, one.day, one.amount) for one in observed]
    first = max(_day_after(terms.as_of), terms.starts)
    found = [event for event in found if first <= event.pays]
    return _until_ended(sorted(found, key=lambda event: event.rank))


def interest_dates(terms: Terms, end: End) -> tuple[date, ...]:
    """Return the contract dates on which interest is paid or capitalised, before the end."""
    if terms.interest_steps:
        return tuple(
            day
            for step, stop in _stretches(terms.interest_steps, end.day)
            for day in _dates(terms, step, stop)
        )
    own = _dates(terms, terms.interest, end.day)
    if terms.kind not in {Kind.ANNUITY, Kind.NEGATIVE}:
        return own
    # What is left of an instalment after interest is principal, so each instalment pays interest.
    redeemed = redemption_dates(terms, end.day)
    return tuple(day for day in own if not redeemed or day < redeemed[0]) + redeemed


def _start_and_end(terms: Terms, end: End) -> Plan:
    return _start(terms, end) + _at_end(terms, EventType.MATURES, end)


def _interest(terms: Terms, end: End) -> Plan:
    if terms.rate is None:
        return []
    dates = interest_dates(terms, end)
    until = terms.capitalised_until
    plan = [_moved(terms, EventType.INTEREST, day) for day in dates if not until or day > until]
    if not (until and until >= end.day):
        plan += _at_end(terms, EventType.INTEREST, end)
    if until:
        capitalised = {day for day in dates if day < until} | {until}
        plan += [_moved(terms, EventType.CAPITALISATION, day) for day in sorted(capitalised)]
    return plan


def _capitalisation(terms: Terms, end: End) -> Plan:
    """Interest is added to the sum until the contract ends, and paid then."""
    if terms.rate is None:
        return []
    cycle = terms.interest.cycle
    start = terms.interest.anchor or (terms.starts if cycle else None)
    dates = dates_between(start, end.last, cycle, month_end=terms.month_end) if start else ()
    plan = [_moved(terms, EventType.CAPITALISATION, day) for day in dates]
    return plan + _at_end(terms, EventType.INTEREST, end)


def _call(terms: Terms, end: End) -> Plan:
    if end.called is None:
        return _at_end(terms, EventType.MATURES, end)
    called = _fixed(terms, EventType.CALLED, end.called)
    return [called, *_at_end(terms, EventType.SETTLED, end)]


def _start(terms: Terms, _end: End) -> Plan:
    return [_fixed(terms, EventType.STARTS, terms.starts)]


def _redemptions(terms: Terms, end: End) -> Plan:
    dates = redemption_dates(terms, end.day)
    return [_moved(terms, EventType.REDEMPTION, day) for day in dates]


def _steps(terms: Terms, end: End) -> Plan:
    return [
        _moved(
            terms,
            EventType.INCREASE if step.is_increase else EventType.REDEMPTION,
            day,
            step.amount,
        )
        for step, day in steps_of(terms, end.day)
        if day < end.day
    ]


def _resets(terms: Terms, end: End) -> Plan:
    if terms.resets is None:
        return []
    if terms.resets.steps:
        return _reset_steps(terms, terms.resets.steps, end)
    dates = _dates(terms, terms.resets.recurrence, end.last)
    plan = [_moved(terms, EventType.RESET, day) for day in dates if day > terms.as_of]
    if plan and terms.resets.next_rate is not None:
        plan[0] = _moved(terms, EventType.FIXED_RESET, plan[0].due, terms.resets.next_rate)
    return plan


def _reset_steps(terms: Terms, steps: tuple[RateStep, ...], end: End) -> Plan:
    stretches = _stretches([step.recurrence for step in steps], end.day)
    return [
        _moved(terms, EventType.FIXED_RESET if step.is_fixed else EventType.RESET, day, step.rate)
        for step, (recurrence, stop) in zip(steps, stretches, strict=True)
        for day in _dates(terms, recurrence, stop)
    ]


def _refixes(terms: Terms, end: End) -> Plan:
    """Return the refixes of the instalment: the day before the first, and after every reset."""
    plan = [_moved(terms, EventType.REFIX, reset.due) for reset in _resets(terms, end)]
    redeemed = redemption_dates(terms, end.day)
    if terms.instalment is None and redeemed:
        plan.append(_fixed(terms, EventType.REFIX, redeemed[0] - timedelta(days=1)))
    return plan


def _fees(terms: Terms, end: End) -> Plan:
    if terms.fees is None or not terms.fees.rate:
        return []
    dates = _dates(terms, terms.fees.recurrence, end.day)
    plan = [_moved(terms, EventType.FEE, day) for day in dates]
    return plan + _at_end(terms, EventType.FEE, end)


def _scalings(terms: Terms, end: End) -> Plan:
    scaling = terms.scaling
    if scaling is None or not (scaling.scales_interest or scaling.scales_notional):
        return []
    dates = _dates(terms, scaling.recurrence, end.day)
    return [_moved(terms, EventType.SCALING, day) for day in dates]


def _bases(terms: Terms, end: End) -> Plan:
    base = terms.base
    if base.basis is not BaseOfInterest.OUTSTANDING_NOW_AND_THEN or base.recurrence is None:
        return []
    dates = _dates(terms, base.recurrence, end.day)
    return [_moved(terms, EventType.BASE, day) for day in dates]


def _trades(terms: Terms, _end: End) -> Plan:
    trades = ((EventType.BOUGHT, terms.bought), (EventType.ENDED, terms.ended))
    return [
        _fixed(terms, kind, trade.day, trade.price) for kind, trade in trades if trade is not None
    ]


EVERY_KIND: tuple[Planner, ...] = (_resets, _fees, _scalings, _trades)
LOAN: tuple[Planner, ...] = (*EVERY_KIND, _start_and_end, _interest)

PLANNERS: dict[Kind, tuple[Planner, ...]] = {
    Kind.AT_MATURITY: LOAN,
    Kind.LINEAR: (*LOAN, _redemptions, _bases),
    Kind.NEGATIVE: (*LOAN, _redemptions, _bases),
    Kind.ANNUITY: (*LOAN, _redemptions, _bases, _refixes),
    Kind.IN_STEPS: (*LOAN, _steps, _bases),
    Kind.ON_CALL: (*EVERY_KIND, _start, _capitalisation, _call),
    Kind.OPEN_ENDED: (*EVERY_KIND, _start, _capitalisation),
}


def _dates(terms: Terms, recurrence: Recurrence, stop: date) -> tuple[date, ...]:
    anchor = recurrence.anchor
    if anchor is None and recurrence.cycle is not None:
        anchor = recurrence.cycle.after(terms.starts, month_end=terms.month_end)
    if anchor is None:
        return ()
    return dates_between(anchor, stop, recurrence.cycle, month_end=terms.month_end)


def _stretches(recurrences: Iterable[Recurrence], stop: date) -> list[tuple[Recurrence, date]]:
    """Pair each stretch with the day it stops: where the next starts, or at ``stop``."""
    found = list(recurrences)
    stops = [following.anchor or stop for following in found[1:]] + [stop]
    return [(one, min(until, stop)) for one, until in zip(found, stops, strict=True)]


def _fixed(terms: Terms, kind: EventType, day: date, amount: Decimal = ZERO) -> Planned:
    """Plan an event on a day agreed as such: it stays, though interest may be reckoned off it."""
    reckons = terms.business_days.reckons_on(day, terms.calendar)
    return Planned(kind, day, day, reckons, amount)


def _at_end(terms: Terms, kind: EventType, end: End) -> Plan:
    if not end.is_known:
        return []
    fixed = _fixed(terms, kind, end.day)
    if terms.ends_at_close:
        fixed = replace(fixed, reckons=_day_after(fixed.reckons))
    return [fixed]


def _moved(terms: Terms, kind: EventType, day: date, amount: Decimal = ZERO) -> Planned:
    rule, calendar = terms.business_days, terms.calendar
    pays, reckons = rule.pays_on(day, calendar), rule.reckons_on(day, calendar)
    return Planned(kind, day, pays, reckons, amount)


def _until_ended(plan: Plan) -> Plan:
    for number, event in enumerate(plan):
        if event.type is EventType.ENDED:
            return plan[: number + 1]
    return plan


def _day_after(day: date) -> date:
    return day + timedelta(days=1)
