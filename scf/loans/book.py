"""A loan as a fold over its dated actions. Nothing posted is edited: history is folded again.

``fold`` lives a loan from its first day; ``resume`` goes on from where a book stands. A back-dated
action is put among the others and folded; ``postings.differences`` says what to post.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from scf.loans.accrual import DAY, Segment, accrue, arrive
from scf.loans.actions import (
    Action,
    AddCost,
    CostNature,
    Decision,
    Draw,
    Refund,
    RefusedAction,
    Repay,
    ReturnUnused,
    effective,
)
from scf.loans.allocation import allocate, allocate_return, lend
from scf.loans.calendars import month_end
from scf.loans.decisions import effect_of
from scf.loans.fee_claims import (
    NumberedFees,
    fees_of_the_end,
    fees_of_today,
    with_claim,
    with_fee,
)
from scf.loans.fees import AgreedFee, FeeAt
from scf.loans.postings import Kind, Parts, Posting
from scf.loans.refusals import refuse_before_draw, refuse_over_frame
from scf.loans.state import (
    Instalment,
    LoanStatus,
    State,
    is_non_accrual,
    is_overdue,
    is_settled,
    oldest_due,
    oldest_unpaid,
    overdue_principal,
    status_of,
    without_rests,
)
from scf.loans.stops import FIRST_NON_ACCRUAL_DAY, books_interest, stops
from scf.loans.terms import InterestFrom, Terms


@dataclass(frozen=True, slots=True)
class Book:
    """Everything the fold knows: the state, what was posted, and each segment interest ran over."""

    terms: Terms
    state: State
    postings: tuple[Posting, ...] = ()
    segments: tuple[Segment, ...] = ()

    @property
    def status(self) -> LoanStatus:
        """The status in the course of the day."""
        return status_of(self.terms, self.state)

    @property
    def status_at_close(self) -> LoanStatus:
        """The status if the day were closed now (a due date unpaid: overdue)."""
        return status_of(self.terms, self.state, closed=True)


def start(terms: Terms) -> Book:
    """Return the book of a loan on the morning of its opening day, nothing drawn."""
    periods = pairwise((terms.opened_on, *terms.due_dates))
    rows = tuple(
        Instalment(nr=nr, starts_on=begin, due_on=due) for nr, (begin, due) in enumerate(periods, 1)
    )
    book = Book(terms, State(on=terms.opened_on, rows=rows))
    return _claim_fees(book, fees_of_today(terms, book.state))


def fold(terms: Terms, actions: Iterable[Action], *, as_of: date) -> Book:
    """Live a loan through its actions up to and with those of ``as_of``; later ones are left out.

    Days before ``as_of`` are closed and booked, ``as_of`` itself is open: the close of a day is
    the fold to the next morning. Actions of one day keep their order. Raises RefusedAction.
    """
    return resume(start(terms), actions, as_of=as_of)


def resume(book: Book, actions: Iterable[Action], *, as_of: date) -> Book:
    """Go on from a book with further actions, none dated before it. Raises RefusedAction."""
    kept = effective(actions)
    due = sorted((one for one in kept if one.on <= as_of), key=lambda one: one.on)
    for action in due:
        book = act(book, action)
    return advance(book, as_of)


def act(book: Book, action: Action) -> Book:
    """Bring the book to the action's day and apply it. Raises RefusedAction with a code."""
    if action.on < book.state.on:
        raise RefusedAction(
            f"{action.key}: {action.on} is before {book.state.on}", code="out_of_order"
        )
    book = advance(book, action.on)
    done = _act(book, action)
    if not done.terms.fees or not is_settled(done.terms, done.state):
        return done
    # What settles the loan pays the fees agreed for its end first: then it is only paid in part.
    ending = fees_of_the_end(done.terms, done.state)
    return _act(_claim_fees(book, ending), action) if ending else done


def _act(book: Book, action: Action) -> Book:
    match action:
        case Draw():
            return _draw(book, action)
        case ReturnUnused():
            return _return(book, action)
        case Repay():
            return _repay(book, action, Kind.REPAY)
        case AddCost():
            return _add_cost(book, action)
        case Refund():
            return _refund(book, action)
        case Decision():
            return _decide(book, action)
        case _:
            raise RefusedAction(f"{action.key}: not an action of a loan", code="unknown_action")


def advance(book: Book, to: date) -> Book:
    """Let days pass up to the morning of ``to``: accrue, fall due, lapse, and book each close."""
    if to <= book.state.on:
        return book
    for morning in stops(book.terms, book.state, to):
        book = _pass(book, morning)
    return book


def next_stop(book: Book) -> date:
    """Return the next morning at which anything but interest happens; at most a month ahead."""
    return stops(book.terms, book.state, month_end(book.state.on) + DAY)[0]


def _pass(book: Book, morning: date) -> Book:
    evening = morning - DAY
    state, ran = accrue(book.terms, book.state, morning)
    state, replaced, lapses = arrive(book.terms, state)
    book = replace(book, state=state, segments=book.segments + ran + replaced)
    for lapse in lapses:
        book = _book_interest(book, key=f"accrual:lapse:{lapse.row_nr}", on=evening)
        moved = Parts(interest_minor=-lapse.moved_minor, penalty_minor=lapse.moved_minor)
        book = _post(book, f"lapse:{lapse.row_nr}", evening, Kind.LAPSE, moved)
    book = _mark_overdue(book, evening)
    if books_interest(book.terms, book.state, evening) and not is_settled(book.terms, book.state):
        book = _book_interest(book, key=f"accrual:{evening}", on=evening, is_calendar=True)
    book = _stop_accruing(book, morning)
    return _claim_fees(book, fees_of_today(book.terms, book.state))


def _claim_fees(book: Book, fees: NumberedFees) -> Book:
    for nr, fee in fees:
        book = replace(book, state=with_claim(book.state, nr, fee))
        owed = Parts(costs_minor=fee.amount_minor)
        book = _post(book, f"fee:{nr}", book.state.on, Kind.FEE, owed)
    return book


def _mark_overdue(book: Book, evening: date) -> Book:
    late = evening - book.terms.grace_days * DAY
    for row in book.state.rows:
        if row.due_on == late and row.principal_owed_minor and not book.state.written_off_on:
            owed = Parts(principal_minor=row.principal_owed_minor)
            book = _post(book, f"overdue:{row.nr}", evening, Kind.OVERDUE, owed)
    return book


def _stop_accruing(book: Book, morning: date) -> Book:
    """Move unpaid interest off balance on the first day of more than 90 past due (K14)."""
    due_on = oldest_due(book.state)
    if due_on is None or book.state.written_off_on or due_on + FIRST_NON_ACCRUAL_DAY != morning:
        return book
    row = oldest_unpaid(book.state)
    # A fee's day alone may be the oldest; where a row fell due on it too, the row gives the key.
    since = str(row.nr) if row and row.due_on == due_on else f"fee:{due_on}"
    book = _book_interest(book, key=f"accrual:non_accrual:{since}", on=morning - DAY)
    parts = book.state.recognised.minus(book.state.paid).as_parts
    return _post(book, f"non_accrual:{since}", morning, Kind.NON_ACCRUAL, parts)


def _book_interest(book: Book, *, key: str, on: date, is_calendar: bool = False) -> Book:
    """Book q(exact cumulative) minus what was booked before (K5); zeros only on calendar days."""
    recognised = book.state.recognised
    parts = recognised.minus(book.state.booked).as_parts
    if parts.is_nothing and not is_calendar:
        return book
    posting = Posting(
        key=key,
        on=on,
        kind=Kind.ACCRUAL,
        parts=parts,
        is_calendar=is_calendar,
        is_off_balance=is_non_accrual(book.state, on=on),
    )
    state = replace(book.state, booked=recognised)
    return replace(book, state=state, postings=(*book.postings, posting))


def _post(book: Book, key: str, on: date, kind: Kind, parts: Parts) -> Book:
    posting = Posting(key=key, on=on, kind=kind, parts=parts)
    return replace(book, postings=(*book.postings, posting))


def _post_act(book: Book, state: State, action: Action, kind: Kind, parts: Parts) -> Book:
    if is_settled(book.terms, state):
        state = without_rests(state)
    paid = overdue_principal(book.terms, book.state) - overdue_principal(book.terms, state)
    if book.state.written_off_on is not None and kind in (Kind.REPAY, Kind.RETURN):
        kind = Kind.RECOVERY
    posting = Posting(
        key=action.key, on=action.on, kind=kind, parts=parts, overdue_principal_minor=paid
    )
    return replace(book, state=state, postings=(*book.postings, posting))


def _draw(book: Book, action: Draw) -> Book:
    refuse_over_frame(book.terms, book.state, action)
    if book.state.current is None:
        raise RefusedAction(f"{action.key}: the last due date has come", code="after_maturity")
    state = lend(book.terms, book.state, action.amount_minor)
    return _post_act(book, state, action, Kind.DRAW, Parts(principal_minor=action.amount_minor))


def _return(book: Book, action: ReturnUnused) -> Book:
    if book.terms.interest_from is InterestFrom.RELEASE:
        return _lower_frame(book, action)
    if is_overdue(book.terms, book.state):
        return _repay(book, action, Kind.RETURN)
    refuse_before_draw(book.state, action)
    state, spread = allocate_return(book.terms, book.state, action.amount_minor)
    return _post_act(book, state, action, Kind.RETURN, spread)


def _lower_frame(book: Book, action: ReturnUnused) -> Book:
    refuse_over_frame(book.terms, book.state, action)
    lowered = book.state.frame_lowered_minor + action.amount_minor
    state = replace(book.state, frame_lowered_minor=lowered)
    parts = Parts(principal_minor=action.amount_minor)
    return _post_act(book, state, action, Kind.FRAME_LOWERED, parts)


def _repay(book: Book, action: Action, kind: Kind) -> Book:
    refuse_before_draw(book.state, action)
    book = _book_interest(book, key=f"accrual:{action.key}", on=action.on)
    state, spread = allocate(book.terms, book.state, action.amount_minor)
    return _post_act(book, state, action, kind, spread)


def _add_cost(book: Book, action: AddCost) -> Book:
    if action.due_on is not None:
        return _agree_fee(book, action, action.due_on)
    owed = Parts(costs_minor=action.amount_minor)
    if action.nature is CostNature.FEE:
        return _post_act(book, with_fee(book.state, action.amount_minor), action, Kind.FEE, owed)
    costs = book.state.costs_owed_minor + action.amount_minor
    return _post_act(book, replace(book.state, costs_owed_minor=costs), action, Kind.COST, owed)


def _agree_fee(book: Book, action: AddCost, due_on: date) -> Book:
    """A fee added to the terms: from here on it is one like those of the contract."""
    fee = AgreedFee(code=action.name, at=FeeAt.ADDED, on=due_on, amount_minor=action.amount_minor)
    book = replace(book, terms=replace(book.terms, fees=(*book.terms.fees, fee)))
    return _claim_fees(book, fees_of_today(book.terms, book.state))


def _refund(book: Book, action: Refund) -> Book:
    overpaid = book.state.overpaid_minor
    if action.amount_minor > overpaid:
        raise RefusedAction(f"{action.key}: only {overpaid} was overpaid", code="over_refund")
    state = replace(book.state, overpaid_minor=overpaid - action.amount_minor)
    return _post_act(book, state, action, Kind.REFUND, Parts(overpaid_minor=action.amount_minor))


def _decide(book: Book, action: Decision) -> Book:
    if action.moves_claims:
        refuse_before_draw(book.state, action)
        book = _book_interest(book, key=f"accrual:{action.key}", on=action.on)
    effect = effect_of(book.terms, book.state, action)
    if effect.kind is None or effect.parts is None:
        return replace(book, terms=effect.terms, state=effect.state)
    agreed = replace(book, terms=effect.terms)
    return _post_act(agreed, effect.state, action, effect.kind, effect.parts)
