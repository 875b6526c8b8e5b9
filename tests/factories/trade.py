"""Orders in named states, each reached by the real services. The lines are those of golden deal
1.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from scf.core.ids import new_id
from scf.trade.inputs import OrderIn, OrderLineIn, ShipmentLineIn
from scf.trade.models import DeliveryLine, Order, OrderLine
from scf.trade.services import confirm_order, create_order, record_receipt, reserve_lines, ship
from scf.workflow.deals import open_deal
from tests.factories.parties import party, somebody

GOLDEN_LINES = (
    OrderLineIn("PP 拉丝 T30S", "TNE", Decimal("50.000"), Decimal("7604.13"), 130_000, "PP-T30S"),
    OrderLineIn("LLDPE 膜料 7042", "TNE", Decimal("50.000"), Decimal("8299.87"), 130_000, "L-7042"),
    OrderLineIn("PVC SG-5", "TNE", Decimal("40.000"), Decimal("5120.00"), 130_000, "PVC-SG5"),
)


def order_given(**changes: object) -> OrderIn:
    """The order of golden deal 1 as its buyer would type it."""
    given = OrderIn(
        number="PO-2026-0305",
        buyer_id=party("jinhe").pk,
        seller_id=party("hengyan").pk,
        ordered_on=date(2026, 3, 5),
        lines=GOLDEN_LINES,
    )
    return replace(given, **changes)


def draft_order(**changes: object) -> Order:
    """Written down by the buyer's maker; the seller has not confirmed."""
    return create_order(order_given(**changes), by=somebody("ma"))


def confirmed_order(**changes: object) -> Order:
    """Confirmed by the seller's sales."""
    return confirm_order(draft_order(**changes).pk, by=somebody("wei"))


def lines_of(order: Order) -> list[OrderLine]:
    """The order's lines as they stand now."""
    return list(OrderLine.objects.filter(order=order).order_by("line_number"))


def line_ids_of(order: Order) -> list[UUID]:
    """The ids of its lines, in their order."""
    return [line.pk for line in lines_of(order)]


def reserved_order(**changes: object) -> tuple[Order, UUID, UUID]:
    """All lines locked for one application; returns the order, the application's id and the
    deal's.
    """
    order = confirmed_order(**changes)
    application_id, deal_id = new_id(), open_deal()
    reserve_lines(
        line_ids_of(order), application_id=application_id, deal_id=deal_id, by=somebody("ma")
    )
    return order, application_id, deal_id


def shipped_line(
    line: OrderLine, quantity: Decimal | str, *, number: str = "FH-1", **given: object
) -> DeliveryLine:
    """So much of the line on its way in a delivery of its own."""
    shipment = ShipmentLineIn(line.pk, Decimal(quantity))
    delivery = ship(line.order_id, number=number, lines=[shipment], by=somebody("ku"), **given)
    return delivery.lines.get()


def accepted_line(
    line: OrderLine, accepted: Decimal | str, *, number: str = "FH-1", **found: object
) -> OrderLine:
    """Everything open of the line shipped and so much of it accepted; the rest is short by
    default.
    """
    quantity = line.quantity - line.accepted_quantity
    taken = Decimal(accepted)
    rest = quantity - taken
    delivery_line = shipped_line(line, quantity, number=number)
    details = found or {"short": rest}
    record_receipt(delivery_line.pk, accepted=taken, by=somebody("ma"), **details)
    line.refresh_from_db()
    return line
