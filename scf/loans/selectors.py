"""Loans as lender and borrower may see them: plan, what is due, what settles, how interest ran."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import NotFound
from scf.core.money import PPM, half_up
from scf.loans.accrual import Segment
from scf.loans.actions import Action
from scf.loans.book import Book, fold
from scf.loans.classification import Tier
from scf.loans.decided import tier_of
from scf.loans.fee_views import FeeStanding, FeeView, fee_views, fees_ahead
from scf.loans.models import Loan, LoanAction, LoanQuerySet
from scf.loans.plan_rows import InstalmentView, plan_rows
from scf.loans.quotes import DayAccrual, Quote, daily_accruals, due_quote, settlement_quote
from scf.loans.state import days_past_due, undrawn
from scf.loans.terms import Terms
from scf.workflow import clocks


@dataclass(frozen=True)
class LoanView:
    """What a page shows of a loan on a day."""

    loan: Loan
    on: date
    rows: tuple[InstalmentView, ...]
    draws: tuple[LoanAction, ...]
    due: Quote
    settlement: Quote
    undrawn_minor: int
    next_due_on: date | None
    days_past_due: int
    tier: Tier
    fees: tuple[FeeView, ...]


@dataclass(frozen=True)
class Formula:
    """Days over which one balance bore one rate, and the interest of them: checkable by hand."""

    segment: Segment
    text: str


def get_loan(loan_id: UUID, *, by: Actor) -> Loan:
    """One loan; NotFound when the actor's organization is neither lender nor borrower."""
    found: Loan | None = Loan.objects.visible_to(by).filter(pk=loan_id).first()
    if found is None:
        raise NotFound(_("没有这笔贷款"))
    return found


def loan_of(application_id: UUID, *, by: Actor) -> Loan:
    """The loan of an application; NotFound before it is approved, or for a stranger."""
    found: Loan | None = Loan.objects.visible_to(by).filter(application_id=application_id).first()
    if found is None:
        raise NotFound(_("这笔申请还没有贷款"))
    return found


def list_loans(*, by: Actor, status: str = "") -> LoanQuerySet:
    """The loans the actor may see, newest first, or only those of a status."""
    rows: LoanQuerySet = Loan.objects.visible_to(by)
    return rows.filter(status=status) if status else rows


def view_loan(loan: Loan, *, on: date | None = None) -> LoanView:
    """The loan as it stands on a day (default: the open bank day), before its evening."""
    terms, actions, day = _lived(loan, on)
    book = fold(terms, actions, as_of=day)
    state, rows = book.state, plan_rows(terms, actions, book)
    fees = fee_views(book) if loan.opened_on else fees_ahead(loan.core_terms.fees)
    late = days_past_due(state)
    return LoanView(
        loan=loan,
        on=day,
        rows=rows,
        draws=tuple(loan.actions.filter(kind="draw")),
        due=due_quote(book, on=day),
        settlement=settlement_quote(book, on=day),
        undrawn_minor=undrawn(book.terms, state),
        next_due_on=min(_asking(rows, fees), default=None),
        days_past_due=late,
        tier=tier_of(loan, state),
        fees=fees,
    )


def _asking(rows: Iterable[InstalmentView], fees: Iterable[FeeView]) -> Iterator[date]:
    """Yield the days that ask for money, or asked and were not paid."""
    yield from (row.due_on for row in rows if row.owed_minor)
    asking = (FeeStanding.AHEAD, FeeStanding.OWED)
    yield from (fee.on for fee in fees if fee.standing in asking)


def quote_settlement(loan: Loan, *, on: date) -> Quote:
    """What settles the loan whole on a day, today or later; fen by claim."""
    book = _book(loan, on)
    return settlement_quote(book, on=book.state.on)


def list_daily_accruals(loan: Loan, *, on: date | None = None) -> list[DayAccrual]:
    """A row for each day and balance that bore interest, exact fen with its running total (K5)."""
    return list(daily_accruals(_book(loan, on)))


def list_formulas(loan: Loan, *, on: date | None = None) -> list[Formula]:
    """The stretches interest ran over, each as a formula in yuan."""
    book = _book(loan, on)
    return [Formula(each, formula_text(each, book.terms.day_base)) for each in book.segments]


def _lived(loan: Loan, on: date | None) -> tuple[Terms, list[Action], date]:
    """The loan's terms, what happened up to a day (default: the open bank day), and that day."""
    terms = loan.lived_terms
    day = max(on or clocks.business_date(), terms.opened_on)
    return terms, [row.as_action() for row in loan.actions.all() if row.on <= day], day


def _book(loan: Loan, on: date | None) -> Book:
    terms, actions, day = _lived(loan, on)
    return fold(terms, actions, as_of=day)


def formula_text(segment: Segment, day_base: int) -> str:
    """Balance x rate x days = interest, in yuan to four decimals."""
    share = segment.daily_share
    days = (
        f"{segment.days}/{day_base}"
        if share == Fraction(1, day_base)
        else f"{segment.days}×{share}"
    )
    interest = half_up(segment.exact.numerator * 100, segment.exact.denominator)
    rate = f"{segment.rate_ppm * 100 // PPM}.{segment.rate_ppm * 100 * 10**4 // PPM % 10**4:04d}%"
    base = f"{segment.base_minor // 100:,}.{segment.base_minor % 100:02d}"
    return f"{base} × {rate} × {days} = {interest // 10**4:,}.{interest % 10**4:04d}"
