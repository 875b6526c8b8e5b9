"""The deposit on the page of a loan: what is pledged, and using it for what is past due."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from scf.core.actor import Actor
from scf.core.errors import RuleBroken
from scf.loans import services
from scf.loans.models import Loan
from scf.loans.selectors import get_loan, list_loans
from scf.parties.permissions import Permission
from scf.payments.machine import DEPOSIT, D
from scf.payments.models import Deposit
from scf.payments.selectors import deposit_of, list_deposits
from scf.portals.access import require_view
from scf.portals.deal import words
from scf.portals.deal.deposit import deposit_chip, deposit_parts
from scf.portals.forms import ReasonForm
from scf.portals.parts import money_bar
from scf.portals.session import actor_of


def deposit_on_page(loan: Loan, *, by: Actor) -> dict[str, object]:
    """For lender and borrower: where the deposit is; for the lender what may be done with it."""
    deposit = deposit_of(loan.payment_id)
    if deposit is None or by.organization_id not in (loan.bank_id, loan.buyer_id):
        return {"deposit": None}
    is_lender = loan.bank_id == by.organization_id
    steps = DEPOSIT.available(deposit, by=by) if is_lender else []
    return {
        "deposit": deposit,
        "deposit_chip": deposit_chip(deposit),
        "deposit_meaning": words.DEPOSIT[deposit.status],
        "deposit_bar": money_bar(_("保证金"), deposit_parts(deposit)),
        "deposit_steps": steps,
        "deposit_use": services.usable_deposit(loan) if is_lender else None,
        "deposit_form": ReasonForm(auto_id="deposit_%s"),
    }


def deposits_to_decide(*, by: Actor) -> list[tuple[Loan, Deposit]]:
    """The deposits a colleague proposed to use and the reader may decide about, with the loans."""
    if not by.can(Permission.LOAN_APPROVE):
        return []
    proposed = list_deposits(by=by, status=D.USE_PROPOSED)
    waiting = [each for each in proposed if "use_approved" in DEPOSIT.available(each, by=by)]
    loans = list_loans(by=by).filter(payment_id__in=[each.payment_id for each in waiting])
    by_payment = {loan.payment_id: loan for loan in loans}
    return [(by_payment[each.payment_id], each) for each in waiting]


@require_POST
def propose(request: HttpRequest, loan_id: UUID) -> HttpResponse:
    """One person of the bank proposes to take what is due from the deposit."""
    by, reason = _given(request, loan_id)
    services.propose_deposit_use(loan_id, reason=reason, by=by)
    messages.success(request, _("已提出，须由另一位同事复核后动用"))
    return redirect("loan", loan_id=loan_id)


@require_POST
def approve(request: HttpRequest, loan_id: UUID) -> HttpResponse:
    """Another person says yes to exactly what was proposed; asks for the second factor."""
    by, _reason = _given(request, loan_id)
    seen = request.POST.get("seen", "")
    if not seen.isdecimal() or len(seen) > 18:
        raise RuleBroken(_("金额不正确：请刷新页面后重试"), code="amount_invalid", field="seen")
    services.approve_deposit_use(loan_id, seen_minor=int(seen), by=by)
    messages.success(request, _("已签署，链上确认后用于还款"))
    return redirect("loan", loan_id=loan_id)


@require_POST
def refuse(request: HttpRequest, loan_id: UUID) -> HttpResponse:
    """Another person says no, or the proposal is taken back."""
    by, reason = _given(request, loan_id)
    services.refuse_deposit_use(loan_id, reason=reason, by=by)
    messages.success(request, _("已退回，保证金仍在质押"))
    return redirect("loan", loan_id=loan_id)


def _given(request: HttpRequest, loan_id: UUID) -> tuple[Actor, str]:
    by = actor_of(request)
    require_view(by, Permission.LOAN_VIEW)
    get_loan(loan_id, by=by)
    return by, request.POST.get("reason", "")[:300]
