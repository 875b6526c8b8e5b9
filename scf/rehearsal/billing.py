"""The seller's invoices on a demo order: what was accepted and is not billed yet, and taking one
back.
"""

from decimal import Decimal

from scf.core.actor import Actor
from scf.core.money import PPM, half_up, line_value
from scf.trade.inputs import InvoiceIn, InvoiceLineIn
from scf.trade.models import Invoice, InvoiceKind, Order, OrderLine
from scf.trade.services import record_invoice
from scf.workflow import clocks

PRICE_STEP = Decimal("0.0000000001")
REGION = "990100"  # assigned to no place, so no real invoice has these numbers


def bill_order(order: Order, *, by: Actor) -> Invoice | None:
    """Record an invoice on what was accepted and is not billed yet; None when there is nothing."""
    rows = order.lines.filter(accepted_quantity__gt=0).order_by("line_number")
    lines = [_line(row) for row in rows if row.accepted_quantity > row.invoiced_quantity]
    return record_invoice(_invoice(order, lines), by=by) if lines else None


def take_back(order: Order, *, by: Actor) -> Invoice:
    """红冲: the newest blue invoice again with every figure negative. Raises LookupError without
    one.
    """
    blues = order.invoices.filter(blue_invoice__isnull=True, red_letters__isnull=True)
    blue = blues.order_by("-issued_on", "-id").first()
    if blue is None:
        raise LookupError(f"{order} has no invoice to take back")
    lines = [
        InvoiceLineIn(
            name=row.name,
            net_minor=-row.net_minor,
            tax_ppm=row.tax_ppm,
            tax_minor=-row.tax_minor,
            quantity=-row.quantity,
            unit_price=row.unit_price,
            unit=row.unit,
            order_line_id=row.order_line_id,
        )
        for row in blue.lines.all()
    ]
    return record_invoice(_invoice(order, lines, blue=blue), by=by)


def _line(row: OrderLine) -> InvoiceLineIn:
    quantity = row.accepted_quantity - row.invoiced_quantity
    gross = line_value(quantity, row.unit_price)
    net = half_up(gross * PPM, PPM + row.tax_ppm)
    price = row.unit_price * PPM / (PPM + row.tax_ppm)
    return InvoiceLineIn(
        name=row.name,
        net_minor=net,
        tax_ppm=row.tax_ppm,
        tax_minor=gross - net,
        quantity=quantity,
        unit_price=price.quantize(PRICE_STEP),
        unit=row.unit,
        order_line_id=row.pk,
    )


def _invoice(order: Order, lines: list[InvoiceLineIn], *, blue: Invoice | None = None) -> InvoiceIn:
    net, tax = sum(one.net_minor for one in lines), sum(one.tax_minor for one in lines)
    today = clocks.business_date()
    return InvoiceIn(
        order_id=order.pk,
        kind=InvoiceKind.DIGITAL_SPECIAL,
        number=f"{today:%y}{REGION}{Invoice.objects.count() + 1:012d}",
        issued_on=today,
        buyer_name=order.buyer.name,
        buyer_tax_number=order.buyer.uscc,
        seller_name=order.seller.name,
        seller_tax_number=order.seller.uscc,
        net_minor=net,
        tax_minor=tax,
        gross_minor=net + tax,
        lines=lines,
        remark=f"对应蓝字发票 {blue.number}" if blue else order.number,
        blue_invoice_id=blue.pk if blue else None,
    )
