"""Demands on the core enterprise at the pages of bank and enterprise: propose, decide, answer, pay.

What each press does is a service's; a page shows only what its reader may do now.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from scf.core.actor import Actor
from scf.core.errors import NotFound
from scf.core.ids import new_id
from scf.core.money import format_yuan
from scf.financing.demand_papers import papers_due_of
from scf.financing.services.issue_papers import make_paper
from scf.loans import services
from scf.loans.decided import get_demand, list_demands
from scf.loans.machine import GuaranteeStatus
from scf.loans.models import GuaranteeDemand
from scf.loans.services import DemandIn
from scf.loans.services.guarantee import PAY_WITHIN, may_demand, reckon_guarantee
from scf.parties.permissions import Permission
from scf.portals.access import require_view
from scf.portals.deal.forms import tried
from scf.portals.forms import DateInput, ReasonForm, YuanField
from scf.portals.lists import count_by_status, page_of, tabs_of
from scf.portals.loans.books import formula_rows, open_as_lender
from scf.portals.loans.demand_page import GROUNDS, demand_page, demand_rows
from scf.portals.loans.words import claims_of
from scf.portals.parts import Empty
from scf.portals.session import actor_of
from scf.workflow import clocks

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

P = Permission
UPHOLD_ID = "uphold_%s"  # two forms with a reason stand on one page


class DemandForm(forms.Form):
    """How much, by when, why, and the key that makes it once."""

    key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    amount = YuanField(label=_("要求代偿的金额（元）"), max_length=30)
    pay_by = forms.DateField(label=_("最迟付款日"), widget=DateInput())
    reason = forms.CharField(
        label=_("原因（核心企业可见）"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500
    )

    def demand(self) -> DemandIn:
        """What is proposed, as the service takes it."""
        given = self.cleaned_data
        return DemandIn(given["amount"], given["reason"], given["pay_by"])


class PayForm(forms.Form):
    """A payment from the enterprise's general wallet; the key makes a second press harmless."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    amount = YuanField(label=_("付款金额（元）"), max_length=30)


class AnswerForm(forms.Form):
    """Why the enterprise will not pay."""

    reason = forms.CharField(
        label=_("拒付理由（银行可见）"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500
    )


class UpholdForm(forms.Form):
    """Why the bank keeps its demand, and the new last day."""

    pay_by = forms.DateField(label=_("最迟付款日"), widget=DateInput())
    reason = forms.CharField(
        label=_("坚持的理由（核心企业可见）"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=500,
    )


@require_GET
def demands(request: HttpRequest) -> HttpResponse:
    """The demands the reader's organization makes or is asked for, newest first."""
    by = actor_of(request)
    require_view(by, P.LOAN_VIEW)
    found = list_demands(by=by)
    status = request.GET.get("status", "")
    shown = found.filter(status=status) if status in GuaranteeStatus.values else found
    page = page_of(shown, request)
    context = {
        "section": "demands",
        "page": page,
        "rows": demand_rows(page.rows, by=by),
        "tabs": tabs_of(request, count_by_status(found), GuaranteeStatus.choices),
        "empty": Empty(
            _("没有代偿要求"), _("借款人逾期时，银行按项目条款向核心企业提出的要求显示在这里。")
        ),
    }
    return render(request, "loans/demands.html", context)


def propose(request: HttpRequest, loan_id: UUID) -> HttpResponse:
    """The bank fills in a demand with what the loan owes today; by POST proposes it."""
    by, loan = open_as_lender(request, loan_id)
    require_view(by, P.LOAN_PROPOSE)
    if request.method != "POST" and not may_demand(loan):
        raise NotFound(_("没有这个页面，或者您无权查看"))
    reckoned = reckon_guarantee(loan)
    form = DemandForm(
        request.POST if request.method == "POST" else None,
        initial={
            "key": new_id().hex,
            "amount": format_yuan(reckoned.most_minor),
            "pay_by": clocks.business_date() + PAY_WITHIN,
        },
    )

    def act() -> object:
        key = form.cleaned_data["key"]
        return services.propose_guarantee(loan.pk, given=form.demand(), key=key, by=by)

    if request.method == "POST" and form.is_valid() and tried(form, act):
        messages.success(request, _("已提出，须由另一位同事复核后才向核心企业提出"))
        return redirect("loan", loan_id=loan.pk)
    context = {
        "loan": loan,
        "form": form,
        "reckoned": reckoned,
        "claims": claims_of(reckoned.owed),
        "formulas": formula_rows(loan),
        "ground": GROUNDS.get(loan.recourse, ""),
    }
    return render(request, "loans/demand_new.html", context, status=400 if form.errors else 200)


@require_GET
def demand(request: HttpRequest, demand_id: UUID) -> HttpResponse:
    """One demand: how much by part, why, under which clause, by when, and what may be done."""
    by, found = _open(request, demand_id)
    return _shown(request, found, by)


@require_POST
def approve(request: HttpRequest, demand_id: UUID) -> HttpResponse:
    """Another person of the bank demands exactly what was shown."""
    by, found = _open(request, demand_id)
    seen = request.POST.get("seen", "")[:64]
    services.demand_guarantee(found.pk, seen=seen, by=by)
    messages.success(request, _("已向核心企业提出"))
    return redirect("demand", demand_id=found.pk)


@require_POST
def refuse(request: HttpRequest, demand_id: UUID) -> HttpResponse:
    """Another person of the bank says no."""
    return _answered(
        request, demand_id, ReasonForm, services.refuse_guarantee, _("已退回，没有向核心企业提出")
    )


@require_POST
def withdraw(request: HttpRequest, demand_id: UUID) -> HttpResponse:
    """The bank takes its demand back."""
    return _answered(request, demand_id, ReasonForm, services.withdraw_guarantee, _("已撤回"))


@require_POST
def uphold(request: HttpRequest, demand_id: UUID) -> HttpResponse:
    """The bank keeps its demand after a refusal."""
    return _answered(
        request, demand_id, UpholdForm, services.uphold_guarantee, _("已坚持要求，等核心企业付款")
    )


@require_POST
def decline(request: HttpRequest, demand_id: UUID) -> HttpResponse:
    """The core enterprise will not pay, and says why."""
    return _answered(
        request, demand_id, AnswerForm, services.decline_guarantee, _("已告知银行，等银行决定")
    )


@require_POST
def pay(request: HttpRequest, demand_id: UUID) -> HttpResponse:
    """The core enterprise pays from its general wallet."""
    by, found = _open(request, demand_id)
    form = PayForm(request.POST)

    def act() -> object:
        given = form.cleaned_data
        return services.pay_guarantee(
            found.pk, amount_minor=given["amount"], key=given["key"], by=by
        )

    if form.is_valid() and tried(form, act):
        messages.success(request, _("付款已提交，链上确认后入账"))
        return redirect("demand", demand_id=found.pk)
    return _shown(request, found, by, pay_form=form)


@require_POST
def paper(request: HttpRequest, demand_id: UUID, due_id: int) -> HttpResponse:
    """Make the notice now, and hand it out; the page has it when the worker was faster."""
    by, found = _open(request, demand_id)
    if due_id not in {due.pk for due in papers_due_of(found, by=by)}:
        return redirect("demand", demand_id=found.pk)
    return redirect("document", document_id=make_paper(due_id, by=by).document_id)


def _open(request: HttpRequest, demand_id: UUID) -> tuple[Actor, GuaranteeDemand]:
    by = actor_of(request)
    require_view(by, P.LOAN_VIEW)
    return by, get_demand(demand_id, by=by)


def _answered(
    request: HttpRequest,
    demand_id: UUID,
    kind: type[forms.Form],
    verb: Callable[..., object],
    done: "str | _StrPromise",
) -> HttpResponse:
    """One verb whose arguments are exactly the form's fields."""
    by, found = _open(request, demand_id)
    form = kind(request.POST, auto_id=UPHOLD_ID if kind is UpholdForm else "id_%s")
    if form.is_valid() and tried(form, lambda: verb(found.pk, by=by, **form.cleaned_data)):
        messages.success(request, done)
        return redirect("demand", demand_id=found.pk)
    name = {UpholdForm: "uphold_form", AnswerForm: "decline_form"}.get(kind, "reason_form")
    return _shown(request, found, by, **{name: form})


def _shown(
    request: HttpRequest, found: GuaranteeDemand, by: Actor, **typed: forms.Form
) -> HttpResponse:
    page = demand_page(get_demand(found.pk, by=by), by=by)
    context: dict[str, Any] = {
        "page": page,
        "demand": page.row.demand,
        "pay_form": PayForm(
            initial={"key": new_id().hex, "amount": format_yuan(page.payable_minor)}
        ),
        "decline_form": AnswerForm(),
        "uphold_form": UpholdForm(
            initial={"pay_by": clocks.business_date() + PAY_WITHIN}, auto_id=UPHOLD_ID
        ),
        "reason_form": ReasonForm(),
        **typed,
    }
    return render(request, "loans/demand.html", context, status=400 if typed else 200)
