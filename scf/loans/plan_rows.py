"""The plan of a loan row by row: what is due, what was paid, and how each row stands. Pure.

Whoever pays a loan off early leaves a plan of nothing behind. What is shown then is the plan as it
stood on the morning of that payment: its principal came early, interest of days that did not come
fell away.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from scf.loans.actions import Action, Repay, effective
from scf.loans.book import Book, act, advance, start
from scf.loans.state import Instalment
from scf.loans.terms import Terms


class RowStanding(StrEnum):
    """Where a row of the plan stands."""

    AHEAD = "ahead"
    DUE = "due"  # today
    OVERDUE = "overdue"
    PAID = "paid"
    SETTLED_EARLY = "settled_early"  # paid off before its day; interest to come fell away
    NOTHING_DUE = "nothing_due"


@dataclass(frozen=True, kw_only=True)
class InstalmentView:
    """One row of the plan as it stands on the day ``on``, in fen.

    ``interest_minor`` is what ran up, or will have by the due date; ``fell_away_minor`` is what of
    it nobody asks for because the principal was paid off before (``is_early``).
    """

    nr: int
    on: date
    due_on: date
    principal_minor: int
    principal_paid_minor: int
    interest_minor: int
    interest_paid_minor: int
    penalty_minor: int
    penalty_paid_minor: int
    is_early: bool = False
    fell_away_minor: int = 0

    @property
    def is_due(self) -> bool:
        """Whether its day has come."""
        return self.due_on <= self.on

    @property
    def owed_minor(self) -> int:
        """What of the row is still to pay, today or on its due date."""
        interest = self.interest_minor - self.interest_paid_minor - self.fell_away_minor
        penalty = self.penalty_minor - self.penalty_paid_minor
        return self.principal_minor - self.principal_paid_minor + interest + penalty

    @property
    def is_paid(self) -> bool:
        """Whether there was something to pay and nothing of it is left."""
        return self.standing in (RowStanding.PAID, RowStanding.SETTLED_EARLY)

    @property
    def standing(self) -> RowStanding:
        """Where the row stands."""
        if self.owed_minor:
            return self._owed_standing()
        if self.is_early:
            return RowStanding.SETTLED_EARLY
        has_something = self.principal_minor or self.interest_minor
        return RowStanding.PAID if has_something else RowStanding.NOTHING_DUE

    def _owed_standing(self) -> RowStanding:
        if self.due_on < self.on:
            return RowStanding.OVERDUE
        return RowStanding.DUE if self.is_due else RowStanding.AHEAD


def plan_rows(terms: Terms, actions: Iterable[Action], book: Book) -> tuple[InstalmentView, ...]:
    """Return the rows of a ``book`` folded from these terms and actions, as they stand on its day.

    Raises RefusedAction, as folding does.
    """
    paid_off = _paid_off(terms, actions) if _may_be_paid_off(book) else None
    # Lived on, not folded with later acts: those may have planned the loan anew.
    planned = advance(paid_off or book, book.terms.maturity_on).state.rows
    since = paid_off.state.on if paid_off else book.terms.maturity_on
    return tuple(
        _early(row, coming, book.state.on)
        if row.due_on > since
        else _plain(row, coming, book.state.on)
        for row, coming in zip(book.state.rows, planned, strict=True)
    )


def _may_be_paid_off(book: Book) -> bool:
    return bool(book.state.prepaid_minor) and not book.state.future_principal_minor


def _paid_off(terms: Terms, actions: Iterable[Action]) -> Book | None:
    """The book before the payment that left no principal to fall due; None where there was none."""
    book, found = start(terms), None
    for action in sorted(effective(actions), key=lambda one: one.on):
        before = advance(book, action.on)
        book = act(book, action)
        if book.state.future_principal_minor:
            found = None
        elif isinstance(action, Repay) and before.state.future_principal_minor:
            found = before
    return found


def _plain(row: Instalment, coming: Instalment, today: date) -> InstalmentView:
    contract = (row if row.due_on <= today else coming).contract
    return _view(row, today, row.principal_minor, contract.recognised_minor)


def _early(row: Instalment, coming: Instalment, today: date) -> InstalmentView:
    ran, planned = row.contract.recognised_minor, coming.contract.recognised_minor
    fell_away = max(0, planned - ran)
    return _view(row, today, coming.principal_minor, ran + fell_away, fell_away=fell_away)


def _view(
    row: Instalment, today: date, principal: int, interest: int, *, fell_away: int | None = None
) -> InstalmentView:
    is_early = fell_away is not None
    return InstalmentView(
        nr=row.nr,
        on=today,
        due_on=row.due_on,
        principal_minor=principal,
        principal_paid_minor=principal if is_early else row.principal_paid_minor,
        interest_minor=interest,
        interest_paid_minor=row.contract.paid_minor,
        penalty_minor=row.penalty.recognised_minor + row.compound.recognised_minor,
        penalty_paid_minor=row.penalty.paid_minor + row.compound.paid_minor,
        is_early=is_early,
        fell_away_minor=fell_away or 0,
    )
