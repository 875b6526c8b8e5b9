"""What holds for every loan and every life: nothing lost, nothing negative, any cut the same."""

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scf.core.money import half_up
from scf.loans.actions import Action, AddCost, Draw, RefusedAction, Repay, ReturnUnused
from scf.loans.book import Book, act, advance, fold, resume, start
from scf.loans.calendars import due_dates
from scf.loans.fees import AgreedFee, FeeAt, fee_days
from scf.loans.postings import Kind, Parts, differences
from scf.loans.quotes import daily_accruals, settlement_quote
from scf.loans.schedule import schedule
from scf.loans.state import LoanStatus, undrawn
from scf.loans.terms import (
    LEGAL_ORDER,
    AfterEarly,
    EarlyInterest,
    InterestBasis,
    InterestFrom,
    PenaltyFrom,
    Product,
    Residual,
    Terms,
    Waterfall,
)

OPENED = date(2026, 1, 31)


@st.composite
def any_terms(draw: st.DrawFn) -> Terms:
    rate = draw(st.integers(0, 240_000))
    order = draw(st.permutations(LEGAL_ORDER))
    dates = due_dates(OPENED, count=draw(st.integers(1, 7)))
    return Terms(
        frame_minor=draw(st.integers(1, 10**11)),
        rate_ppm=rate,
        penalty_rate_ppm=rate + draw(st.integers(0, 120_000)),
        opened_on=OPENED,
        due_dates=dates,
        product=draw(st.sampled_from(Product)),
        interest_from=draw(st.sampled_from(InterestFrom)),
        day_base=draw(st.sampled_from([360, 365])),
        basis=draw(st.sampled_from(InterestBasis)),
        residual=draw(st.sampled_from(Residual)),
        grace_days=draw(st.integers(0, 5)),
        penalty_from=draw(st.sampled_from(PenaltyFrom)),
        compound_on_interest=draw(st.booleans()),
        waterfall=Waterfall(tuple(order), by_row=draw(st.booleans())),
        early_interest=draw(st.sampled_from(EarlyInterest)),
        after_early=draw(st.sampled_from(AfterEarly)),
        expiry_on=OPENED + timedelta(days=draw(st.integers(1, 90))),
        fees=draw(any_fees(dates)),
    )


@st.composite
def any_fees(draw: st.DrawFn, dates: tuple[date, ...]) -> tuple[AgreedFee, ...]:
    """Fees of some timings, each of any size; most often none."""
    timings = draw(st.lists(st.sampled_from(FeeAt), max_size=2))
    return tuple(
        AgreedFee(code=at, at=at, on=day, amount_minor=draw(st.integers(1, 10**7)))
        for at in timings
        for day in fee_days(at, opened_on=OPENED, due_dates=dates)
    )


@st.composite
def any_life(draw: st.DrawFn) -> tuple[Terms, list[Action]]:
    """Terms and a list of actions the loan takes, in date order."""
    terms = draw(any_terms())
    book = start(terms)
    taken: list[Action] = []
    day = OPENED
    for nr in range(draw(st.integers(1, 10))):
        day += timedelta(days=draw(st.integers(0, 45)))
        kinds = [Draw, Repay, Repay, ReturnUnused, AddCost] if nr else [Draw]
        kind = draw(st.sampled_from(kinds))
        amount = draw(st.integers(1, terms.frame_minor))
        action = kind(key=f"act:{nr}", on=day, amount_minor=amount)
        try:
            book = act(book, action)
        except RefusedAction:
            continue
        taken.append(action)
    return terms, taken


def last_day(actions: list[Action]) -> date:
    return (actions[-1].on if actions else OPENED) + timedelta(days=40)


@given(any_terms())
def test_the_principals_of_a_plan_sum_to_the_loan(terms):
    rows = schedule(terms)

    assert sum(row.principal_minor for row in rows) == terms.frame_minor
    assert all(row.principal_minor >= 0 and row.interest_minor >= 0 for row in rows)
    assert rows[-1].closing_minor == 0


@settings(max_examples=150, deadline=None)
@given(any_life())
def test_what_was_drawn_is_outstanding_or_came_back(life):
    terms, actions = life
    book = fold(terms, actions, as_of=last_day(actions))
    back = sum(
        posting.parts.principal_minor
        for posting in book.postings
        if posting.kind in {Kind.REPAY, Kind.RETURN}
    )

    assert book.state.drawn_minor == book.state.principal_minor + back
    assert all(row.principal_owed_minor >= 0 for row in book.state.rows)


@settings(max_examples=150, deadline=None)
@given(any_life())
def test_every_payment_is_spread_whole(life):
    terms, actions = life
    book = fold(terms, actions, as_of=last_day(actions))
    spread = {posting.key: posting.parts.total_minor for posting in book.postings}

    assert all(spread[action.key] == action.amount_minor for action in actions)
    assert all(min(parts_of(p.parts)) >= 0 for p in book.postings if p.kind is Kind.REPAY)


def parts_of(parts: Parts) -> tuple[int, ...]:
    return (
        parts.costs_minor,
        parts.penalty_minor,
        parts.compound_minor,
        parts.interest_minor,
        parts.principal_minor,
        parts.overpaid_minor,
    )


@settings(max_examples=150, deadline=None)
@given(any_life(), st.data())
def test_a_life_cut_anywhere_and_taken_up_again_is_the_same(life, data):
    terms, actions = life
    cut = data.draw(st.integers(0, len(actions)))
    stop = last_day(actions)
    at = actions[cut - 1].on if cut else OPENED
    until = actions[cut].on if cut < len(actions) else stop
    pause = data.draw(st.dates(at, until))

    first = fold(terms, actions[:cut], as_of=pause)
    second = resume(first, actions[cut:], as_of=stop)

    whole = fold(terms, actions, as_of=stop)
    assert (second.state, second.postings) == (whole.state, whole.postings)


@settings(max_examples=100, deadline=None)
@given(any_life())
def test_no_meter_was_paid_more_than_it_ran(life):
    terms, actions = life
    book = fold(terms, actions, as_of=last_day(actions))
    for row in book.state.rows:
        for meter in (row.contract, row.penalty, row.compound):
            assert 0 <= meter.paid_minor <= meter.recognised_minor


@settings(max_examples=100, deadline=None)
@given(any_life())
def test_the_settlement_quote_settles_for_good(life):
    terms, actions = life
    day = last_day(actions)
    book = fold(terms, actions, as_of=day)
    assume(book.state.drawn_minor)
    if terms.interest_from is InterestFrom.RELEASE and undrawn(terms, book.state):
        rest = undrawn(terms, book.state)
        book = act(book, ReturnUnused(key="rest", on=day, amount_minor=rest))
    owed = settlement_quote(book, on=day).total_minor
    if owed:
        book = act(book, Repay(key="payoff", on=day, amount_minor=owed))

    assert book.status in {LoanStatus.SETTLED, LoanStatus.OVERPAID}
    a_year_on = advance(book, day + timedelta(days=365))
    assert settlement_quote(a_year_on, on=a_year_on.state.on).total_minor == 0
    assert a_year_on.status is book.status
    assert a_year_on.postings == book.postings


@settings(max_examples=100, deadline=None)
@given(any_life())
def test_what_is_booked_at_a_close_is_the_rounded_whole_minus_what_was_booked(life):
    terms, actions = life
    book = fold(terms, actions, as_of=last_day(actions))
    booked = [posting for posting in book.postings if posting.kind is Kind.ACCRUAL]

    assert (
        sum(posting.parts.interest_minor for posting in booked) == book.state.booked.interest_minor
    )
    # A lapsed grace takes contract interest back after it was booked; many rows round one by one.
    lapses = terms.grace_days and terms.penalty_from is PenaltyFrom.DUE_DATE
    closes = [posting for posting in booked if posting.is_calendar]
    if len(terms.due_dates) > 1 or lapses or not closes or closes[-1] is not booked[-1]:
        return
    ran = exact_contract_interest(book, until=closes[-1].on)
    assert book.state.booked.interest_minor == half_up(ran.numerator, ran.denominator)


def exact_contract_interest(book: Book, *, until: date) -> Fraction:
    days = [day for day in daily_accruals(book) if day.runs == "contract" and day.on <= until]
    return sum((day.exact for day in days), Fraction(0))


@settings(max_examples=60, deadline=None)
@given(any_life(), st.data())
def test_a_replay_posts_exactly_the_differences(life, data):
    terms, actions = life
    stop = last_day(actions)
    gone = (
        data.draw(st.sets(st.sampled_from([action.key for action in actions])))
        if actions
        else set()
    )
    kept = [action for action in actions if action.key not in gone]
    before = fold(terms, actions, as_of=stop).postings
    try:
        after = fold(terms, kept, as_of=stop).postings
    except RefusedAction:
        return
    posted = before + differences(before, after)

    assert differences(posted, after) == ()
    assert sum(p.parts.total_minor for p in posted) == sum(p.parts.total_minor for p in after)
