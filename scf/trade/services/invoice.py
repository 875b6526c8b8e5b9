"""Recording an invoice on an order."""

from collections import defaultdict
from dataclasses import asdict
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from scf.core.actor import SYSTEM, Actor
from scf.core.errors import Conflict, NotFound, RuleBroken
from scf.parties.permissions import Permission
from scf.trade.access import lines_for, order_for, require, require_side
from scf.trade.inputs import InvoiceIn
from scf.trade.machine import LINE_MACHINE, LineStatus
from scf.trade.models import Invoice, InvoiceKind, InvoiceLine, Order, OrderLine
from scf.trade.papers import show_papers
from scf.workflow import facts

DIGITAL = (InvoiceKind.DIGITAL_SPECIAL, InvoiceKind.DIGITAL_ORDINARY)


@transaction.atomic
def record_invoice(given: InvoiceIn, *, by: Actor) -> Invoice:
    """Write down an invoice the seller issued on an order; nobody has verified it yet.

    Net and tax of its lines sum to its own, its parties are the order's, and no order line is
    invoiced beyond what was ordered. A line whose accepted goods are all invoiced becomes
    ``invoiced``. Raises NotFound, Forbidden, Conflict(duplicate_invoice),
    RuleBroken(invoice_invalid, invoice_parties, over_invoiced).
    """
    require(by, Permission.INVOICE_RECORD)
    order = order_for(given.order_id, by=by)
    require_side(by, order.seller_id, order.buyer_id)
    _check(given, order)
    quantities = _quantities(given)
    lines = lines_for(list(quantities), by=by) if quantities else []
    if any(line.order_id != order.pk for line in lines):
        raise NotFound(_("没有这些订单行"))
    invoice = _insert(given)
    show_papers(order, [given.document_id], by=by)
    for line in lines:
        _count(line, quantities[line.pk])
    facts.record(
        "invoice.recorded",
        invoice,
        by=by,
        order_id=order.pk,
        number=invoice.number,
        gross_minor=invoice.gross_minor,
    )
    return invoice


def _check(given: InvoiceIn, order: Order) -> None:
    wrong = {
        "kind": given.kind not in InvoiceKind.values,
        "number": not given.number.strip(),
        "code": given.kind in DIGITAL and bool(given.code),
        "digits": given.kind in DIGITAL
        and not (len(given.number) == 20 and given.number.isdigit()),
        "lines": not given.lines,
        "net": given.net_minor != sum(line.net_minor for line in given.lines),
        "tax": given.tax_minor != sum(line.tax_minor for line in given.lines),
        "gross": given.gross_minor != given.net_minor + given.tax_minor,
        "red": given.gross_minor < 0 and given.blue_invoice_id is None,
    }
    for field in [name for name, is_wrong in wrong.items() if is_wrong]:
        raise RuleBroken(
            _("发票的“%(field)s”不正确或与合计不符"), code="invoice_invalid", field=field
        )
    taxed = (given.buyer_tax_number, given.seller_tax_number)
    if taxed != (order.buyer.uscc, order.seller.uscc):
        raise RuleBroken(_("发票的购方或销方税号与订单不符"), code="invoice_parties")


def _quantities(given: InvoiceIn) -> dict[UUID, Decimal]:
    found: dict[UUID, Decimal] = defaultdict(Decimal)
    for line in given.lines:
        if line.order_line_id and line.quantity is not None:
            found[line.order_line_id] += line.quantity
    return dict(found)


def _insert(given: InvoiceIn) -> Invoice:
    values = {name: value for name, value in asdict(given).items() if name != "lines"}
    if (
        given.blue_invoice_id
        and not Invoice.objects.filter(pk=given.blue_invoice_id, order_id=given.order_id).exists()
    ):
        raise NotFound(_("没有这张蓝字发票"))
    invoice = Invoice(**values)
    try:
        with transaction.atomic():
            invoice.save(force_insert=True)
    except IntegrityError as clash:
        if "invoice_once" not in str(clash):
            raise
        raise Conflict(
            _("发票 %(number)s 已登记"), code="duplicate_invoice", number=given.number
        ) from clash
    InvoiceLine.objects.bulk_create(
        InvoiceLine(invoice=invoice, line_number=number, **asdict(line))
        for number, line in enumerate(given.lines, start=1)
    )
    return invoice


def _count(line: OrderLine, quantity: Decimal) -> None:
    line.invoiced_quantity += quantity
    if not 0 <= line.invoiced_quantity <= max(line.quantity, line.accepted_quantity):
        raise RuleBroken(
            _("第 %(line)s 行的开票数量超出订单"), code="over_invoiced", line=line.line_number
        )
    line.save(update_fields=["invoiced_quantity"])
    mark_invoiced(line)


def mark_invoiced(line: OrderLine) -> None:
    """Move a line whose delivery is over and whose accepted goods are all invoiced."""
    is_over = line.status == LineStatus.ACCEPTED or (
        line.status == LineStatus.PART and _accounted(line) >= line.quantity
    )
    if is_over and line.invoiced_quantity >= line.accepted_quantity:
        LINE_MACHINE.fire(line, "invoiced", by=SYSTEM, quantity=line.invoiced_quantity)


def _accounted(line: OrderLine) -> Decimal:
    refused: Decimal = line.damaged_quantity + line.rejected_quantity
    total: Decimal = line.accepted_quantity + line.short_quantity + refused
    return total
