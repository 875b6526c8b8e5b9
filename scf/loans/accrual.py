"""Time passing over a loan: what runs up from day to day, what falls due, what lapses.

Interest is exact (fractions of a fen) until a due date or a payment asks for whole fen (K5).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from scf.core.money import PPM
from scf.loans.base_rate import reset_days
from scf.loans.free_period import FreePeriod
from scf.loans.schedule import Period
from scf.loans.state import Instalment, Meter, State, is_settled
from scf.loans.terms import PenaltyFrom, Product, Residual, Terms

DAY = timedelta(days=1)


class Runs(StrEnum):
    """What a segment adds to."""

    CONTRACT = "contract"
    PENALTY = "penalty"
    COMPOUND = "compound"


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Days over which one balance bore one rate; the formula a bank person can check by hand.

    A segment with a negative base takes back contract interest that penalty replaces (K13).
    ``exact`` is the interest in fen, not rounded.
    """

    row_nr: int
    runs: Runs
    starts_on: date
    ends_on: date
    base_minor: int
    rate_ppm: int
    daily_share: Fraction
    exact: Fraction = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        whole = Fraction(self.base_minor * self.rate_ppm * self.days, PPM)
        object.__setattr__(self, "exact", whole * self.daily_share)

    @property
    def days(self) -> int:
        """Interest days; the last day does not count (K2)."""
        return (self.ends_on - self.starts_on).days


@dataclass(frozen=True, slots=True)
class Lapse:
    """Paid interest of the grace days that became penalty when the grace ran out unpaid."""

    row_nr: int
    moved_minor: int


def turning_days(terms: Terms, row: Instalment) -> tuple[date, ...]:
    """Return the days on which the way a row bears interest changes."""
    if not terms.grace_days:
        return (row.due_on,)
    grace_end = row.due_on + terms.grace_days * DAY
    return (row.due_on, grace_end if _by_grace_end(terms) else grace_end + DAY)


def accrue(terms: Terms, state: State, to: date) -> tuple[State, tuple[Segment, ...]]:
    """Run interest up to the morning of ``to``. No turning day may lie strictly between."""
    waits = terms.free_kind is FreePeriod.IF_SETTLED and _is_free(terms, state.on)
    if waits and (base := _bearing(terms, state)):
        state = replace(state, free=(*state.free, (state.on, to, base)))
    segments = tuple(segment for segment in _segments(terms, state, to) if segment.exact)
    return _run(state, segments, on=to), segments


def arrive(terms: Terms, state: State) -> tuple[State, tuple[Segment, ...], tuple[Lapse, ...]]:
    """Do what the morning of ``state.on`` brings: rows fall due, grace lapses."""
    segments: list[Segment] = []
    lapses: list[Lapse] = []
    if state.free and not _is_free(terms, state.on) and not is_settled(terms, state):
        segments += _counted_back(terms, state)
        state = replace(_run(state, tuple(segments), on=state.on), free=())
    for row in state.rows:
        if state.on == row.due_on:
            state = _fall_due(terms, state, row)
        elif _lapses(terms, state, row):
            replaced = tuple(_replacing(terms, state, row))
            segments += replaced
            state, moved = _reclassify(_run(state, replaced, on=state.on), row.nr)
            lapses += [Lapse(row.nr, moved)] if moved else []
    return state, tuple(segments), tuple(lapses)


def free_turns(terms: Terms) -> set[date]:
    """Return the morning on which free days end: interest begins, or is owed from the first day."""
    if not terms.free_days:
        return set()
    is_always = terms.free_kind is FreePeriod.ALWAYS
    return {terms.free_until if is_always else terms.free_until + DAY}


def reset_turns(terms: Terms) -> set[date]:
    """Return the mornings after the days a floating rate is set anew: each close lives one."""
    if terms.pricing is None:
        return set()
    on, dates = terms.pricing.reset_on, terms.due_dates
    days = reset_days(on, opened_on=terms.opened_on, due_dates=dates)
    return {day + DAY for day in days}


def _is_free(terms: Terms, day: date) -> bool:
    return any(day < turn for turn in free_turns(terms))


def _bearing(terms: Terms, state: State) -> int:
    """Return what the contract rate runs on: principal not due, or the first one (等本等息)."""
    coming = state.future_principal_minor
    return state.drawn_minor if coming and terms.product is Product.EQUAL_FEE else coming


def _counted_back(terms: Terms, state: State) -> Iterator[Segment]:
    """Yield the interest of free days that were not used to settle, from the first day on."""
    coming = (row for row in state.rows if row.due_on > terms.free_until)
    row = next(coming, state.rows[-1])
    for start, end, base in state.free:
        for begin, until, rates in terms.rates_in(start, end):
            yield Segment(
                row_nr=row.nr,
                runs=Runs.CONTRACT,
                starts_on=begin,
                ends_on=until,
                base_minor=base,
                rate_ppm=rates.rate_ppm,
                daily_share=terms.daily_share(row.starts_on, row.due_on),
            )


def _segments(terms: Terms, state: State, to: date) -> Iterator[Segment]:
    current = state.current
    if current is not None and not _is_free(terms, state.on):
        share = terms.daily_share(current.starts_on, current.due_on)
        yield Segment(
            row_nr=current.nr,
            runs=Runs.CONTRACT,
            starts_on=state.on,
            ends_on=to,
            base_minor=_bearing(terms, state),
            rate_ppm=terms.rate_ppm,
            daily_share=share,
        )
    for row in state.rows:
        if row.due_on <= state.on and row.owed_minor:
            yield from _late(terms, row, (state.on, to))


def _late(terms: Terms, row: Instalment, days: Period) -> Iterator[Segment]:
    """Yield what a due row bears: the contract rate in its grace days, penalty after them."""
    in_grace = bool(terms.grace_days) and days[0] < turning_days(terms, row)[1]
    principal = row.principal_owed_minor
    if in_grace:
        yield _on_row(terms, row, Runs.CONTRACT, principal, days)
        return
    yield _on_row(terms, row, Runs.PENALTY, principal, days)
    if terms.compound_on_interest:
        interest = row.contract.owed_minor
        yield _on_row(terms, row, Runs.COMPOUND, interest, days)


def _on_row(terms: Terms, row: Instalment, runs: Runs, base: int, days: Period) -> Segment:
    return Segment(
        row_nr=row.nr,
        runs=runs,
        starts_on=days[0],
        ends_on=days[1],
        base_minor=base,
        rate_ppm=terms.rate_ppm if runs is Runs.CONTRACT else terms.penalty_rate_ppm,
        daily_share=Fraction(1, terms.day_base),
    )


def _run(state: State, segments: tuple[Segment, ...], *, on: date) -> State:
    rows = {row.nr: row for row in state.rows}
    for segment in segments:
        row = rows[segment.row_nr]
        if segment.runs is Runs.CONTRACT:
            row = replace(row, contract=row.contract.ran(segment.exact))
        elif segment.runs is Runs.PENALTY:
            row = replace(row, penalty=row.penalty.ran(segment.exact))
        else:
            row = replace(row, compound=row.compound.ran(segment.exact))
        rows[segment.row_nr] = row
    return replace(state, on=on, rows=tuple(rows.values()))


def _fall_due(terms: Terms, state: State, row: Instalment) -> State:
    charged = row.contract.charge()
    last = state.rows[-1]
    if row.nr == last.nr:
        # The last row keeps its part of a fen: interest of the grace days is rounded with it.
        return state.with_row(replace(row, contract=charged))
    rest = charged.exact - charged.charged_minor
    closed = replace(charged, exact=Fraction(charged.charged_minor))
    state = state.with_row(replace(row, contract=closed))
    if terms.residual is Residual.PER_PERIOD:
        return state
    state = replace(state, carried=state.carried + rest)
    if row.nr + 1 < last.nr:
        return state
    return state.with_row(replace(last, contract=last.contract.ran(state.carried)))


def _by_grace_end(terms: Terms) -> bool:
    return terms.penalty_from is PenaltyFrom.GRACE_END


def _lapses(terms: Terms, state: State, row: Instalment) -> bool:
    """Say whether a row's grace ran out unpaid last night and penalty goes back to its due date."""
    if not terms.grace_days or _by_grace_end(terms) or not row.owed_minor:
        return False
    return state.on == turning_days(terms, row)[1]


def _replacing(terms: Terms, state: State, row: Instalment) -> Iterator[Segment]:
    """Yield the segments that put penalty in the place of contract interest since the due date."""
    principal = row.principal_owed_minor
    in_grace = Fraction(0)
    for start, end, rates in terms.rates_in(row.due_on, state.on):
        then = replace(
            terms, rate_ppm=rates.rate_ppm, penalty_rate_ppm=rates.penalty_rate_ppm, past_rates=()
        )
        taken = _on_row(then, row, Runs.CONTRACT, -principal, (start, end))
        in_grace -= taken.exact
        yield taken
        yield _on_row(then, row, Runs.PENALTY, principal, (start, end))
    if terms.compound_on_interest:
        before = replace(row.contract, exact=row.contract.exact - in_grace, charged_minor=0)
        base = max(0, before.owed_minor)
        yield _on_row(terms, row, Runs.COMPOUND, base, (row.due_on, state.on))


def _reclassify(state: State, nr: int) -> tuple[State, int]:
    """Lower the charged contract interest to what still runs; what was paid of it pays penalty."""
    row = next(row for row in state.rows if row.nr == nr)
    still = Meter(row.contract.exact).recognised_minor
    penalty = row.penalty.charge()
    moved = min(max(0, row.contract.paid_minor - still), penalty.owed_minor)
    contract = Meter(row.contract.exact, still, row.contract.paid_minor - moved)
    row = replace(row, contract=contract, penalty=penalty.pay(moved))
    return state.with_row(row), moved
