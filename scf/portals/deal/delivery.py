"""Shipping, accepting and confirming deliveries, and evidence by QR."""

from collections.abc import Sequence
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
from scf.documents.services import store_document
from scf.financing import services
from scf.financing.machine import S
from scf.financing.models import Application
from scf.financing.selectors import list_waiting_acceptances
from scf.financing.services.deliver import pays_on_acceptance
from scf.financing.services.evidence import find_link
from scf.parties.checks import require_step_up, stepped_up_recently
from scf.parties.permissions import Permission
from scf.portals.deal.access import open_deal, sees_prices
from scf.portals.deal.forms import (
    EvidenceForm,
    ReceiptForm,
    ShipmentForm,
    quantity,
    tried,
)
from scf.portals.parts import Empty
from scf.portals.templatetags.quantities import plain, unit
from scf.trade.inputs import ShipmentLineIn
from scf.trade.models import DeliveryLine, OrderLine
from scf.trade.selectors import (
    get_delivery_line,
    is_shippable,
    list_lines_of_deal,
    list_receipts,
    open_quantity,
)


def ship(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """The seller writes a delivery note: what is still open of each line is filled in."""
    by, application = open_deal(request, deal_id, sides=("seller",), needs=Permission.DELIVERY_SHIP)
    lines = [line for line in list_lines_of_deal(deal_id, by=by) if is_shippable(line)]
    form = _shipment_form(request, lines)
    shipped: list[DeliveryLine] = []

    def act() -> None:
        shipped.extend(_ship(application, lines, form.cleaned_data, by))

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return _links_page(request, application, shipped, by)
    context = {
        "application": application,
        "form": form,
        "title": _("登记发货"),
        "intro": _("填写本次发货的数量；不发的行留空。登记后生成给承运方或仓库的二维码。"),
        "tone": "primary",
        "empty": _nothing_to_ship(application, lines),
    }
    return render(request, "deal/form.html", context, status=400 if form.errors else 200)


def _nothing_to_ship(application: Application, lines: Sequence[OrderLine]) -> Empty | None:
    """Why there is nothing to write, said before somebody fills a form in for nothing."""
    if application.status != S.FUNDED:
        return Empty(_("还不能发货"), _("托管资金尚未到位，请等待放款后再发货或验收"))
    if not lines:
        return Empty(_("没有待发的货"), _("各行都已发完，等待买方验收。"))
    return None


def _ship(
    application: Application, lines: Sequence[OrderLine], given: dict[str, object], by: Actor
) -> list[DeliveryLine]:
    rows = [
        ShipmentLineIn(line.pk, given[f"line_{line.line_number}"])  # type: ignore[arg-type]
        for line in lines
        if given[f"line_{line.line_number}"]
    ]
    delivery = services.ship_delivery(
        application.pk,
        number=str(given["number"]),
        lines=rows,
        carrier=str(given["carrier"]),
        vehicle=str(given["vehicle"]),
        by=by,
    )
    return list(delivery.lines.select_related("order_line", "delivery"))


def _shipment_form(request: HttpRequest, lines: Sequence[OrderLine]) -> forms.Form:
    form = ShipmentForm(request.POST or None)
    for line in lines:
        field = quantity(_goods(line))
        field.initial = plain(open_quantity(line)).replace(",", "")
        form.fields[f"line_{line.line_number}"] = field
    return form


def _goods(line: OrderLine) -> str:
    named = {"goods": f"{line.line_number} · {line.name}", "unit": unit(line.unit)}
    return str(_("%(goods)s（%(unit)s）") % named)


@require_POST
def evidence_link(request: HttpRequest, deal_id: UUID, delivery_line_id: int) -> HttpResponse:
    """A new one-time link for one delivered line: the one before got lost."""
    by, application = open_deal(request, deal_id, sides=("seller",), needs=Permission.DELIVERY_SHIP)
    row = _row_of(application, delivery_line_id, by)
    return _links_page(request, application, [row], by)


def _links_page(
    request: HttpRequest, application: Application, rows: Sequence[DeliveryLine], by: Actor
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
    return render(request, "deal/links.html", {"application": application, "links": links})


def accept(request: HttpRequest, deal_id: UUID, delivery_line_id: int) -> HttpResponse:
    """The buyer says what arrived of one delivered line; works on a phone in three taps."""
    by, application = open_deal(
        request, deal_id, sides=("buyer",), needs=Permission.DELIVERY_ACCEPT
    )
    row = _row_of(application, delivery_line_id, by)
    if pays_on_acceptance(application) and not stepped_up_recently(by):
        # Asked before the form: a photo does not outlive the way to the proof and back.
        if request.method == "GET":
            require_step_up(by)
        if request.FILES:
            messages.warning(request, _("身份验证已过期：请先验证，再重新选择照片"))
            return redirect(request.path)
    shipped = plain(row.shipped_quantity).replace(",", "")
    form = ReceiptForm(request.POST or None, request.FILES or None, initial={"accepted": shipped})

    def act() -> None:
        _accept(application, row, form.cleaned_data, by)

    if request.method == "POST" and form.is_valid() and tried(form, act):
        messages.success(request, _("已验收"))
        return redirect("deal", deal_id=deal_id)
    context = {
        "application": application,
        "form": form,
        "row": row,
        "shows_prices": sees_prices(by),
    }
    return render(request, "deal/accept.html", context, status=400 if form.errors else 200)


def _row_of(application: Application, delivery_line_id: int, by: Actor) -> DeliveryLine:
    """A delivered line of this very deal. Raises NotFound for one of another deal."""
    row = get_delivery_line(delivery_line_id, by=by)
    if row.order_line.locked_by != application.pk:
        raise NotFound(_("没有这张发货单"))
    return row


def _accept(
    application: Application, row: DeliveryLine, given: dict[str, object], by: Actor
) -> None:
    slip = given["slip"]
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
    names = ("accepted", "short", "damaged", "rejected")
    services.accept_delivery(
        application.pk,
        row.pk,
        reason=str(given["reason"]),
        evidence_document_ids=documents,
        by=by,
        **{name: given[name] or Decimal(0) for name in names},  # type: ignore[arg-type]
    )


def confirm(request: HttpRequest, deal_id: UUID, acceptance_id: int) -> HttpResponse:
    """The bank sees the evidence of an acceptance and gives the second signature."""
    by, application = open_deal(
        request, deal_id, sides=("bank",), needs=Permission.DELIVERY_CONFIRM
    )
    waiting = list_waiting_acceptances(by=by, application_id=application.pk)
    acceptance = next((each for each in waiting if each.pk == acceptance_id), None)
    if acceptance is None:
        raise NotFound(_("没有这笔待确认的验收"))
    if request.method == "POST":
        services.confirm_acceptance(application.pk, acceptance_id, by=by)
        messages.success(request, _("已确认，释放付款中"))
        return redirect("deal", deal_id=deal_id)
    receipts = list_receipts(by=by, line_id=acceptance.order_line_id).filter(
        delivery_line=acceptance.delivery_line
    )
    links = acceptance.delivery_line.evidence_links.exclude(used_at=None)
    context = {
        "application": application,
        "acceptance": acceptance,
        "links": list(links),
        "receipts": list(receipts),
    }
    return render(request, "deal/confirm.html", context)


@require_POST
def sign_acceptance(request: HttpRequest, deal_id: UUID, acceptance_id: int) -> HttpResponse:
    """The first side signs what a machine recorded, or once more what did not succeed."""
    by, application = open_deal(request, deal_id, sides=("buyer", "seller"), needs="")
    services.sign_acceptance(application.pk, acceptance_id, by=by)
    messages.success(request, _("已签署，链上确认后付款"))
    return redirect("deal", deal_id=deal_id)


def evidence(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the QR code: no account, a code, once."""
    link = find_link(token)
    form = EvidenceForm(request.POST or None)

    def act() -> None:
        services.confirm_evidence(token, **form.cleaned_data)

    if request.method == "POST" and form.is_valid() and tried(form, act):
        link.refresh_from_db()
        return render(request, "deal/evidence_done.html", {"link": link})
    context = {"link": link, "form": form}
    return render(request, "deal/evidence.html", context, status=400 if form.errors else 200)
