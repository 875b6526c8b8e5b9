"""What each event pays and leaves behind: one function per event type, a table per kind.

Every function sees the state with interest already reckoned up to the event, so that what the
specification writes as "accrued plus the share of a year times rate times base" is ``accrued``.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from scf.loans.events.level import level_instalment
from scf.loans.events.maturity import End, redemption_dates, year_share
from scf.loans.events.state import EventType, Market, Planned, State
from scf.loans.events.terms import ZERO, BaseOfInterest, FeeBasis, Kind, Penalty, Resets, Terms


@dataclass(frozen=True, slots=True)
class Contract:
    """What an event function may look at beside the state."""

    terms: Terms
    end: End
    market: Market


Effect = Callable[[Contract, State, Planned], tuple[Decimal, State]]


def reckoned(contract: Contract, state: State, event: Planned) -> State:
    """Reckon interest, and fees that run with the sum, up to an event."""
    terms = contract.terms
    share = _share(contract, state.reckoned_to, event.reckons)
    fees = ZERO
    if terms.fees is not None and terms.fees.basis is FeeBasis.OF_NOTIONAL:
        fees = terms.fees.rate * share * state.notional
    return replace(
        state,
        accrued=state.accrued + state.rate * share * state.base,
        fees=state.fees + fees,
        reckoned_to=max(state.reckoned_to, event.reckons),
    )


def started(terms: Terms, state: State) -> State:
    """Put the sum out: the state once the contract has started."""
    notional = terms.sign * terms.notional
    base = notional
    if terms.base.basis is not BaseOfInterest.OUTSTANDING and terms.base.amount is not None:
        base = terms.sign * terms.base.amount
    fees = terms.sign * (terms.fees.accrued or ZERO) if terms.fees else ZERO
    return replace(state, notional=notional, base=base, rate=terms.rate or ZERO, fees=fees)


def _start(contract: Contract, state: State, event: Planned) -> tuple[Decimal, State]:
    terms = contract.terms
    after = started(terms, state)
    accrued, anchor = ZERO, terms.interest.anchor
    if terms.accrued is not None:
        accrued = terms.sign * terms.accrued
    elif anchor is not None and anchor < event.reckons:
        share = _share(contract, anchor, event.reckons)
        accrued = share * after.notional * after.rate
    premium = ZERO if terms.kind in {Kind.ON_CALL, Kind.OPEN_ENDED} else terms.premium
    return -terms.sign * (terms.notional + premium), replace(after, accrued=accrued)


def _interest(_contract: Contract, state: State, _event: Planned) -> tuple[Decimal, State]:
    payoff = state.interest_scale * (state.accrued + state.claimed)
    return payoff, replace(state, accrued=ZERO, claimed=ZERO)


def _capitalise(contract: Contract, state: State, _event: Planned) -> tuple[Decimal, State]:
    after = _outstanding(contract, state, state.notional + state.accrued)
    return ZERO, replace(after, accrued=ZERO)


def _redeem(contract: Contract, state: State, part: Decimal) -> tuple[Decimal, State]:
    """Pay ``part`` of the principal back, never more than there is."""
    if part * state.notional >= 0 and abs(part) > abs(state.notional):
        part = state.notional
    return state.notional_scale * part, _outstanding(contract, state, state.notional - part)


def _redeem_equally(contract: Contract, state: State, _event: Planned) -> tuple[Decimal, State]:
    return _redeem(contract, state, state.instalment)


def _redeem_the_rest(contract: Contract, state: State, _event: Planned) -> tuple[Decimal, State]:
    """Interest comes first out of a level instalment; too small a one adds to the principal."""
    return _redeem(contract, state, state.instalment - state.accrued)


def _redeem_amount(contract: Contract, state: State, event: Planned) -> tuple[Decimal, State]:
    return _redeem(contract, state, contract.terms.sign * event.amount)


def _prepay(contract: Contract, state: State, event: Planned) -> tuple[Decimal, State]:
    return event.amount, _outstanding(contract, state, state.notional - event.amount)


def _increase(contract: Contract, state: State, event: Planned) -> tuple[Decimal, State]:
    part = contract.terms.sign * event.amount
    return -state.notional_scale * part, _outstanding(contract, state, state.notional + part)


def _mature(_contract: Contract, state: State, _event: Planned) -> tuple[Decimal, State]:
    payoff = state.notional_scale * state.notional + state.interest_scale * state.accrued
    return payoff + state.fees, _closed(state)


def _buy(contract: Contract, state: State, event: Planned) -> tuple[Decimal, State]:
    return -contract.terms.sign * (event.amount + state.accrued), state


def _end(contract: Contract, state: State, event: Planned) -> tuple[Decimal, State]:
    return contract.terms.sign * (event.amount + state.accrued), _closed(state)


def _fee(contract: Contract, state: State, _event: Planned) -> tuple[Decimal, State]:
    fees = contract.terms.fees
    fixed = contract.terms.sign * fees.rate if fees and fees.basis is FeeBasis.FIXED else ZERO
    return fixed or state.fees, replace(state, fees=ZERO)


def _penalty(contract: Contract, state: State, event: Planned) -> tuple[Decimal, State]:
    terms = contract.terms
    if terms.penalty is Penalty.FIXED:
        return terms.sign * terms.penalty_rate, state
    rate = terms.penalty_rate
    if terms.penalty is Penalty.INTEREST_LOST and terms.resets is not None:
        market = contract.market.value(terms.resets.index, event.due)
        rate = max(ZERO, state.rate - market)
    share = _share(contract, event.reckons, contract.end.day)
    return share * state.notional * rate, state


def _reset(contract: Contract, state: State, event: Planned) -> tuple[Decimal, State]:
    resets = contract.terms.resets
    if resets is None:
        return ZERO, state
    spread = event.amount if resets.steps else resets.spread
    market = contract.market.value(resets.index, event.due)
    return ZERO, replace(state, rate=_bounded(resets, state.rate, market, spread))


def _bounded(resets: Resets, before: Decimal, market: Decimal, spread: Decimal) -> Decimal:
    moved = market * resets.multiplier + spread - before
    moved = _clamped(moved, resets.period_floor, resets.period_cap)
    return _clamped(before + moved, resets.floor, resets.cap)


def _clamped(value: Decimal, floor: Decimal | None, cap: Decimal | None) -> Decimal:
    raised = value if floor is None else max(value, floor)
    return raised if cap is None else min(raised, cap)


def _reset_as_fixed(_contract: Contract, state: State, event: Planned) -> tuple[Decimal, State]:
    return ZERO, replace(state, rate=event.amount)


def _refix(contract: Contract, state: State, event: Planned) -> tuple[Decimal, State]:
    return ZERO, replace(state, instalment=refixed(contract, state, event))


def refixed(contract: Contract, state: State, event: Planned) -> Decimal:
    """Return the level instalment that redeems the contract from an event on."""
    terms = contract.terms
    last = terms.amortised_by or contract.end.day
    reckoned_last = last + timedelta(days=int(terms.ends_at_close))
    dates = (*(d for d in redemption_dates(terms, last) if d > event.due), reckoned_last)
    shares = [_share(contract, *pair) for pair in pairwise((event.reckons, *dates))]
    return level_instalment(state.notional, accrued=state.accrued, rate=state.rate, shares=shares)


def _scale(contract: Contract, state: State, event: Planned) -> tuple[Decimal, State]:
    scaling = contract.terms.scaling
    if scaling is None:
        return ZERO, state
    factor = contract.market.value(scaling.index, event.due) / scaling.index_at_deal
    return ZERO, replace(
        state,
        notional_scale=factor if scaling.scales_notional else state.notional_scale,
        interest_scale=factor if scaling.scales_interest else state.interest_scale,
    )


def _rebase(_contract: Contract, state: State, _event: Planned) -> tuple[Decimal, State]:
    return ZERO, replace(state, base=state.notional)


def _call(contract: Contract, state: State, event: Planned) -> tuple[Decimal, State]:
    """Fix what interest falls due with the sum; during the notice the sum bears no more."""
    if contract.end.day <= event.due:
        return ZERO, state
    return ZERO, replace(state, claimed=state.accrued, accrued=ZERO, base=ZERO)


def _share(contract: Contract, start: date, end: date) -> Decimal:
    return year_share(contract.terms, start, end, maturity=contract.end.day)


def _outstanding(contract: Contract, state: State, notional: Decimal) -> State:
    follows = contract.terms.base.basis is BaseOfInterest.OUTSTANDING
    return replace(state, notional=notional, base=notional if follows else state.base)


def _closed(state: State) -> State:
    return replace(state, notional=ZERO, base=ZERO, accrued=ZERO, claimed=ZERO, fees=ZERO)


EFFECTS: dict[EventType, Effect] = {
    EventType.STARTS: _start,
    EventType.CALLED: _call,
    EventType.FEE: _fee,
    EventType.REDEMPTION: _redeem_amount,
    EventType.INCREASE: _increase,
    EventType.PREPAYMENT: _prepay,
    EventType.PENALTY: _penalty,
    EventType.INTEREST: _interest,
    EventType.CAPITALISATION: _capitalise,
    EventType.FIXED_RESET: _reset_as_fixed,
    EventType.RESET: _reset,
    EventType.REFIX: _refix,
    EventType.BOUGHT: _buy,
    EventType.ENDED: _end,
    EventType.SCALING: _scale,
    EventType.BASE: _rebase,
    EventType.MATURES: _mature,
    EventType.SETTLED: _mature,
}

#: Where a kind of contract redeems by a rule of its own and not by an amount that came along.
REDEMPTIONS: dict[Kind, Effect] = {
    Kind.LINEAR: _redeem_equally,
    Kind.NEGATIVE: _redeem_the_rest,
    Kind.ANNUITY: _redeem_the_rest,
    Kind.OPEN_ENDED: _prepay,
}


def effect_of(kind: Kind, event: EventType) -> Effect:
    """Return the function of an event for a kind of contract."""
    if event is EventType.REDEMPTION:
        return REDEMPTIONS.get(kind, _redeem_amount)
    return EFFECTS[event]
