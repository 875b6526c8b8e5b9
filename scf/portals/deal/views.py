"""The deal's own page and the bank's decisions on it: review, approve, return, reject."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from scf.core.actor import Actor
from scf.core.money import format_yuan
from scf.financing import services
from scf.financing.access import content_hash
from scf.financing.checks import WORDS as CHECKS
from scf.financing.machine import MACHINE
from scf.financing.models import Application
from scf.financing.selectors import list_checks, list_opinions
from scf.portals.applications.rates import percent_text
from scf.portals.deal.access import READERS, open_deal, side_of
from scf.portals.deal.actions import buttons_for
from scf.portals.deal.checklist import seen_words
from scf.portals.deal.claims import claim_button
from scf.portals.deal.forms import (
    ApprovalForm,
    NotLendForm,
    OpinionForm,
    ReasonForm,
    SendBackForm,
)
from scf.portals.deal.lending import lending_of
from scf.portals.deal.page import (
    deal_facts,
    deal_page,
    escrow_of,
    loan_part,
    turn_part,
)
from scf.portals.deal.versions import since_return
from scf.portals.events.address import stream_address
from scf.portals.fees import fee_rows


@require_GET
def deal(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """The deal as one of its parties sees it; ``?part=live`` gives only what changes."""
    by, application = open_deal(request, deal_id, sides=READERS, needs="")
    payment = escrow_of(application, by)
    buttons = [
        *claim_button(application, payment, by),
        *buttons_for(application, payment, loan_part(application, by), by=by),
    ]
    context = {
        "page": deal_page(application, by=by),
        "buttons": buttons,
        "stream": stream_address(request, deal_id),
    }
    template = "deal/live.html" if request.GET.get("part") == "live" else "deal/deal.html"
    return render(request, template, context)


@require_GET
def review(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """The review screen: figures beside papers, checks, opinions, and the decision."""
    by, application = open_deal(request, deal_id, sides=("bank", "partner"))
    return review_page(request, application, by)


def review_page(
    request: HttpRequest, application: Application, by: Actor, **forms: object
) -> HttpResponse:
    """The review screen for the lender of record, or for a bank that lends beside."""
    is_lender = side_of(application, by) == "bank"
    seen = content_hash(application)
    quote = application.quote
    checks = list_checks(application.pk, stage="submit", by=by)
    context = {
        "page": deal_page(application, by=by),
        "application": application,
        "facts": deal_facts(application, by),
        "since": since_return(application) if is_lender else None,
        "quote": quote,
        "fees": fee_rows(quote),
        "rate": percent_text(quote["annual_rate_simple"]),
        "reference": _reference(application),
        "papers": application.papers,
        "checks": [
            {
                "words": CHECKS[check.code],
                "check": check,
                # What it saw of limits is the lender of record's own.
                "seen": seen_words(check.seen, application) if is_lender else [],
            }
            for check in checks
        ],
        "failed": [CHECKS[check.code] for check in checks if not check.is_passed],
        "opinions": list_opinions(application.pk, by=by),
        "actions": MACHINE.available(application, by=by) if is_lender else [],
        "lending": lending_of(application, by=by),
        "lend_form": ApprovalForm(initial={"seen": seen}, prefix="lend"),
        "not_lend_form": NotLendForm(prefix="not_lend"),
        "opinion_form": OpinionForm(initial={"seen": seen, "opinion": _drafted(application)}),
        "approval_form": ApprovalForm(initial={"seen": seen}),
        "send_back_form": SendBackForm(prefix="back"),
        "reason_form": ReasonForm(prefix="refusal"),
        "turn": turn_part(application, by),
        **forms,
    }
    return render(request, "deal/review.html", context, status=400 if forms else 200)


def _reference(application: Application) -> str:
    rate = application.quote.get("reference", {}).get("annual_rate_simple")
    return percent_text(rate) if rate else ""


def _drafted(application: Application) -> str:
    """A draft of the opinion with the figures filled in, for the reviewer to edit."""
    return str(
        _(
            "经核实订单 %(order)s，金额 %(total)s 元，自有资金 %(own)s 元，"
            "拟贷款 %(loan)s 元，期限至 %(until)s。"
        )
        % {
            "order": application.order.number,
            "total": format_yuan(application.total_minor),
            "own": format_yuan(application.own_funds_minor),
            "loan": format_yuan(application.loan_minor),
            "until": application.matures_on,
        }
    )


@require_POST
def recommend(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """The reviewer recommends."""
    by, application = open_deal(request, deal_id, sides=("bank",))
    form = OpinionForm(request.POST)
    if not form.is_valid():
        return review_page(request, application, by, opinion_form=form)
    services.recommend_application(application.pk, by=by, **form.cleaned_data)
    messages.success(request, _("已提交审批"))
    return redirect("deal", deal_id=deal_id)


@require_POST
def approve(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """The approver says yes to what was shown."""
    by, application = open_deal(request, deal_id, sides=("bank",))
    form = ApprovalForm(request.POST)
    if not form.is_valid():
        return review_page(request, application, by, approval_form=form)
    services.approve_application(application.pk, by=by, **form.cleaned_data)
    joint = _("已审批，等待联合出资行各自审批") if application.partner_ids else ""
    messages.success(request, joint or _("已审批，等待三方签署"))
    return redirect("deal", deal_id=deal_id)


@require_POST
def refuse(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """Return to the buyer, or reject, with reason codes; the button pressed says which."""
    by, application = open_deal(request, deal_id, sides=("bank",))
    form = ReasonForm(request.POST, prefix="refusal")
    if not form.is_valid():
        return review_page(request, application, by, reason_form=form)
    verb = services.reject_application if "reject" in request.POST else services.return_application
    verb(application.pk, by=by, **form.cleaned_data)
    messages.success(request, _("已通知买方"))
    return redirect("deal", deal_id=deal_id)


@require_POST
def send_back(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """The approver gives it back to the reviewer, with a reason."""
    by, application = open_deal(request, deal_id, sides=("bank",))
    form = SendBackForm(request.POST, prefix="back")
    if not form.is_valid():
        return review_page(request, application, by, send_back_form=form)
    services.send_back(application.pk, note=form.cleaned_data["note"], by=by)
    messages.success(request, _("已退回审查人"))
    return redirect("deal", deal_id=deal_id)
