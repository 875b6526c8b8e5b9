"""What a change would mean: the plan still to be paid, before and after it. Nothing moves.

``what_if(book, change, on=day) -> WhatIf(before: Plan, after: Plan)``: ``book`` is the loan folded
to ``day`` or before (``services.life.book_of``), ``change`` any action dated ``day``, most often a
``Restructure``; a ``Waive``, an early ``Repay`` or an ``AddCost`` is shown the same way.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from scf.loans.actions import Action, Repay
from scf.loans.apr import Flow, NoRate, xirr
from scf.loans.book import Book, act, advance
from scf.loans.quotes import Quote, asking_days, due_quote, settlement_quote


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """What is to be paid on a day, in fen; the first row may be arrears, to be paid at once.

    ``closing_minor`` is the principal left after it.
    """

    due_on: date
    is_arrears: bool
    costs_minor: int
    penalty_minor: int
    compound_minor: int
    interest_minor: int
    principal_minor: int
    closing_minor: int

    @property
    def payment_minor(self) -> int:
        """The whole payment."""
        charges = self.costs_minor + self.penalty_minor + self.compound_minor
        return charges + self.interest_minor + self.principal_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The payments still to come if each is made on its day, in fen.

    ``annual_rate`` is the dated internal rate (act/365, compounded; 0.045 is 4.5 % a year) of these
    payments against what would settle the loan on ``on``; None when there is none to tell.
    """

    on: date
    settlement_minor: int
    rate_ppm: int
    rows: tuple[PlanRow, ...]
    annual_rate: Decimal | None

    @property
    def interest_minor(self) -> int:
        """Interest still to be paid."""
        return sum(row.interest_minor for row in self.rows)

    @property
    def charges_minor(self) -> int:
        """Costs, penalty and compound interest still to be paid."""
        return sum(row.costs_minor + row.penalty_minor + row.compound_minor for row in self.rows)

    @property
    def principal_minor(self) -> int:
        """Principal still to be paid."""
        return sum(row.principal_minor for row in self.rows)

    @property
    def total_minor(self) -> int:
        """All that is still to be paid."""
        return sum(row.payment_minor for row in self.rows)

    @property
    def ends_on(self) -> date:
        """The day of the last payment; ``on`` when nothing is to be paid."""
        return self.rows[-1].due_on if self.rows else self.on


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The plan as it is, and as it would be."""

    before: Plan
    after: Plan

    @property
    def total_difference_minor(self) -> int:
        """By how much the change makes the loan dearer, in fen; below zero when cheaper."""
        return self.after.total_minor - self.before.total_minor


def what_if(book: Book, change: Action, *, on: date) -> WhatIf:
    """Return the plans of a loan without and with a change on the day ``on``, to be paid from then.

    Arrears count as paid on ``on``, later rows on their due dates; draws still to come are left
    out. Pure: the book is not changed. Raises RefusedAction for a change the loan cannot take and
    ValueError for a book that stands after ``on``.
    """
    if on < book.state.on or change.on != on:
        raise ValueError(f"the book stands at {book.state.on}, the change at {change.on}, not {on}")
    book = advance(book, on)
    return WhatIf(plan_of(book), plan_of(act(book, change)))


def plan_of(book: Book) -> Plan:
    """Return what is still to be paid from the book's own day, each row on its due date."""
    on, rows = book.state.on, []
    flows = [Flow(on, settlement_quote(book, on=on).total_minor)]
    rate = book.terms.rate_ppm
    for day in [on, *asking_days(book)]:
        owed = due_quote(book, on=day)
        book = advance(book, day)
        if owed.total_minor:
            paid = Repay(key=f"what_if:{day}", on=day, amount_minor=owed.total_minor)
            book = act(book, paid)
            rows.append(_row(owed, is_arrears=day == on, closing=book.state.principal_minor))
            flows.append(Flow(day, -owed.total_minor))
    return Plan(
        on=on,
        settlement_minor=flows[0].amount_minor,
        rate_ppm=rate,
        rows=tuple(rows),
        annual_rate=_rate(flows),
    )


def _row(owed: Quote, *, is_arrears: bool, closing: int) -> PlanRow:
    return PlanRow(
        due_on=owed.on,
        is_arrears=is_arrears,
        costs_minor=owed.costs_minor,
        penalty_minor=owed.penalty_minor,
        compound_minor=owed.compound_minor,
        interest_minor=owed.interest_minor,
        principal_minor=owed.principal_minor,
        closing_minor=closing,
    )


def _rate(flows: list[Flow]) -> Decimal | None:
    if len({flow.on for flow in flows}) < 2:
        return None
    try:
        return xirr(flows)
    except NoRate:
        return None
