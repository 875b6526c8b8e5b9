"""A despatch advice or an invoice that comes with the order: read, matched to its lines,
recorded.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from scf.core.money import PPM, half_up
from scf.parties.models import Organization
from scf.rehearsal.bringing import Given, read_bytes
from scf.rehearsal.refusals import Refused
from scf.trade.importing import (
    DocumentKind,
    ImportRefused,
    TradeDocument,
    price_document,
    read_ubl_of_kind,
)
from scf.trade.importing.documents import DocumentLine
from scf.trade.inputs import InvoiceIn, InvoiceLineIn
from scf.trade.models import OrderLine
from scf.trade.models.invoices import InvoiceKind

T = TypeVar("T")


def read_paper(path: Path, kind: DocumentKind, *, read_as: str = "") -> TradeDocument:
    """A document of this kind. Raises Refused."""
    try:
        return read_ubl_of_kind(read_bytes(path), kind=kind, read_as=read_as or None)
    except ImportRefused as refusal:
        raise Refused(refusal.zh, refusal.en, code=refusal.code) from refusal


def require_despatch_of(given: Given, despatch: TradeDocument) -> None:
    """Refuse a despatch advice that speaks of none of the order's lines. Raises Refused."""
    lines = given.order.lines
    references = {line.line_no: line for line in lines}
    goods = {line.sku: line for line in lines if line.sku}
    if not any(_known(each, references, goods) for each in despatch.lines if _carries(each)):
        raise Refused(
            "发货通知与订单没有相同的行",
            "the despatch advice has no line of this order",
            code="despatch_not_of_order",
        )


def despatched(despatch: TradeDocument, lines: Sequence[OrderLine]) -> dict[UUID, Decimal]:
    """How much of each order line a despatch advice carries, never more than was ordered.

    A line is known by the order line it names, else by the goods' number.
    """
    references = {line.reference: line for line in lines}
    goods = {line.sku: line for line in lines if line.sku}
    found: dict[UUID, Decimal] = defaultdict(Decimal)
    for each in despatch.lines:
        line = _known(each, references, goods)
        if line is not None and each.quantity is not None:
            found[line.pk] += min(each.quantity.value, line.quantity - found[line.pk])
    return {pk: quantity for pk, quantity in found.items() if quantity > 0}


def _carries(each: DocumentLine) -> bool:
    return each.quantity is not None and each.quantity.value > 0


def _known(each: DocumentLine, references: Mapping[str, T], goods: Mapping[str, T]) -> T | None:
    named = [one.line_id for one in each.references if one.line_id]
    ids = (each.item.seller_id, each.item.buyer_id, each.item.standard_id)
    found = [references[name] for name in named if name in references]
    found += [goods[one.value] for one in ids if one and one.value in goods]
    return found[0] if found else None


@dataclass(frozen=True)
class Bill:
    """An invoice file whose figures can be recorded."""

    number: str
    document: TradeDocument
    lines: tuple[InvoiceLineIn, ...]

    def invoice_of(self, order_id: UUID, *, buyer: Organization, seller: Organization) -> InvoiceIn:
        """As trade records it, between the parties of the cast, today's copy of the file's
        number.
        """
        net = sum(line.net_minor for line in self.lines)
        tax = sum(line.tax_minor for line in self.lines)
        return InvoiceIn(
            order_id=order_id,
            kind=InvoiceKind.PAPER_ORDINARY,
            number=f"{self.number}-{order_id.hex[-6:]}",
            issued_on=self.document.issued_on,
            buyer_name=buyer.name,
            buyer_tax_number=buyer.uscc,
            seller_name=seller.name,
            seller_tax_number=seller.uscc,
            net_minor=net,
            tax_minor=tax,
            gross_minor=net + tax,
            lines=self.lines,
        )


def read_bill(path: Path, *, read_as: str) -> Bill:
    """An invoice priced by the product's own rules. Raises Refused: no price, not above zero."""
    document = read_paper(path, DocumentKind.INVOICE, read_as=read_as)
    try:
        pricing = price_document(document)
    except ImportRefused as refusal:
        raise Refused(refusal.zh, refusal.en, code=refusal.code) from refusal
    lines = []
    for line, priced in zip(document.lines, pricing.lines, strict=True):
        gross = priced.total_minor
        if gross is None:
            raise Refused("发票有未定价的行", "a line of the invoice has no price", code="no_price")
        net = _net(gross, priced.tax_rate)
        rate = half_up((priced.tax_rate * PPM).numerator, (priced.tax_rate * PPM).denominator)
        name = (line.item.name or line.id)[:300]
        lines.append(InvoiceLineIn(name, net, rate, gross - net))
    if document.currency != "CNY" or sum(each.net_minor for each in lines) <= 0:
        raise Refused(
            "发票须为人民币且金额大于零",
            "the invoice must be in CNY and above zero",
            code="invoice_invalid",
        )
    return Bill(document.number[:30], document, tuple(lines))


def _net(gross_minor: int, rate: Fraction) -> int:
    share = Fraction(gross_minor) / (1 + rate)
    return half_up(share.numerator, share.denominator)
