"""Invoices on orders: list, look, write one down."""

from typing import Any
from uuid import UUID

from rest_framework import serializers

from scf.api.door import Listed, Shown, Verb
from scf.api.fields import DecimalText, Fen, Strict, Text
from scf.api.pages import PageQuery
from scf.core.actor import Actor
from scf.core.money import PPM
from scf.parties.permissions import Permission
from scf.trade import selectors, services
from scf.trade.inputs import InvoiceIn, InvoiceLineIn
from scf.trade.models import Invoice, InvoiceKind

KINDS = tuple(InvoiceKind.values)


class NewInvoiceLine(Strict):
    """A line as printed, price and amount without tax; ``order_line_id`` where it is known."""

    name = Text(max_length=300)
    net_minor = Fen()
    tax_ppm = serializers.IntegerField(min_value=0, max_value=PPM)
    tax_minor = Fen()
    quantity = DecimalText(default=None, allow_null=True)
    unit_price = DecimalText(default=None, allow_null=True)
    unit = Text(max_length=24, default="", allow_blank=True)
    spec = Text(max_length=200, default="", allow_blank=True)
    order_line_id = serializers.UUIDField(default=None, allow_null=True)


class NewInvoice(Strict):
    """An invoice of the order's seller, as issued. A red-letter invoice comes by import."""

    order_id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=KINDS)
    number = Text(max_length=20)
    code = Text(max_length=12, default="", allow_blank=True)
    issued_on = serializers.DateField()
    buyer_name = Text(max_length=200)
    buyer_tax_number = Text(max_length=20)
    seller_name = Text(max_length=200)
    seller_tax_number = Text(max_length=20)
    net_minor = Fen()
    tax_minor = Fen()
    gross_minor = Fen()
    remark = Text(max_length=500, default="", allow_blank=True)
    check_code = Text(max_length=20, default="", allow_blank=True)
    lines = NewInvoiceLine(many=True, allow_empty=False)


class InvoiceLineOut(serializers.Serializer[Any]):
    """A line of an invoice; its amounts are negative on a red-letter invoice."""

    line_number = serializers.IntegerField()
    order_line_id = serializers.UUIDField(allow_null=True)
    name = serializers.CharField()
    unit = serializers.CharField()
    quantity = DecimalText(allow_null=True)
    net_minor = serializers.IntegerField()
    tax_ppm = serializers.IntegerField()
    tax_minor = serializers.IntegerField()


class InvoiceOut(serializers.Serializer[Any]):
    """An invoice with its lines; nobody has verified it at the tax office yet."""

    id = serializers.UUIDField()
    order_id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=KINDS)
    number = serializers.CharField()
    code = serializers.CharField()
    issued_on = serializers.DateField()
    seller_name = serializers.CharField()
    buyer_name = serializers.CharField()
    net_minor = serializers.IntegerField()
    tax_minor = serializers.IntegerField()
    gross_minor = serializers.IntegerField()
    lines = InvoiceLineOut(many=True, source="lines.all")


class InvoiceQuery(PageQuery):
    """Filters of the list."""

    order_id = serializers.UUIDField(required=False)


class Invoices(Listed, Verb):
    """The invoices on the organization's orders; a new one."""

    reads = Permission.ORDER_VIEW
    reading, writing = "listInvoices", "recordInvoice"
    asks, lists = InvoiceQuery, InvoiceOut
    takes, gives, answers = NewInvoice, InvoiceOut, 201

    def rows(self, given: dict[str, Any], *, by: Actor) -> Any:
        return selectors.list_invoices(by=by, **given)

    def act(self, given: dict[str, Any], *, by: Actor, **_ids: Any) -> Invoice:
        lines = tuple(InvoiceLineIn(**line) for line in given.pop("lines"))
        return services.record_invoice(InvoiceIn(lines=lines, **given), by=by)


class OneInvoice(Shown):
    """One invoice with its lines."""

    reads, reading, gives = Permission.ORDER_VIEW, "getInvoice", InvoiceOut

    def find(self, *, by: Actor, **ids: UUID) -> Invoice:
        return selectors.get_invoice(ids["invoice_id"], by=by)
