"""What the bank sees of a loan in its books: interest day by day with its formula, postings."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from scf.core.actor import Actor
from scf.core.errors import NotFound
from scf.core.money import format_yuan, half_up
from scf.ledger.chart import Heading
from scf.loans.models import Loan
from scf.loans.reading import AccrualDay, PostingView, list_accrual_days, list_postings
from scf.loans.selectors import Formula, get_loan, list_formulas
from scf.parties.permissions import Permission
from scf.portals.access import require_view
from scf.portals.deal.words import Words
from scf.portals.lists import Page, address, page_at
from scf.portals.loans.words import KINDS, RUNS, claims_of
from scf.portals.session import actor_of
from scf.portals.templatetags.money import percent

DAYS_A_PAGE = 31
POSTINGS_A_PAGE = 20


@dataclass(frozen=True)
class DayRow:
    """Interest of a day as a formula; ``interest`` and ``total`` are yuan with four decimals."""

    day: AccrualDay
    runs: Words
    formula: str
    interest: str
    total: str


@dataclass(frozen=True)
class FormulaRow:
    """A stretch of days with its formula."""

    formula: Formula
    runs: Words


@dataclass(frozen=True)
class PostingRow:
    """A posting in words with its lines: (debit, credit, fen)."""

    posting: PostingView
    kind: Words
    claims: Sequence[tuple[Words, int]]
    lines: Sequence[tuple[str, str, int]]


@require_GET
def accruals(request: HttpRequest, loan_id: UUID) -> HttpResponse:
    """Every stretch interest ran over, and every day of it, newest first; for the bank."""
    _by, loan = open_as_lender(request, loan_id)
    page = page_at(list_accrual_days(loan)[::-1], request, size=DAYS_A_PAGE)
    context = {
        "loan": loan,
        "page": page,
        "rows": [_day(each) for each in page.rows],
        "formulas": formula_rows(loan),
    }
    return render(request, "loans/accruals.html", context)


@require_GET
def postings(request: HttpRequest, loan_id: UUID) -> HttpResponse:
    """Every posting of the loan with its lines in the ledger, newest first; for the bank."""
    _by, loan = open_as_lender(request, loan_id)
    before = request.GET.get("before", "")
    key = int(before) if before.isdecimal() and len(before) < 19 else None
    found = list_postings(loan, before=key, limit=POSTINGS_A_PAGE + 1)
    more = len(found) > POSTINGS_A_PAGE
    found = found[:POSTINGS_A_PAGE]
    page = Page(
        rows=found,
        next_url=address(request, before=str(found[-1].row.pk)) if more else "",
        first_url=address(request, before="") if key else "",
    )
    context = {"loan": loan, "page": page, "rows": [_posting(each) for each in found]}
    return render(request, "loans/postings.html", context)


def books_of(loan: Loan) -> dict[str, Any]:
    """For the loan's own page: the stretches, the last days, the last postings."""
    days = list_accrual_days(loan)[::-1]
    return {
        "formulas": formula_rows(loan),
        "days": [_day(each) for each in days[:5]],
        "postings": [_posting(each) for each in list_postings(loan, limit=5)],
    }


def open_as_lender(request: HttpRequest, loan_id: UUID) -> tuple[Actor, Loan]:
    """The asker and the loan, which is its bank's. Raises NotFound for everybody else."""
    by = actor_of(request)
    require_view(by, Permission.LOAN_VIEW)
    loan = get_loan(loan_id, by=by)
    if loan.bank_id != by.organization_id:
        raise NotFound(_("没有这个页面，或者您无权查看"))
    return by, loan


def formula_rows(loan: Loan) -> list[FormulaRow]:
    """The stretches interest ran over, newest first."""
    return [FormulaRow(each, RUNS[each.segment.runs]) for each in list_formulas(loan)[::-1]]


def _day(day: AccrualDay) -> DayRow:
    year = (
        f"÷ {day.share.denominator}"
        if day.share.numerator == 1
        else f"× {day.share.numerator}/{day.share.denominator}"
    )
    formula = f"{format_yuan(day.base_minor)} × {percent(day.rate_ppm)} {year}"
    return DayRow(day, RUNS[day.runs], formula, _four(day.exact), _four(day.cumulative))


def _four(fen: Fraction) -> str:
    """Exact fen as yuan with four decimals, for the eye only."""
    scaled = half_up(fen.numerator * 100, fen.denominator)
    whole, rest = divmod(abs(scaled), 10_000)
    return f"{'-' if scaled < 0 else ''}{whole:,}.{rest:04d}"


def _posting(posting: PostingView) -> PostingRow:
    return PostingRow(
        posting=posting,
        kind=KINDS[posting.row.kind],
        claims=claims_of(posting.parts),
        lines=[
            (_account(each.debit), _account(each.credit), each.amount_minor)
            for each in posting.lines
        ],
    )


def _account(heading: Heading) -> str:
    name = heading.zh if str(get_language()).startswith("zh") else heading.en
    return f"{heading.code} {name}"
