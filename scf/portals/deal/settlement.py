"""Disputes and returns of single lines, and the buyer's repayment."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from scf.core.ids import new_id
from scf.core.money import format_yuan
from scf.financing import services
from scf.loans import selectors as loans
from scf.loans.fee_views import FeeStanding
from scf.loans.services import repay_loan
from scf.parties.permissions import Permission
from scf.payments.selectors import line_of, payment_of
from scf.payments.services.give_back import rest_of
from scf.portals.deal.access import open_deal
from scf.portals.deal.forms import DecisionForm, DisputeForm, RepaymentForm, tried
from scf.portals.deal.means import means_of
from scf.workflow import clocks


def dispute(request: HttpRequest, deal_id: UUID, line_id: UUID) -> HttpResponse:
    """Buyer or seller freezes one line."""
    by, application = open_deal(request, deal_id, sides=("buyer", "seller"))
    line_of(payment_of(application.pk, by=by), line_id)
    form = DisputeForm(request.POST or None)

    def act() -> object:
        return services.open_dispute(application.pk, line_id, by=by, **form.cleaned_data)

    if request.method == "POST" and form.is_valid() and tried(form, act):
        messages.success(request, _("争议已提交，链上确认后这一行冻结，其余各行照付"))
        return redirect("deal", deal_id=deal_id)
    context = {
        "application": application,
        "form": form,
        "title": _("提出争议"),
        "intro": _("只冻结这一行未付的金额；由银行按条款裁定，超过期限按条款约定处理。"),
        "tone": "danger",
    }
    return render(request, "deal/form.html", context, status=400 if form.errors else 200)


def decide(request: HttpRequest, deal_id: UUID, line_id: UUID) -> HttpResponse:
    """The bank as arbiter decides a dispute."""
    by, application = open_deal(request, deal_id, sides=("bank",))
    line = line_of(payment_of(application.pk, by=by), line_id)
    held = line.cap_minor - line.released_minor - line.returned_minor
    form = DecisionForm(request.POST or None)

    def act() -> object:
        given = form.cleaned_data
        return services.decide_dispute(
            application.pk,
            line_id,
            payee_gets_minor=given["payee_gets"],
            decision=given["decision"],
            by=by,
        )

    if request.method == "POST" and form.is_valid() and tried(form, act):
        messages.success(request, _("裁定已提交，链上确认后付款"))
        return redirect("deal", deal_id=deal_id)
    context = {
        "application": application,
        "form": form,
        "title": _("裁定争议"),
        "intro": _(
            "这一行冻结 %(held)s 元。裁给收款人的部分随即支付，其余等双方同意退回或到期退回。"
        )
        % {"held": format_yuan(held)},
        "tone": "primary",
    }
    return render(request, "deal/form.html", context, status=400 if form.errors else 200)


def agree_return(request: HttpRequest, deal_id: UUID, line_id: UUID) -> HttpResponse:
    """Buyer or seller agrees that a finished line's rest goes back: how much, then the word."""
    by, application = open_deal(request, deal_id, sides=("buyer", "seller"))
    line = line_of(payment_of(application.pk, by=by), line_id)
    form = forms.Form(request.POST if request.method == "POST" else None)

    def act() -> object:
        return services.agree_return(application.pk, line_id, by=by)

    if request.method == "POST" and form.is_valid() and tried(form, act):
        messages.success(request, _("已同意退回；另一方同意后自动退回"))
        return redirect("deal", deal_id=deal_id)
    context = {
        "application": application,
        "form": form,
        "title": _("同意退回余额"),
        "intro": _(
            "这一行还剩 %(rest)s 元。买卖双方都同意后立即退回：贷款部分给银行，首付款部分给买方。"
        )
        % {"rest": format_yuan(rest_of(line))},
        "tone": "primary",
    }
    return render(request, "deal/form.html", context, status=400 if form.errors else 200)


def repay(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """The buyer pays from its general wallet; what settles the loan today is filled in."""
    by, application = open_deal(request, deal_id, sides=("buyer",), needs=Permission.LOAN_REPAY)
    loan = loans.loan_of(application.pk, by=by)
    today = loans.quote_settlement(loan, on=clocks.business_date())
    view = loans.view_loan(loan)
    means = means_of(payment_of(application.pk, by=by), view, today)
    form = RepaymentForm(
        request.POST or None,
        initial={"key": new_id().hex, "amount": format_yuan(means.payable_minor)},
    )

    def act() -> object:
        given = form.cleaned_data
        return repay_loan(loan.pk, amount_minor=given["amount"], key=given["key"], by=by)

    if request.method == "POST" and form.is_valid() and tried(form, act):
        messages.success(request, _("还款已提交，链上确认后入账"))
        return redirect("deal", deal_id=deal_id)
    context = {
        "application": application,
        "form": form,
        "quote": today,
        "view": view,
        "fees": [fee for fee in view.fees if fee.standing in (FeeStanding.AHEAD, FeeStanding.OWED)],
        "means": means,
    }
    return render(request, "deal/repay.html", context, status=400 if form.errors else 200)
