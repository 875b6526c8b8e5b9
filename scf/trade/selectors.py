"""Questions about orders, deliveries, invoices and imports; always within what the asker may
see.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import NotFound
from scf.trade.machine import (
    MAY_BRING,
    SHIPPABLE,
    ImportStatus,
    LineStatus,
    OrderStatus,
)
from scf.trade.models import (
    Delivery,
    DeliveryLine,
    ImportJob,
    Invoice,
    Order,
    OrderLine,
    PaperKind,
    ReceiptLine,
)

NOTHING = Decimal(0)


def get_order(order_id: UUID, *, by: Actor) -> Order:
    """One order with its parties. Raises NotFound."""
    rows = Order.objects.visible_to(by).select_related("buyer", "seller")
    return _one(rows.filter(pk=order_id))  # type: ignore[no-any-return]


def list_orders(
    *,
    by: Actor,
    status: str = "",
    search: str = "",
    party_id: UUID | None = None,
    least_minor: int | None = None,
    most_minor: int | None = None,
) -> Any:
    """Orders, newest first: by status, number or company, counterparty, and amount in fen."""
    found = Order.objects.visible_to(by).select_related("buyer", "seller")
    if status:
        found = found.filter(status=status)
    if party_id:
        found = found.filter(Q(buyer_id=party_id) | Q(seller_id=party_id))
    if least_minor is not None:
        found = found.filter(total_minor__gte=least_minor)
    if most_minor is not None:
        found = found.filter(total_minor__lte=most_minor)
    return found.filter(_matches(search)) if search.strip() else found


def _matches(search: str) -> Q:
    word = search.strip()
    return (
        Q(number__icontains=word)
        | Q(buyer__name__icontains=word)
        | Q(seller__name__icontains=word)
        | Q(buyer__name_pinyin__icontains=word.lower())
        | Q(seller__name_pinyin__icontains=word.lower())
    )


def get_lines(line_ids: Sequence[UUID], *, by: Actor) -> list[OrderLine]:
    """These lines with their orders, by order and line number. Raises NotFound if one is
    missing.
    """
    rows = OrderLine.objects.visible_to(by).filter(pk__in=line_ids).select_related("order")
    found = list(rows)
    if len(found) != len(set(line_ids)):
        raise NotFound(_("没有这些订单行"))
    return found


def list_lines(order_id: UUID, *, by: Actor) -> Any:
    """The lines of an order, in their order; empty for who may not see it."""
    return OrderLine.objects.visible_to(by).filter(order_id=order_id).select_related("order")


def list_lines_of_deal(deal_id: UUID, *, by: Actor) -> Any:
    """The lines a deal finances, by order and line number."""
    return OrderLine.objects.visible_to(by).filter(deal_id=deal_id).select_related("order")


def list_financeable_lines(*, by: Actor, order_id: UUID | None = None) -> Any:
    """Confirmed lines in CNY that no application holds, of one order or of all."""
    found = OrderLine.objects.visible_to(by).select_related("order")
    if order_id:
        found = found.filter(order_id=order_id)
    return found.filter(
        status=LineStatus.CONFIRMED,
        locked_by__isnull=True,
        amount_minor__gt=0,
        order__currency="CNY",
        order__status=OrderStatus.CONFIRMED,
    )


def open_quantity(line: OrderLine) -> Decimal:
    """What may still be shipped of a line: ordered, minus accepted, minus what is on its way.

    Short, damaged and rejected goods may be replaced, so they count as open again.
    """
    on_its_way = DeliveryLine.objects.filter(order_line=line, receipt_line__isnull=True)
    travelling: Decimal = on_its_way.aggregate(all=Sum("shipped_quantity"))["all"] or NOTHING
    left: Decimal = line.quantity - line.accepted_quantity - travelling
    return left


def is_shippable(line: OrderLine) -> bool:
    """True while something of it may be shipped: a line short by its tolerance is closed."""
    return line.status in SHIPPABLE and open_quantity(line) > 0


def get_delivery(delivery_id: UUID, *, by: Actor) -> Delivery:
    """One delivery with its order. Raises NotFound."""
    rows = Delivery.objects.visible_to(by).select_related("order__buyer", "order__seller")
    return _one(rows.filter(pk=delivery_id))  # type: ignore[no-any-return]


def list_deliveries(*, by: Actor, order_id: UUID | None = None) -> Any:
    """Deliveries with their lines and receipts, newest first."""
    found = Delivery.objects.visible_to(by).select_related("order")
    if order_id:
        found = found.filter(order_id=order_id)
    return found.prefetch_related("lines__order_line", "lines__receipt_line")


def get_delivery_line(delivery_line_id: int, *, by: Actor) -> DeliveryLine:
    """One delivery line with its order line and order. Raises NotFound."""
    rows = DeliveryLine.objects.visible_to(by).select_related("delivery", "order_line__order")
    return _one(rows.filter(pk=delivery_line_id))  # type: ignore[no-any-return]


def list_awaiting_receipt(*, by: Actor, deal_id: UUID | None = None) -> Any:
    """Delivery lines nobody has said anything about yet, oldest first."""
    found = DeliveryLine.objects.visible_to(by).filter(receipt_line__isnull=True)
    if deal_id:
        found = found.filter(order_line__deal_id=deal_id)
    return found.select_related("delivery", "order_line__order")


def list_receipts(*, by: Actor, order_id: UUID | None = None, line_id: UUID | None = None) -> Any:
    """Receipt lines, oldest first; ``value_minor`` is what to invoice for each (fen, tax
    included).
    """
    found = ReceiptLine.objects.visible_to(by).select_related("delivery_line__order_line")
    if order_id:
        found = found.filter(receipt__delivery__order_id=order_id)
    if line_id:
        found = found.filter(delivery_line__order_line_id=line_id)
    return found


def get_invoice(invoice_id: UUID, *, by: Actor) -> Invoice:
    """One invoice. Raises NotFound."""
    return _one(Invoice.objects.visible_to(by).filter(pk=invoice_id))  # type: ignore[no-any-return]


def list_invoices(*, by: Actor, order_id: UUID | None = None) -> Any:
    """Invoices with their lines, newest first."""
    found = Invoice.objects.visible_to(by).select_related("order").prefetch_related("lines")
    return found.filter(order_id=order_id) if order_id else found


def get_import(job_id: UUID, *, by: Actor) -> ImportJob:
    """One import of the actor's organization. Raises NotFound."""
    return _one(ImportJob.objects.visible_to(by).filter(pk=job_id))  # type: ignore[no-any-return]


def get_paper(job_id: UUID, *, by: Actor) -> ImportJob:
    """One paper of the actor's organization, with the order it is about. Raises NotFound, also for
    an import of orders.
    """
    rows = ImportJob.objects.visible_to(by).exclude(kind=PaperKind.ORDER)
    return _one(rows.select_related("about").filter(pk=job_id))  # type: ignore[no-any-return]


def list_imports(*, by: Actor) -> Any:
    """The imports of the actor's organization, newest first."""
    return ImportJob.objects.visible_to(by).prefetch_related("orders")


def list_open_imports(*, by: Actor) -> Any:
    """Imports that wait for the actor: not yet confirmed or given up, of kinds they may bring."""
    mine = [kind for kind, permission in MAY_BRING.items() if by.can(permission)]
    return list_imports(by=by).filter(
        kind__in=mine, status__in=(ImportStatus.UPLOADED, ImportStatus.CHECKED)
    )


def _one(rows: Any) -> Any:
    found = rows.first()
    if found is None:
        raise NotFound(_("没有这条记录，或您无权查看"))
    return found
