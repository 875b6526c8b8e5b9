"""What a decision of people does to a loan: 减免, 核销, 重组, a manual grade (pure, no Django).

The fold books interest up to the day first, so every meter shows whole fen when a decision comes.
"""

from dataclasses import dataclass, replace
from fractions import Fraction

from scf.core.money import half_up
from scf.loans.actions import (
    CallTechnical,
    Decision,
    Grade,
    RefusedAction,
    Restructure,
    SetRate,
    Waive,
    WriteOff,
)
from scf.loans.allocation import replan
from scf.loans.classification import TECHNICAL_DAYS
from scf.loans.fees import fees_left
from scf.loans.postings import Kind, Parts
from scf.loans.state import (
    Instalment,
    Meter,
    State,
    Sums,
    days_past_due,
    oldest_due,
)
from scf.loans.terms import BadTerms, Product, Terms


@dataclass(frozen=True, slots=True)
class Effect:
    """What a decision changes, and what it posts; nothing is posted without parts."""

    terms: Terms
    state: State
    kind: Kind | None = None
    parts: Parts | None = None


def effect_of(terms: Terms, state: State, decision: Decision) -> Effect:
    """Return what the decision does on its day. Raises RefusedAction for terms no loan can have."""
    match decision:
        case Waive():
            return _waive(terms, state, decision)
        case WriteOff():
            return _write_off(terms, state, decision)
        case Restructure():
            return _restructure(terms, state, decision)
        case Grade():
            return Effect(terms, replace(state, manual_tier=decision.tier))
        case CallTechnical():
            return _call_technical(terms, state)
        case SetRate():
            return _set_rate(terms, state, decision)
        case _:
            raise RefusedAction(f"{decision.key}: unknown decision", code="unknown_action")


def _waive(terms: Terms, state: State, waiver: Waive) -> Effect:
    rows: list[Instalment] = []
    penalty, compound = waiver.penalty_minor, waiver.compound_minor
    interest = waiver.interest_minor
    for row in state.rows:
        mine = (
            min(penalty, row.penalty.owed_minor),
            min(compound, row.compound.owed_minor),
            min(interest, row.contract.owed_minor),
        )
        rows.append(_forgive(row, *mine))
        penalty, compound, interest = penalty - mine[0], compound - mine[1], interest - mine[2]
    fee = min(waiver.fee_minor, state.fees_owed_minor)
    parts = Parts(
        costs_minor=fee,
        penalty_minor=waiver.penalty_minor - penalty,
        compound_minor=waiver.compound_minor - compound,
        interest_minor=waiver.interest_minor - interest,
    )
    if parts.is_nothing:
        return Effect(terms, state)
    booked = state.booked.minus(
        Sums(
            penalty_minor=parts.penalty_minor,
            compound_minor=parts.compound_minor,
            interest_minor=parts.interest_minor,
        )
    )
    state = replace(
        state,
        rows=tuple(rows),
        booked=booked,
        costs_owed_minor=state.costs_owed_minor - fee,
        fees_owed=fees_left(state.fees_owed, paid_minor=fee),
    )
    return Effect(terms, state, Kind.WAIVE, parts)


def _forgive(row: Instalment, penalty: int, compound: int, interest: int) -> Instalment:
    return replace(
        row,
        penalty=row.penalty.forgive(penalty) if penalty else row.penalty,
        compound=row.compound.forgive(compound) if compound else row.compound,
        contract=row.contract.forgive(interest) if interest else row.contract,
    )


def _write_off(terms: Terms, state: State, decision: WriteOff) -> Effect:
    if state.written_off_on is not None:
        return Effect(terms, state)
    owed = state.recognised.minus(state.paid).as_parts
    parts = owed.plus(Parts(principal_minor=state.principal_minor))
    if parts.is_nothing:
        return Effect(terms, state)
    state = replace(state, written_off_on=decision.on)
    return Effect(terms, state, Kind.WRITE_OFF, parts)


def _call_technical(terms: Terms, state: State) -> Effect:
    due_on = oldest_due(state)
    if due_on is None or days_past_due(state) > TECHNICAL_DAYS:
        return Effect(terms, state)
    return Effect(terms, replace(state, technical_due_on=due_on))


def _set_rate(terms: Terms, state: State, reset: SetRate) -> Effect:
    """Let the new rate run from this morning, and plan a level instalment anew (等额本息)."""
    terms = terms.repriced(on=reset.on, rate_ppm=reset.rate_ppm)
    is_level = terms.product is Product.EQUAL_INSTALMENTS
    if is_level and state.future_principal_minor:
        state = replan(terms, state)
    return Effect(terms, state)


def _restructure(terms: Terms, state: State, change: Restructure) -> Effect:
    """Close the rows there are, and begin new ones that take over what is unpaid."""
    principal = state.principal_minor
    if not principal:
        return Effect(terms, state)
    agreed = _agreed(terms, state, change)
    kept = tuple(_closed(row) for row in state.rows if row.due_on <= state.on)
    rows = (*kept, *_new_rows(state, change, first_nr=len(kept) + 1))
    state = replace(
        state,
        rows=rows,
        restructured_on=change.on if change.is_relief else state.restructured_on,
        technical_due_on=None,
    )
    state = replan(agreed, state, level_minor=change.level_minor)
    return Effect(agreed, state, Kind.RESTRUCTURE, Parts(principal_minor=principal))


def _agreed(terms: Terms, state: State, change: Restructure) -> Terms:
    past = tuple(row.due_on for row in state.rows if row.due_on <= state.on)
    planned = terms.planned_dates
    rate = terms.rate_ppm if change.rate_ppm is None else change.rate_ppm
    penalty = change.penalty_rate_ppm
    if penalty is None:
        # The uplift over the contract rate was agreed, so it is kept for the new rate (K13).
        old, uplifted = terms.rate_ppm, terms.penalty_rate_ppm
        penalty = half_up(uplifted * rate, old) if old else max(uplifted, rate)
    try:
        return replace(
            terms,
            due_dates=(*past, *change.due_dates),
            planned_dates=(*planned[: len(past)], *change.due_dates) if planned else (),
            rate_ppm=rate,
            penalty_rate_ppm=penalty,
            product=change.product or terms.product,
            past_rates=(),
            # A rate agreed anew is that rate; without one a floating rate goes on floating.
            pricing=terms.pricing if change.rate_ppm is None else None,
        )
    except BadTerms as bad:
        raise RefusedAction(f"{change.key}: {bad}", code="bad_terms") from bad


def _closed(row: Instalment) -> Instalment:
    """A row that is due, with nothing left to pay: what was unpaid moves to the new plan."""
    return replace(
        row,
        principal_minor=row.principal_paid_minor,
        contract=_paid(row.contract),
        penalty=_paid(row.penalty),
        compound=_paid(row.compound),
    )


def _paid(meter: Meter) -> Meter:
    return Meter(Fraction(meter.paid_minor), meter.paid_minor, meter.paid_minor)


def _new_rows(state: State, change: Restructure, *, first_nr: int) -> tuple[Instalment, ...]:
    starts = (change.on, *change.due_dates[:-1])
    first, *others = (
        Instalment(nr=nr, starts_on=begin, due_on=due)
        for nr, (begin, due) in enumerate(zip(starts, change.due_dates, strict=True), first_nr)
    )
    for row in state.rows:
        is_due = row.due_on <= state.on
        first = replace(
            first,
            contract=_moved(first.contract, row.contract, is_due=is_due),
            penalty=_moved(first.penalty, row.penalty, is_due=is_due),
            compound=_moved(first.compound, row.compound, is_due=is_due),
        )
    rows = (first, *others)
    return (*rows[:-1], replace(rows[-1], principal_minor=state.principal_minor))


def _moved(to: Meter, old: Meter, *, is_due: bool) -> Meter:
    """A meter with another one added: of a due row what is unpaid in whole fen, else all of it."""
    if is_due:
        owed = old.owed_minor
        return Meter(to.exact + owed, to.charged_minor + owed, to.paid_minor)
    return Meter(
        to.exact + old.exact,
        to.charged_minor + old.charged_minor,
        to.paid_minor + old.paid_minor,
    )
