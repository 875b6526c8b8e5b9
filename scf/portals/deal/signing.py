"""From approval to the money in escrow: signing, own funds, pay-out; and the ends before that."""

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from scf.core import clock
from scf.core.actor import Actor
from scf.financing import services
from scf.financing.checks import WORDS as CHECKS
from scf.financing.checks import look_at_pay_out
from scf.financing.machine import MACHINE
from scf.financing.models import Application
from scf.financing.selectors import signed_sides
from scf.payments.models import Payment
from scf.payments.selectors import payment_of
from scf.portals.deal.access import open_deal, side_of
from scf.portals.deal.checklist import asks_for_proof, seen_words
from scf.portals.deal.forms import NoteForm, tried
from scf.portals.deal.lending import awaiting_lenders
from scf.portals.deal.page import deal_facts
from scf.portals.deal.words import Words
from scf.portals.parts import Fact

POLICIES: dict[str, Words] = {
    "PAY_ON_DRAWDOWN": _("放款时即付"),
    "PAY_ON_SHIPMENT": _("发货确认后付"),
    "PAY_ON_ACCEPTANCE": _("验收确认后付"),
}


def sign(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """The very terms whose hash goes on the chain, and the signature under them."""
    by, application = open_deal(request, deal_id)
    if request.method == "POST":
        services.sign_application(application.pk, by=by)
        messages.success(request, _("已签署，签名器处理中"))
        return redirect("deal", deal_id=deal_id)
    payment = payment_of(application.pk, by=by)
    side = side_of(application, by)
    signed = signed_sides(application)
    context = {
        "application": application,
        "parties": deal_facts(application, by),
        "clauses": _clauses(payment),
        "payment": payment,
        "terms": sorted(payment.terms.items()),
        "papers": application.papers if side in ("bank", "buyer") else {},
        "signed": [(_side(name), signed[name]) for name in ("buyer", "seller", "bank")],
        "is_buyer": side == "buyer",
        "awaits_lenders": bool(waiting := awaiting_lenders([application])),
        "is_open": application.status == "approved" and not signed[side] and not waiting,
    }
    return render(request, "deal/sign.html", context)


def _side(name: str) -> Words:
    return {"buyer": _("买方"), "seller": _("卖方"), "bank": _("银行")}[name]


def _clauses(payment: Payment) -> list[Fact]:
    """The terms that people ask about, in words; the raw values stand below them."""
    terms = payment.terms
    return [
        Fact(_("付款条件"), POLICIES.get(payment.release_policy, payment.release_policy)),
        Fact(_("最迟放款"), clock.shanghai_date(payment.fund_by).isoformat()),
        Fact(_("争议期"), _("%(days)s 天，其后 %(more)s 天内由银行裁定")
             % {"days": terms["dispute_days"], "more": terms["arbiter_days"]}),
        Fact(_("到期未用"), _("原路退回：贷款部分给银行，首付款部分给买方")),
        Fact(_("最迟清理"), _day_of(terms["long_stop"])),
    ]  # fmt: skip


def _day_of(seconds: int) -> str:
    return clock.shanghai_date(clock.from_timestamp(seconds)).isoformat()


@require_POST
def own_funds(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """The buyer's checker pays the buyer's part."""
    by, application = open_deal(request, deal_id, sides=("buyer",))
    services.pay_own_funds(application.pk, by=by)
    messages.success(request, _("首付款已提交，链上确认后到托管"))
    return redirect("deal", deal_id=deal_id)


@require_POST
def pledge(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """The buyer's checker pledges the deposit."""
    by, application = open_deal(request, deal_id, sides=("buyer",))
    services.pledge_deposit(application.pk, by=by)
    messages.success(request, _("保证金已提交，链上确认后质押生效"))
    return redirect("deal", deal_id=deal_id)


def pay_out(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """The nine checks with what each saw, and the pay-out."""
    by, application = open_deal(request, deal_id, sides=("bank",))
    if request.method == "POST":
        services.pay_out(application.pk, by=by)
        messages.success(request, _("放款已提交，链上确认后资金到托管"))
        return redirect("deal", deal_id=deal_id)
    payment_of(application.pk, by=by)  # nothing to pay out before the terms are fixed: 404
    checks = [
        {
            "words": CHECKS[code],
            "is_passed": passed,
            "is_asked": asks_for_proof(seen),
            "seen": seen_words(seen, application),
        }
        for code, (passed, seen) in look_at_pay_out(application, by=by).items()
    ]
    context = {
        "application": application,
        "checks": checks,
        "is_ready": all(check["is_passed"] or check["is_asked"] for check in checks),
        "actions": MACHINE.available(application, by=by),
        "looked_at": clock.now(),
    }
    return render(request, "deal/pay_out.html", context)


def cancel(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """The bank cancels before funding."""
    by, application = open_deal(request, deal_id, sides=("bank",))
    note = _("取消后订单行与额度释放，已到托管的首付款退回买方。不能撤销。")
    return _noted(
        request, application, by, services.cancel_application, _("取消放款"), note, "note"
    )


def withdraw(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """The buyer takes the application back."""
    by, application = open_deal(request, deal_id, sides=("buyer",))
    note = _("撤回后订单行与额度释放。不能撤销，可以重新申请。")
    return _noted(
        request, application, by, services.withdraw_application, _("撤回申请"), note, "note"
    )


def _noted(
    request: HttpRequest,
    application: Application,
    by: Actor,
    verb: Callable[..., object],
    title: Words,
    intro: Words,
    argument: str,
) -> HttpResponse:
    """A page that asks for words, and then does it."""
    form: forms.Form = NoteForm(request.POST or None, label=title)

    def act() -> object:
        return verb(application.pk, **{argument: form.cleaned_data["note"]}, by=by)

    if request.method == "POST" and form.is_valid() and tried(form, act):
        messages.success(request, _("已提交"))
        return redirect("deal", deal_id=application.deal_id)
    context = {
        "application": application,
        "form": form,
        "title": title,
        "intro": intro,
        "tone": "danger",
    }
    return render(request, "deal/form.html", context, status=400 if form.errors else 200)
