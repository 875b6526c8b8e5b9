"""A loan as a fold over its dated actions. Nothing posted is edited: history is folded again.

``fold`` lives a loan from its first day; ``resume`` goes on from where a book stands. A back-dated
action is put among the others and folded; ``postings.differences`` says what to post.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from scf.loans.accrual import DAY, Segment, accrue, arrive, free_turns, reset_turns, turning_days
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
from scf.loans.calendars import month_end, month_ends
from scf.loans.decisions import effect_of
from scf.loans.postings import Kind, Parts, Posting
from scf.loans.state import (
    NON_ACCRUAL_AFTER_DAYS,
    Instalment,
    LoanStatus,
    State,
    is_non_accrual,
    is_overdue,
    is_settled,
    oldest_unpaid,
    overdue_principal,
    status_of,
    undrawn,
    without_rests,
)
from scf.loans.terms import InterestFrom, Terms

FIRST_NON_ACCRUAL_DAY = timedelta(days=NON_ACCRUAL_AFTER_DAYS + 1)


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
    return Book(terms, State(on=terms.opened_on, rows=rows))


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
    for morning in _stops(book, to):
        book = _pass(book, morning)
    return book


def next_stop(book: Book) -> date:
    """Return the next morning at which anything but interest happens; at most a month ahead."""
    return _stops(book, month_end(book.state.on) + DAY)[0]


def _stops(book: Book, to: date) -> list[date]:
    """Return the mornings at which something changes or was booked the evening before."""
    terms, after = book.terms, book.state.on
    turns = {day for row in book.state.rows for day in turning_days(terms, row)}
    turns |= free_turns(terms) | reset_turns(terms)
    closes = {day + DAY for day in _booking_days(book, after, to) | _overdue_days(book)}
    stops = {row.due_on + FIRST_NON_ACCRUAL_DAY for row in book.state.rows}
    return sorted(day for day in turns | closes | stops | {to} if after < day <= to)


def _booking_days(book: Book, after: date, to: date) -> set[date]:
    """Return the days from ``after`` up to, but without, ``to`` whose close books interest (K5)."""
    days = set(month_ends(after, to)) | {row.due_on - DAY for row in book.state.rows}
    if book.terms.expiry_on is not None:
        days.add(book.terms.expiry_on - DAY)
    return {day for day in days if after <= day < to}


def _books_interest(book: Book, evening: date) -> bool:
    morning = evening + DAY
    is_due = any(row.due_on == morning for row in book.state.rows)
    return is_due or morning in (book.terms.expiry_on, month_end(evening) + DAY)


def _overdue_days(book: Book) -> set[date]:
    return {row.due_on + book.terms.grace_days * DAY for row in book.state.rows}


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
    if _books_interest(book, evening) and not is_settled(book.terms, book.state):
        book = _book_interest(book, key=f"accrual:{evening}", on=evening, is_calendar=True)
    return _stop_accruing(book, morning)


def _mark_overdue(book: Book, evening: date) -> Book:
    late = evening - book.terms.grace_days * DAY
    for row in book.state.rows:
        if row.due_on == late and row.principal_owed_minor and not book.state.written_off_on:
            owed = Parts(principal_minor=row.principal_owed_minor)
            book = _post(book, f"overdue:{row.nr}", evening, Kind.OVERDUE, owed)
    return book


def _stop_accruing(book: Book, morning: date) -> Book:
    """Move unpaid interest off balance on the first day of more than 90 past due (K14)."""
    row = oldest_unpaid(book.state)
    if row is None or book.state.written_off_on or row.due_on + FIRST_NON_ACCRUAL_DAY != morning:
        return book
    book = _book_interest(book, key=f"accrual:non_accrual:{row.nr}", on=morning - DAY)
    parts = book.state.recognised.minus(book.state.paid).as_parts
    return _post(book, f"non_accrual:{row.nr}", morning, Kind.NON_ACCRUAL, parts)


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
    _refuse_over_frame(book, action)
    if book.state.current is None:
        raise RefusedAction(f"{action.key}: the last due date has come", code="after_maturity")
    state = lend(book.terms, book.state, action.amount_minor)
    return _post_act(book, state, action, Kind.DRAW, Parts(principal_minor=action.amount_minor))


def _return(book: Book, action: ReturnUnused) -> Book:
    if book.terms.interest_from is InterestFrom.RELEASE:
        return _lower_frame(book, action)
    if is_overdue(book.terms, book.state):
        return _repay(book, action, Kind.RETURN)
    _refuse_before_draw(book, action)
    state, spread = allocate_return(book.terms, book.state, action.amount_minor)
    return _post_act(book, state, action, Kind.RETURN, spread)


def _lower_frame(book: Book, action: ReturnUnused) -> Book:
    _refuse_over_frame(book, action)
    lowered = book.state.frame_lowered_minor + action.amount_minor
    state = replace(book.state, frame_lowered_minor=lowered)
    parts = Parts(principal_minor=action.amount_minor)
    return _post_act(book, state, action, Kind.FRAME_LOWERED, parts)


def _repay(book: Book, action: Action, kind: Kind) -> Book:
    _refuse_before_draw(book, action)
    book = _book_interest(book, key=f"accrual:{action.key}", on=action.on)
    state, spread = allocate(book.terms, book.state, action.amount_minor)
    return _post_act(book, state, action, kind, spread)


def _add_cost(book: Book, action: AddCost) -> Book:
    owed = book.state.costs_owed_minor + action.amount_minor
    state = replace(book.state, costs_owed_minor=owed)
    kind = Kind.FEE if action.nature is CostNature.FEE else Kind.COST
    return _post_act(book, state, action, kind, Parts(costs_minor=action.amount_minor))


def _refund(book: Book, action: Refund) -> Book:
    overpaid = book.state.overpaid_minor
    if action.amount_minor > overpaid:
        raise RefusedAction(f"{action.key}: only {overpaid} was overpaid", code="over_refund")
    state = replace(book.state, overpaid_minor=overpaid - action.amount_minor)
    return _post_act(book, state, action, Kind.REFUND, Parts(overpaid_minor=action.amount_minor))


def _decide(book: Book, action: Decision) -> Book:
    if action.moves_claims:
        _refuse_before_draw(book, action)
        book = _book_interest(book, key=f"accrual:{action.key}", on=action.on)
    effect = effect_of(book.terms, book.state, action)
    if effect.kind is None or effect.parts is None:
        return replace(book, terms=effect.terms, state=effect.state)
    agreed = replace(book, terms=effect.terms)
    return _post_act(agreed, effect.state, action, effect.kind, effect.parts)


def _refuse_over_frame(book: Book, action: Action) -> None:
    room = undrawn(book.terms, book.state)
    if action.amount_minor > room:
        detail = f"{action.key}: {action.amount_minor} asked, {room} undrawn"
        raise RefusedAction(detail, code="over_frame")


def _refuse_before_draw(book: Book, action: Action) -> None:
    if not (book.state.drawn_minor or book.state.costs_owed_minor):
        raise RefusedAction(f"{action.key}: nothing was lent yet", code="not_drawn")
