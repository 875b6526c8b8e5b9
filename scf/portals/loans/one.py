"""The page of one loan, for its borrower and for who lends."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from scf.loans.selectors import get_loan
from scf.loans.services import refund_left, refund_overpaid
from scf.parties.permissions import Permission
from scf.portals.access import require_view
from scf.portals.loans.books import books_of
from scf.portals.loans.collections import collection_of
from scf.portals.loans.demand_page import demands_of
from scf.portals.loans.deposits import deposit_on_page
from scf.portals.loans.lenders import lenders_on_page
from scf.portals.loans.page import loan_page
from scf.portals.loans.propose import proposable
from scf.portals.loans.quote import quote_of
from scf.portals.loans.what_if import proposals_of
from scf.portals.session import actor_of


@require_GET
def loan(request: HttpRequest, loan_id: UUID) -> HttpResponse:
    """Plan, what is due, what settles today and on any day, papers; the books for the bank."""
    by = actor_of(request)
    require_view(by, Permission.LOAN_VIEW)
    found = get_loan(loan_id, by=by)
    page = loan_page(found, by=by)
    context: dict[str, Any] = {
        "page": page,
        "loan": found,
        "quote": quote_of(found, request, by=by),
        **deposit_on_page(found, by=by),
        **lenders_on_page(found, by=by),
    }
    if page.is_lender:
        context |= {
            "books": books_of(found),
            **collection_of(found, by=by),
            **proposals_of(found, by=by),
            "proposable": proposable(found, by=by),
            **demands_of(found, by=by),
            "refund_minor": refund_left(found) if by.can(Permission.PAYMENT_SIGN) else 0,
        }
    return render(request, "loans/loan.html", context)


@require_POST
def refund(request: HttpRequest, loan_id: UUID) -> HttpResponse:
    """The lender gives back what was overpaid; asks for the second factor."""
    by = actor_of(request)
    require_view(by, Permission.LOAN_VIEW)
    refund_overpaid(loan_id, by=by)
    messages.success(request, _("已签署退款，链上确认后结清"))
    return redirect("loan", loan_id=loan_id)
