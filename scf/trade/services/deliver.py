"""The seller sends goods."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import Conflict, NotFound, RuleBroken
from scf.trade.access import lines_for, order_for, require_side
from scf.trade.inputs import ShipmentLineIn
from scf.trade.machine import LINE_MACHINE
from scf.trade.models import Delivery, DeliveryLine, Order, OrderLine
from scf.trade.papers import show_papers
from scf.trade.selectors import open_quantity
from scf.trade.values import within
from scf.workflow import clocks, facts

Quantities = dict[UUID, Decimal]


@transaction.atomic
def ship(
    order_id: UUID,
    *,
    number: str,
    lines: Sequence[ShipmentLineIn],
    by: Actor,
    carrier: str = "",
    vehicle: str = "",
    batch: str = "",
    seal: str = "",
    shipped_at: datetime | None = None,
    evidence_document_ids: Sequence[UUID] = (),
    tolerance_over_ppm: int = 0,
) -> Delivery:
    """Record a delivery of the seller: which lines, how much, by whom it is carried.

    No line may carry more than is still open of it, plus ``tolerance_over_ppm`` of the ordered
    quantity (K8). ``number`` is the delivery note's and makes it happen once. Raises NotFound,
    Forbidden(not_your_side), Conflict(duplicate_delivery, wrong_state), RuleBroken(over_delivery,
    shipment_invalid).
    """
    order = order_for(order_id, by=by)
    require_side(by, order.seller_id)
    quantities = _quantities(lines)
    rows = lines_for(list(quantities), by=by)
    if any(row.order_id != order.pk for row in rows):
        raise NotFound(_("没有这些订单行"))
    delivery = Delivery(
        order=order,
        number=number.strip(),
        carrier=carrier,
        vehicle=vehicle,
        batch=batch,
        seal=seal,
        shipped_at=shipped_at or clocks.business_now(),
        evidence_document_ids=list(evidence_document_ids),
    )
    _insert(delivery)
    show_papers(order, evidence_document_ids, by=by)
    for row in rows:
        _ship_line(delivery, row, quantities[row.pk], tolerance_over_ppm, by)
    _record(delivery, order, quantities, by)
    return delivery


def _quantities(lines: Sequence[ShipmentLineIn]) -> Quantities:
    quantities = {each.order_line_id: each.quantity for each in lines}
    if not quantities or len(quantities) != len(lines) or min(quantities.values()) <= 0:
        raise RuleBroken(_("发货单须有明细，每行一次，数量大于零"), code="shipment_invalid")
    return quantities


def _insert(delivery: Delivery) -> None:
    if not delivery.number:
        raise RuleBroken(_("发货单须有编号"), code="shipment_invalid")
    try:
        with transaction.atomic():
            delivery.save(force_insert=True)
    except IntegrityError as clash:
        if "delivery_number_in_order" not in str(clash):
            raise
        raise Conflict(
            _("发货单 %(number)s 已登记"), code="duplicate_delivery", number=delivery.number
        ) from clash


def _ship_line(
    delivery: Delivery, line: OrderLine, quantity: Decimal, tolerance_over_ppm: int, by: Actor
) -> None:
    most = open_quantity(line) + within(line.quantity, tolerance_ppm=tolerance_over_ppm)
    if quantity > most:
        raise RuleBroken(
            _("第 %(line)s 行最多还可发 %(most)s，不能发 %(asked)s"),
            code="over_delivery",
            line=line.line_number,
            most=f"{max(most, Decimal(0)).normalize():f}",
            asked=f"{quantity.normalize():f}",
        )
    LINE_MACHINE.fire(
        line, "shipped", by=by, delivery_id=delivery.pk, number=delivery.number, quantity=quantity
    )
    DeliveryLine.objects.create(delivery=delivery, order_line=line, shipped_quantity=quantity)
    line.shipped_quantity += quantity
    line.save(update_fields=["shipped_quantity"])


def _record(delivery: Delivery, order: Order, quantities: Quantities, by: Actor) -> None:
    facts.record(
        "delivery.shipped",
        delivery,
        by=by,
        order_id=order.pk,
        number=delivery.number,
        line_ids=sorted(quantities),
    )
