"""What pages ask of one loan beyond its plan: payments with their source, postings, single days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from scf.core.actor import Actor
from scf.core.money import PPM
from scf.ledger.chart import Heading, heading_of
from scf.loans.accrual import Runs
from scf.loans.decision_rows import ProposalKind
from scf.loans.early import EarlyQuote, early_quote
from scf.loans.models import Loan, LoanAction, LoanPosting, LoanProposal
from scf.loans.offer import Fee
from scf.loans.postings import Kind, Parts
from scf.loans.quotes import daily_accruals, settlement_quote
from scf.loans.services.life import book_of
from scf.loans.terms import Terms
from scf.workflow import clocks
from scf.workflow.models import Fact

PAYING = ("repay", "repay_by_anchor", "return", "refund")


@dataclass(frozen=True)
class LoanPayment:
    """Money that came from or went to the borrower: what it paid, and where it came from.

    ``cause`` is sweep, repay, return or refund; ``parts`` are positive fen.
    """

    action: LoanAction
    cause: str
    parts: Parts


@dataclass(frozen=True)
class Line:
    """One line of a posting in the bank's book, in fen."""

    debit: Heading
    credit: Heading
    amount_minor: int


@dataclass(frozen=True)
class PostingView:
    """A posting with its ledger lines; ``is_undone`` when a later one reversed it."""

    row: LoanPosting
    parts: Parts
    lines: Sequence[Line]
    is_undone: bool


@dataclass(frozen=True)
class AccrualDay:
    """Interest of one day on one balance: base x rate x ``share`` of a year = exact fen (K5)."""

    on: date
    row_nr: int
    runs: Runs
    base_minor: int
    rate_ppm: int
    share: Fraction
    exact: Fraction
    cumulative: Fraction


def open_day_of(loan: Loan) -> date:
    """The day a loan is looked at: the open bank day, or its opening where that lies ahead."""
    return max(clocks.business_date(), loan.core_terms.opened_on)


def fees_shown(quote: Mapping[str, Any]) -> list[Fee]:
    """The fees of a disclosure kept with an application that the loan itself does not claim."""
    given = [fee for fee in quote.get("fees", []) if not fee.get("is_claimed")]
    return [Fee(date.fromisoformat(fee["on"]), fee["amount_minor"]) for fee in given]


def is_owed(loan: Loan) -> bool:
    """Whether anything would have to be paid to settle the loan today: principal or a fee alone."""
    book = book_of(loan, on=open_day_of(loan))
    return settlement_quote(book, on=book.state.on).total_minor > 0


def costs_paid(loan: Loan) -> int:
    """The fees and advanced costs the borrower has paid so far, in fen."""
    return book_of(loan, on=loan.lived_to or open_day_of(loan)).state.costs_paid_minor


def terms_of(loan: Loan) -> Terms:
    """The terms in force today: those signed, or those of the last restructure."""
    return book_of(loan, on=open_day_of(loan)).terms


def list_proposals(loan: Loan, *, by: Actor) -> Any:
    """What was proposed about a loan, newest first; for its bank alone."""
    return LoanProposal.objects.visible_to(by).filter(loan=loan)


def list_undoable(loan: Loan) -> list[LoanAction]:
    """The decisions and costs of a loan that stand, newest first: what may be taken back."""
    rows = list(loan.actions.order_by("-id"))
    undone: set[str] = set()
    for row in rows:
        if row.kind == ProposalKind.UNDO and row.key not in undone:
            undone.add(str(row.details["of"]))
    decisions = set(ProposalKind.values) - {ProposalKind.UNDO.value}
    return [row for row in rows if row.kind in decisions and row.key not in undone]


def quote_early(loan: Loan, *, on: date, fees: Sequence[Fee] = ()) -> EarlyQuote:
    """What settling on ``on`` (today or later) costs, saves, and means as a rate a year."""
    book = book_of(loan, on=open_day_of(loan))
    actions = [row.as_action() for row in loan.actions.all()]
    return early_quote(book, actions=actions, on=max(on, book.state.on), fees=fees)


def list_accrual_days(loan: Loan) -> list[AccrualDay]:
    """A row for each day and balance that bore interest up to today, oldest first."""
    book = book_of(loan, on=open_day_of(loan))
    return [
        AccrualDay(
            on=day.on,
            row_nr=day.row_nr,
            runs=day.runs,
            base_minor=day.base_minor,
            rate_ppm=day.rate_ppm,
            share=_share(day.exact, day.base_minor * day.rate_ppm, book.terms),
            exact=day.exact,
            cumulative=day.cumulative,
        )
        for day in daily_accruals(book)
    ]


def list_payments(loan: Loan) -> list[LoanPayment]:
    """Each repayment, return and refund with what it paid as the books stand now, newest first."""
    parts = _parts_by_key(loan)
    causes = _causes(loan)
    rows = loan.actions.filter(kind__in=PAYING).order_by("-on", "-id")
    return [
        LoanPayment(row, causes.get(row.key, row.kind), parts[row.key])
        for row in rows
        if row.key in parts
    ]


def list_postings(loan: Loan, *, before: int | None = None, limit: int = 20) -> list[PostingView]:
    """Postings newest first, those before the id ``before``; as many as ``limit``."""
    rows = loan.postings.order_by("-id")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[:limit])
    undone = set(
        LoanPosting.objects.filter(reverses__in=found).values_list("reverses_id", flat=True)
    )
    return [
        PostingView(row, Parts(**row.parts), _lines(row), is_undone=row.pk in undone)
        for row in found
    ]


def _share(exact: Fraction, yearly: int, terms: Terms) -> Fraction:
    return exact * PPM / yearly if yearly else Fraction(1, terms.day_base)


def _parts_by_key(loan: Loan) -> dict[str, Parts]:
    """What each act pays as the books stand: its last posting that nobody reversed."""
    kinds = (Kind.REPAY, Kind.RETURN, Kind.REFUND, Kind.FRAME_LOWERED, Kind.RECOVERY)
    rows = loan.postings.filter(kind__in=kinds, reverses=None, reversed_by=None).order_by("id")
    return {row.key: Parts(**row.parts) for row in rows}


def _causes(loan: Loan) -> dict[str, str]:
    """By the action's key why the money moved, as the fact of its repayment says."""
    rows = Fact.objects.filter(subject_id=loan.pk, name="loan.repaid")
    return {row.details["key"]: row.details["cause"] for row in rows}


def _lines(row: LoanPosting) -> list[Line]:
    return [
        Line(heading_of(debit), heading_of(credit), amount) for debit, credit, amount in row.legs
    ]
