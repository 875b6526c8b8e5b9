"""Shipping, accepting and confirming deliveries, evidence by QR, disputes, returns and
repayment.
"""

from decimal import Decimal
from uuid import UUID

import segno
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from scf.core.actor import Actor
from scf.core.errors import NotFound
from scf.core.ids import new_id
from scf.documents.services import store_document
from scf.financing import services
from scf.financing.models import Application
from scf.financing.selectors import get_deal, list_waiting_acceptances
from scf.financing.services.evidence import find_link
from scf.loans import selectors as loans
from scf.loans.services import repay_loan
from scf.portals.deal.forms import (
    DecisionForm,
    DisputeForm,
    EvidenceForm,
    ReceiptForm,
    RepaymentForm,
    ShipmentForm,
    quantity,
)
from scf.portals.deal.page import deal_page
from scf.portals.session import actor_of
from scf.trade.inputs import ShipmentLineIn
from scf.trade.models import DeliveryLine, OrderLine
from scf.trade.selectors import (
    get_delivery_line,
    list_lines_of_deal,
    list_receipts,
    open_quantity,
)
from scf.workflow import clocks


def ship(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """The seller writes a delivery note: what is still open of each line is filled in."""
    by = actor_of(request)
    application = get_deal(deal_id, by=by)
    lines = [line for line in list_lines_of_deal(deal_id, by=by) if open_quantity(line) > 0]
    form = _shipment_form(request, lines)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        rows = [
            ShipmentLineIn(line.pk, given[f"line_{line.line_number}"])
            for line in lines
            if given[f"line_{line.line_number}"]
        ]
        head = {name: given[name] for name in ("number", "carrier", "vehicle")}
        delivery = services.ship_delivery(application.pk, lines=rows, by=by, **head)
        return _links_page(request, application, list(delivery.lines.all()), by)
    context = {"page": deal_page(application, by=by), "form": form, "title": _("登记发货")}
    return render(request, "deal/form.html", context, status=400 if form.errors else 200)


def _shipment_form(request: HttpRequest, lines: list[OrderLine]) -> forms.Form:
    form = ShipmentForm(request.POST or None)
    for line in lines:
        label = f"{line.line_number} · {line.name}（{line.unit}）"
        field = quantity(label)
        field.initial = open_quantity(line).normalize()
        form.fields[f"line_{line.line_number}"] = field
    return form


def _links_page(
    request: HttpRequest, application: Application, rows: list[DeliveryLine], by: Actor
) -> HttpResponse:
    """The one-time links of a delivery, shown this once: a QR for the driver and the code
    beside it.
    """
    links = []
    for row in rows:
        issued = services.make_evidence_link(application.pk, row.pk, by=by)
        url = request.build_absolute_uri(f"/evidence/{issued.token}")
        picture = segno.make(url, error="m").svg_data_uri(scale=4)
        links.append({"row": row, "url": url, "code": issued.code, "picture": picture})
    context = {"page": deal_page(application, by=by), "links": links}
    return render(request, "deal/links.html", context)


def accept(request: HttpRequest, deal_id: UUID, delivery_line_id: int) -> HttpResponse:
    """The buyer says what arrived of one delivered line; works on a phone in three taps."""
    by = actor_of(request)
    application = get_deal(deal_id, by=by)
    row = get_delivery_line(delivery_line_id, by=by)
    form = ReceiptForm(
        request.POST or None,
        request.FILES or None,
        initial={"accepted": row.shipped_quantity.normalize()},
    )
    if request.method == "POST" and form.is_valid():
        _accept(application, row, form.cleaned_data, by)
        messages.success(request, _("已验收"))
        return redirect("deal", deal_id=deal_id)
    context = {
        "page": deal_page(application, by=by),
        "form": form,
        "row": row,
        "shows_prices": by.can("order:view"),
    }
    return render(request, "deal/accept.html", context, status=400 if form.errors else 200)


def _accept(
    application: Application, row: DeliveryLine, given: dict[str, object], by: Actor
) -> None:
    slip = given.pop("slip")
    reason = str(given.pop("reason"))
    documents = []
    if slip:
        stored = store_document(
            slip.read(),  # type: ignore[attr-defined]
            name=slip.name,  # type: ignore[attr-defined]
            audience=list(application.parties().values()),
            deal_id=application.deal_id,
            by=by,
        )
        documents = [stored.pk]
    quantities = {name: value or Decimal(0) for name, value in given.items()}
    services.accept_delivery(
        application.pk,
        row.pk,
        reason=reason,
        evidence_document_ids=documents,
        by=by,
        **quantities,  # type: ignore[arg-type]
    )


def confirm(request: HttpRequest, deal_id: UUID, acceptance_id: int) -> HttpResponse:
    """The bank sees the evidence of an acceptance and gives the second signature."""
    by = actor_of(request)
    application = get_deal(deal_id, by=by)
    if request.method == "POST":
        services.confirm_acceptance(application.pk, acceptance_id, by=by)
        messages.success(request, _("已确认，释放付款中"))
        return redirect("deal", deal_id=deal_id)
    waiting = list_waiting_acceptances(by=by, application_id=application.pk)
    acceptance = next((each for each in waiting if each.pk == acceptance_id), None)
    if acceptance is None:
        raise NotFound(_("没有这笔待确认的验收"))
    receipts = list_receipts(by=by, line_id=acceptance.order_line_id).filter(
        delivery_line=acceptance.delivery_line
    )
    links = acceptance.delivery_line.evidence_links.exclude(used_at=None)
    context = {
        "page": deal_page(application, by=by),
        "acceptance": acceptance,
        "links": list(links),
        "receipts": receipts,
    }
    return render(request, "deal/confirm.html", context)


def evidence(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the QR code: no account, a code, once."""
    link = find_link(token)
    form = EvidenceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.confirm_evidence(token, **form.cleaned_data)
        return render(request, "deal/evidence_done.html", {"link": link})
    context = {"link": link, "form": form}
    return render(request, "deal/evidence.html", context, status=400 if form.errors else 200)


def dispute(request: HttpRequest, deal_id: UUID, line_id: UUID) -> HttpResponse:
    """Buyer or seller freezes one line."""
    by = actor_of(request)
    application = get_deal(deal_id, by=by)
    form = DisputeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.open_dispute(application.pk, line_id, by=by, **form.cleaned_data)
        return redirect("deal", deal_id=deal_id)
    context = {"page": deal_page(application, by=by), "form": form, "title": _("提出争议")}
    return render(request, "deal/form.html", context, status=400 if form.errors else 200)


def decide(request: HttpRequest, deal_id: UUID, line_id: UUID) -> HttpResponse:
    """The bank as arbiter decides a dispute."""
    by = actor_of(request)
    application = get_deal(deal_id, by=by)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        services.decide_dispute(
            application.pk,
            line_id,
            payee_gets_minor=given["payee_gets"],
            decision=given["decision"],
            by=by,
        )
        return redirect("deal", deal_id=deal_id)
    context = {"page": deal_page(application, by=by), "form": form, "title": _("裁定争议")}
    return render(request, "deal/form.html", context, status=400 if form.errors else 200)


@require_POST
def agree_return(request: HttpRequest, deal_id: UUID, line_id: UUID) -> HttpResponse:
    """Buyer or seller agrees that a finished line's rest goes back."""
    by = actor_of(request)
    services.agree_return(get_deal(deal_id, by=by).pk, line_id, by=by)
    messages.success(request, _("已同意退回；另一方同意后自动退回"))
    return redirect("deal", deal_id=deal_id)


def repay(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """The buyer pays from its general wallet; what settles the loan today is filled in."""
    by = actor_of(request)
    application = get_deal(deal_id, by=by)
    loan = loans.loan_of(application.pk, by=by)
    today = loans.quote_settlement(loan, on=clocks.business_date())
    form = RepaymentForm(
        request.POST or None,
        initial={"key": new_id().hex, "amount": f"{today.total_minor / 100:.2f}"},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        repay_loan(loan.pk, amount_minor=given["amount"], key=given["key"], by=by)
        messages.success(request, _("还款已提交，链上确认后入账"))
        return redirect("deal", deal_id=deal_id)
    context = {
        "page": deal_page(application, by=by),
        "form": form,
        "quote": today,
        "view": loans.view_loan(loan),
    }
    return render(request, "deal/repay.html", context, status=400 if form.errors else 200)
