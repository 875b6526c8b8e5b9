"""The lenders of a joint loan (联合贷): each one's book, each act split, and the file of both."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from scf.core.actor import Actor
from scf.core.errors import NotFound
from scf.loans.funders import (
    FunderBook,
    FunderRow,
    PlanPart,
    funder_shares,
    list_acts,
    shares_of,
    split_plan,
)
from scf.loans.models import Loan
from scf.loans.postings import Parts
from scf.loans.reports.settlement import Statement, settles_minor, write_settlement
from scf.loans.reports.sheet import XLSX_TYPE
from scf.loans.seen import is_lender_of
from scf.loans.selectors import get_loan, view_loan
from scf.parties.permissions import Permission
from scf.parties.selectors import get_organization
from scf.portals.access import require_view
from scf.portals.deal.words import Words
from scf.portals.loans.words import KINDS, claims_of
from scf.portals.parts import Fact
from scf.portals.session import actor_of
from scf.portals.templatetags.money import percent
from scf.workflow import clocks


@dataclass(frozen=True)
class BookRow:
    """One lender's book in words."""

    name: str
    is_of_record: bool
    book: FunderBook
    claims: Sequence[tuple[Words, int]]


@dataclass(frozen=True)
class PartCell:
    """One lender's part of a row; ``settles_minor`` is what it gets of it, below zero it pays; None
    for the lender of record.
    """

    name: str
    total_minor: int
    claims: Sequence[tuple[Words, int]]
    settles_minor: int | None = None


@dataclass(frozen=True)
class ActRow:
    """One money act with the part of each lender."""

    row: FunderRow
    kind: Words
    cells: Sequence[PartCell]


@dataclass(frozen=True)
class PlanPartRow:
    """One row of the plan with the part of each lender."""

    part: PlanPart
    cells: Sequence[PartCell]


@require_GET
def lenders(request: HttpRequest, loan_id: UUID) -> HttpResponse:
    """Books, acts and plan by lender; for the lenders alone."""
    by, loan = _open(request, loan_id)
    names = _names(loan)
    acts = list_acts(loan)
    plan = split_plan(view_loan(loan).rows, shares=shares_of(loan))
    context = {
        "loan": loan,
        "books": book_rows(loan),
        "acts": [ActRow(row, KINDS[row.kind], _cells(loan, names, row.parts, row)) for row in acts],
        "plan": [PlanPartRow(part, _cells(loan, names, part.parts)) for part in plan],
        "names": list(names.values()),
        "mine": str(by.organization_id),
    }
    return render(request, "loans/lenders.html", context)


@require_GET
def settlement_file(request: HttpRequest, loan_id: UUID) -> FileResponse:
    """The settlement statement as a file, for the lenders alone."""
    _by, loan = _open(request, loan_id)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    write_settlement(
        file,
        Statement(
            number=str(loan),
            on=clocks.business_date(),
            lender_of_record=get_organization(loan.bank_id).name,
            names=_names(loan),
            rows=list_acts(loan),
            books=funder_shares(loan),
        ),
    )
    file.seek(0)
    return FileResponse(
        file,
        as_attachment=True,
        filename=f"settlement-{loan}.xlsx",
        content_type=XLSX_TYPE,
        headers={"Cache-Control": "private, no-store"},
    )


def book_rows(loan: Loan) -> list[BookRow]:
    """Each lender's book, the lender of record first; nothing for a loan of one bank."""
    rows = [
        BookRow(
            name=get_organization(UUID(book.funder)).name,
            is_of_record=book.funder == str(loan.bank_id),
            book=book,
            claims=claims_of(book.got_back),
        )
        for book in funder_shares(loan)
    ]
    return sorted(rows, key=lambda row: not row.is_of_record)


def lenders_on_page(loan: Loan, *, by: Actor) -> dict[str, object]:
    """For the loan's own page: the books, for its lenders."""
    return {"lender_books": book_rows(loan)} if loan.shares and is_lender_of(loan, by=by) else {}


def lender_facts(loan: Loan) -> list[Fact]:
    """Who lends and how much, for borrower and lenders alike."""
    own = str(loan.bank_id)
    return [
        Fact(_("联合贷款人"), f"{get_organization(UUID(name)).name} · {percent(ppm)}")
        for name, ppm in (shares_of(loan).ppm.items() if loan.shares else ())
        if name != own
    ]


def _open(request: HttpRequest, loan_id: UUID) -> tuple[Actor, Loan]:
    by = actor_of(request)
    require_view(by, Permission.LOAN_VIEW)
    loan = get_loan(loan_id, by=by)
    if not loan.shares or not is_lender_of(loan, by=by):
        raise NotFound(_("没有这个页面，或者您无权查看"))
    return by, loan


def _names(loan: Loan) -> dict[str, str]:
    """The lenders by id, the lender of record last as in every split."""
    return {name: get_organization(UUID(name)).name for name in shares_of(loan).ppm}


def _cells(
    loan: Loan, names: dict[str, str], parts: Mapping[str, Parts], row: FunderRow | None = None
) -> list[PartCell]:
    own = str(loan.bank_id)
    return [
        PartCell(
            name=name,
            total_minor=parts[funder].total_minor - parts[funder].overpaid_minor,
            claims=claims_of(parts[funder]),
            settles_minor=settles_minor(row, funder) if row and funder != own else None,
        )
        for funder, name in names.items()
    ]
