"""Runs a contract: its planned events, in order, folded over its state."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal, localcontext

from scf.loans.events.effects import Contract, effect_of, reckoned, refixed, started
from scf.loans.events.maturity import end_of, equal_part, first_redemption, year_share
from scf.loans.events.plan import interest_dates, planned_events
from scf.loans.events.state import Event, EventType, Market, Observed, Planned, State
from scf.loans.events.terms import ZERO, Kind, Terms

DIGITS = 34
_NOTHING_KNOWN = Market()


def events(
    terms: Terms,
    *,
    market: Market = _NOTHING_KNOWN,
    observed: Iterable[Observed] = (),
    until: date | None = None,
) -> tuple[Event, ...]:
    """Return the events of a contract after the day it is looked at, up to and with ``until``.

    Raises ValueError when instalments never redeem the contract, or it has no end and ``until`` is
    missing, and KeyError when the market knows nothing of an index.
    """
    people = tuple(observed)
    with localcontext() as context:
        context.prec = DIGITS
        contract = Contract(terms, end_of(terms, people, until), market)
        done = _fold(contract, people)
    return tuple(event for event in done if until is None or event.day <= until)


def _fold(contract: Contract, observed: tuple[Observed, ...]) -> list[Event]:
    terms = contract.terms
    state = _first_state(contract)
    done: list[Event] = []
    extra = [one for one in observed if one.type is not EventType.CALLED]
    for planned in planned_events(terms, contract.end, extra):
        before = reckoned(contract, state, planned)
        payoff, state = effect_of(terms.kind, planned.type)(contract, before, planned)
        if planned.type is EventType.STARTS:
            state = _with_first_instalment(contract, state, planned)
        if planned.type is EventType.BOUGHT:
            done = []  # What was paid before belongs to the seller.
        done.append(_event(planned, payoff, state))
    return done


def _event(planned: Planned, payoff: Decimal, state: State) -> Event:
    return Event(planned.type, planned.pays, payoff, state.notional, state.rate, state.accrued)


def _first_state(contract: Contract) -> State:
    terms, today = contract.terms, contract.terms.as_of
    state = State(reckoned_to=terms.business_days.reckons_on(today, terms.calendar))
    if terms.scaling is not None:
        state = replace(
            state,
            notional_scale=terms.scaling.notional_multiplier,
            interest_scale=terms.scaling.interest_multiplier,
        )
    if terms.starts > today:
        return state
    running = started(terms, state)
    running = replace(running, accrued=_accrued_so_far(contract, running))
    looked = Planned(EventType.REFIX, today, today, today)
    return _with_first_instalment(contract, running, looked)


def _accrued_so_far(contract: Contract, state: State) -> Decimal:
    """Return the interest owed when the contract is looked at: since the last date it was paid.

    Before the first such date only what the terms say is owed.
    """
    terms = contract.terms
    if terms.accrued is not None:
        return terms.sign * terms.accrued
    if terms.kind in {Kind.ON_CALL, Kind.OPEN_ENDED}:
        return ZERO
    paid = [day for day in interest_dates(terms, contract.end) if day < terms.as_of]
    share = year_share(terms, paid[-1], terms.as_of) if paid else ZERO
    return share * state.rate * state.base


def _with_first_instalment(contract: Contract, state: State, event: Planned) -> State:
    """Fix the instalment the contract starts with: agreed, an equal part, or a level one."""
    terms, first = contract.terms, first_redemption(contract.terms)
    if first is None:
        return state
    if terms.instalment is not None:
        return replace(state, instalment=terms.sign * terms.instalment)
    if terms.kind is Kind.LINEAR:
        part = equal_part(terms, contract.end.day)
        return replace(state, instalment=terms.sign * part)
    return replace(state, instalment=refixed(contract, state, event))
