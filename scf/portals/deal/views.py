"""The deal's own page and the bank's decisions on it: review, approve, return, reject, pay out."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from scf.core.actor import Actor
from scf.financing import services
from scf.financing.access import content_hash
from scf.financing.checks import WORDS as CHECKS
from scf.financing.checks import look_at_pay_out
from scf.financing.machine import MACHINE
from scf.financing.models import Application
from scf.financing.selectors import get_deal, list_checks, list_opinions, signed_sides
from scf.payments.selectors import payment_of
from scf.portals.deal.actions import buttons_for
from scf.portals.deal.forms import ApprovalForm, NoteForm, OpinionForm, ReasonForm
from scf.portals.deal.page import deal_page, escrow_of, loan_part, turn_part
from scf.portals.session import actor_of


@require_GET
def deal(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """The deal as one of its parties sees it; ``?part=live`` gives only what changes."""
    by = actor_of(request)
    application = get_deal(deal_id, by=by)
    context = {
        "page": deal_page(application, by=by),
        "buttons": buttons_for(
            application, escrow_of(application, by), loan_part(application, by), by=by
        ),
    }
    template = "deal/live.html" if request.GET.get("part") == "live" else "deal/deal.html"
    return render(request, template, context)


@require_GET
def review(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """The review screen: figures beside papers, checks, opinions, and the decision."""
    by = actor_of(request)
    application = get_deal(deal_id, by=by)
    return _review_page(request, application, by)


def _review_page(
    request: HttpRequest, application: Application, by: Actor, **forms: object
) -> HttpResponse:
    seen = content_hash(application)
    steps = MACHINE.available(application, by=by)
    context = {
        "page": deal_page(application, by=by),
        "application": application,
        "quote": application.quote,
        "papers": application.papers,
        "checks": [
            (CHECKS[check.code], check)
            for check in list_checks(application.pk, stage="submit", by=by)
        ],
        "opinions": list_opinions(application.pk, by=by),
        "actions": steps,
        "opinion_form": OpinionForm(initial={"seen": seen, "opinion": _drafted(application)}),
        "approval_form": ApprovalForm(initial={"seen": seen}),
        "reason_form": ReasonForm(),
        "turn": turn_part(application, by),
        **forms,
    }
    status = 400 if forms else 200
    return render(request, "deal/review.html", context, status=status)


def _drafted(application: Application) -> str:
    """A draft of the opinion with the figures filled in, for the reviewer to edit."""
    return str(
        _(
            "经核实订单 %(order)s，金额 %(total)s 元，自有资金 %(own)s 元，"
            "拟贷款 %(loan)s 元，期限至 %(until)s。"
        )
        % {
            "order": application.order.number,
            "total": f"{application.total_minor / 100:,.2f}",
            "own": f"{application.own_funds_minor / 100:,.2f}",
            "loan": f"{application.loan_minor / 100:,.2f}",
            "until": application.matures_on,
        }
    )


@require_POST
def recommend(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """The reviewer recommends."""
    by = actor_of(request)
    application = get_deal(deal_id, by=by)
    form = OpinionForm(request.POST)
    if not form.is_valid():
        return _review_page(request, application, by, opinion_form=form)
    services.recommend_application(application.pk, by=by, **form.cleaned_data)
    messages.success(request, _("已提交审批"))
    return redirect("deal", deal_id=deal_id)


@require_POST
def approve(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """The approver says yes to what was shown."""
    by = actor_of(request)
    application = get_deal(deal_id, by=by)
    form = ApprovalForm(request.POST)
    if not form.is_valid():
        return _review_page(request, application, by, approval_form=form)
    services.approve_application(application.pk, by=by, **form.cleaned_data)
    messages.success(request, _("已审批，等待三方签署"))
    return redirect("deal", deal_id=deal_id)


@require_POST
def refuse(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """Return to the buyer, or reject, with reason codes; the button pressed says which."""
    by = actor_of(request)
    application = get_deal(deal_id, by=by)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _review_page(request, application, by, reason_form=form)
    verb = services.reject_application if "reject" in request.POST else services.return_application
    verb(application.pk, by=by, **form.cleaned_data)
    messages.success(request, _("已通知买方"))
    return redirect("deal", deal_id=deal_id)


@require_POST
def send_back(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """The approver gives it back to the reviewer."""
    by = actor_of(request)
    application = get_deal(deal_id, by=by)
    services.send_back(application.pk, note=request.POST.get("note", "")[:500], by=by)
    return redirect("deal", deal_id=deal_id)


def sign(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """The very terms whose hash goes on the chain, and the signature under them."""
    by = actor_of(request)
    application = get_deal(deal_id, by=by)
    if request.method == "POST":
        services.sign_application(application.pk, by=by)
        messages.success(request, _("已签署，签名器处理中"))
        return redirect("deal", deal_id=deal_id)
    payment = payment_of(application.pk, by=by)
    context = {
        "page": deal_page(application, by=by),
        "application": application,
        "payment": payment,
        "terms": sorted(payment.terms.items()),
        "papers": application.papers,
        "signed": signed_sides(application),
    }
    return render(request, "deal/sign.html", context)


@require_POST
def own_funds(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """The buyer's checker pays the buyer's part."""
    by = actor_of(request)
    services.pay_own_funds(get_deal(deal_id, by=by).pk, by=by)
    messages.success(request, _("首付款已提交，链上确认后到托管"))
    return redirect("deal", deal_id=deal_id)


def pay_out(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """The nine checks with what each saw, and the pay-out."""
    by = actor_of(request)
    application = get_deal(deal_id, by=by)
    if request.method == "POST":
        services.pay_out(application.pk, by=by)
        messages.success(request, _("放款已提交，链上确认后资金到托管"))
        return redirect("deal", deal_id=deal_id)
    context = {
        "page": deal_page(application, by=by),
        "application": application,
        "checks": [
            {"words": CHECKS[code], "is_passed": passed, "seen": seen}
            for code, (passed, seen) in look_at_pay_out(application, by=by).items()
        ],
        "actions": MACHINE.available(application, by=by),
    }
    return render(request, "deal/pay_out.html", context)


def cancel(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """The bank cancels before funding."""
    return _end(request, deal_id, services.cancel_application, str(_("取消放款")))


def withdraw(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """The buyer takes the application back."""
    return _end(request, deal_id, services.withdraw_application, str(_("撤回申请")))


def _end(
    request: HttpRequest, deal_id: UUID, verb: Callable[..., object], title: str
) -> HttpResponse:
    by = actor_of(request)
    application = get_deal(deal_id, by=by)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        verb(application.pk, note=form.cleaned_data["note"], by=by)
        return redirect("deal", deal_id=deal_id)
    context = {"page": deal_page(application, by=by), "form": form, "title": title}
    return render(request, "deal/note.html", context, status=400 if form.errors else 200)


def resubmit(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """The buyer puts right what the bank returned."""
    by = actor_of(request)
    application = get_deal(deal_id, by=by)
    form = NoteForm(request.POST or None, initial={"note": application.purpose})
    form.fields["note"].label = str(_("用途与补充说明"))
    if request.method == "POST" and form.is_valid():
        services.resubmit_application(application.pk, purpose=form.cleaned_data["note"], by=by)
        return redirect("deal", deal_id=deal_id)
    context = {
        "page": deal_page(application, by=by),
        "form": form,
        "title": str(_("补正后重新提交")),
    }
    return render(request, "deal/note.html", context, status=400 if form.errors else 200)
