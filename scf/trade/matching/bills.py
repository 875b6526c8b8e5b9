"""An invoice or a credit note as an invoice on its order."""

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from scf.trade.importing import DocumentKind, Pricing, TradeDocument, compare, price_document
from scf.trade.importing.comparison import sums_of
from scf.trade.importing.currencies import decimals_of
from scf.trade.importing.decimals import to_decimal, to_minor
from scf.trade.importing.documents import DocumentLine
from scf.trade.importing.totals import Adjustment, spread
from scf.trade.inputs import InvoiceIn, InvoiceLineIn
from scf.trade.matching.findings import Findings, Gap
from scf.trade.matching.invoice_checks import blue_of, check_bill, kind_of
from scf.trade.matching.lines import MatchedLine, match_lines
from scf.trade.models import Invoice, Order
from scf.trade.values import value_of

NOTHING = Decimal(0)
LARGEST_PRICE = Decimal(10) ** 14  # what the column of printed prices holds
ROUNDING_MINOR = 1  # a part of a line may differ by the fen that rounding leaves (K7)


def match_bill(
    document: TradeDocument, order: Order, findings: Findings, *, document_id: UUID
) -> InvoiceIn | None:
    """The invoice the paper is; None when it has no figures that could be one.

    Net amounts are the lines' own, tax is rounded once a rate as the paper does and spread over the
    lines, allowances and charges of the whole paper are lines of their own. A credit note is the
    same with all signs turned. Raises ImportRefused as ``price_document``.
    """
    if document.currency != order.currency:
        _wrong_currency(document, order, findings)
        return None
    matched = match_lines(document, order, findings)
    pricing = price_document(document)
    if pricing.unpriced or not document.lines:
        _unpriced(pricing, findings)
        return None
    findings.compared(compare(document, pricing))
    findings.notices.extend(pricing.notices)
    sign = -1 if document.kind is DocumentKind.CREDIT_NOTE else 1
    lines = _lines(document, pricing, matched, sign)
    net = sum(line.net_minor for line in lines)
    tax = sum(line.tax_minor for line in lines)
    blue = blue_of(document, order, is_red=net + tax < 0 or sign < 0, findings=findings)
    _check_lines(document, matched, sign, findings)
    _compare_values(matched, pricing, findings)
    given = _invoice(document, order, lines, blue, document_id=document_id)
    check_bill(given, blue, is_credit_note=sign < 0, findings=findings)
    return given


def _invoice(
    document: TradeDocument,
    order: Order,
    lines: list[InvoiceLineIn],
    blue: Invoice | None,
    *,
    document_id: UUID,
) -> InvoiceIn:
    net = sum(line.net_minor for line in lines)
    tax = sum(line.tax_minor for line in lines)
    return InvoiceIn(
        order_id=order.pk,
        kind=blue.kind if blue else kind_of(document.number),
        number=document.number,
        issued_on=document.issued_on,
        buyer_name=order.buyer.name[:200],
        buyer_tax_number=order.buyer.uscc,
        seller_name=order.seller.name[:200],
        seller_tax_number=order.seller.uscc,
        net_minor=net,
        tax_minor=tax,
        gross_minor=net + tax,
        lines=lines,
        remark="\n".join(document.notes),
        blue_invoice_id=blue.pk if blue else None,
        document_id=document_id,
    )


def _lines(
    document: TradeDocument, pricing: Pricing, matched: list[MatchedLine], sign: int
) -> list[InvoiceLineIn]:
    places = decimals_of(pricing.currency)
    nets = [to_minor(one.net or Fraction(0), places) for one in pricing.lines]
    nets += [to_minor(Fraction(one.net), places) for one in pricing.adjustments]
    rates = [one.tax_rate for one in pricing.lines]
    rates += [one.tax_rate for one in pricing.adjustments]
    taxes = _taxes(document, pricing, nets, rates)
    known = {each.row: each.order_line.pk for each in matched}
    blank = [
        _goods(line, known.get(row), sign) for row, line in enumerate(document.lines, start=1)
    ] + [InvoiceLineIn(_name_of(one), 0, 0, 0) for one in pricing.adjustments]
    return [
        replace(one, net_minor=sign * net, tax_ppm=to_minor(rate, 6), tax_minor=sign * tax)
        for one, net, rate, tax in zip(blank, nets, rates, taxes, strict=True)
    ]


def _goods(line: DocumentLine, order_line_id: UUID | None, sign: int) -> InvoiceLineIn:
    item = line.item
    return InvoiceLineIn(
        name=(item.name or next(iter(item.descriptions), "") or line.id)[:300],
        net_minor=0,
        tax_ppm=0,
        tax_minor=0,
        quantity=sign * line.quantity.value if line.quantity else None,
        unit_price=_unit_price(line),
        unit=(line.quantity.unit if line.quantity else "")[:24],
        spec="; ".join(item.descriptions)[:300],
        order_line_id=order_line_id,
    )


def _name_of(adjustment: Adjustment) -> str:
    return (adjustment.reason or "折让或附加费 allowance or charge")[:300]


def _unit_price(line: DocumentLine) -> Decimal | None:
    price = line.price
    if price is None or line.quantity is None:
        return None
    base = price.base_quantity.value if price.base_quantity else Decimal(1)
    return to_decimal(Fraction(price.amount) / Fraction(base), 10)


def _taxes(
    document: TradeDocument, pricing: Pricing, nets: list[int], rates: list[Fraction]
) -> list[int]:
    places = decimals_of(pricing.currency)
    taxes = [0] * len(nets)
    for rate, (_net, tax) in sums_of(document, pricing).by_rate.items():
        at = [place for place, one in enumerate(rates) if one == rate]
        parts = spread(to_minor(Fraction(tax), places), [nets[place] for place in at])
        for place, part in zip(at, parts, strict=True):
            taxes[place] = part
    return taxes


def _check_lines(
    document: TradeDocument, matched: list[MatchedLine], sign: int, findings: Findings
) -> None:
    billed: dict[UUID, Decimal] = defaultdict(Decimal)
    rows = {each.order_line.pk: each for each in matched}
    for each in matched:
        if each.line.quantity is None:
            _line_error(each.row, "line_without_quantity", "缺少数量", "has no quantity", findings)
        else:
            billed[each.order_line.pk] += sign * each.line.quantity.value
    for row, line in enumerate(document.lines, start=1):
        if line.price and abs(line.price.amount) >= LARGEST_PRICE:
            _line_error(row, "amount_too_large", "单价过大", "has too large a price", findings)
    for pk, quantity in billed.items():
        _check_quantity(rows[pk], quantity, findings)


def _check_quantity(each: MatchedLine, quantity: Decimal, findings: Findings) -> None:
    line = each.order_line
    after = line.invoiced_quantity + quantity
    most = max(line.quantity, line.accepted_quantity)
    if 0 <= after <= most:
        return
    figures = [f"{one.normalize():f}" for one in (line.invoiced_quantity, quantity, most)]
    findings.wrong(
        "over_invoiced",
        f"订单第 {line.line_number} 行已开票 {figures[0]}，本单 {figures[1]}，"
        f"最多可开票 {figures[2]}",
        f"of order line {line.line_number} {figures[0]} is invoiced and the paper adds"
        f" {figures[1]}; at most {figures[2]} can be",
        todo_zh="请核对开票数量",
        todo_en="check the quantity invoiced",
        row=each.row,
        column="InvoicedQuantity",
        value=figures[1],
    )


def _compare_values(matched: list[MatchedLine], pricing: Pricing, findings: Findings) -> None:
    for each in matched:
        priced = pricing.lines[each.row - 1]
        quantity = each.line.quantity.value if each.line.quantity else NOTHING
        if priced.total_minor is None or quantity <= 0:
            continue
        line = each.order_line
        expected = value_of(line, quantity)
        if abs(priced.total_minor - expected) > ROUNDING_MINOR:
            places = decimals_of(pricing.currency)
            stated, agreed = (
                str(Decimal(one).scaleb(-places)) for one in (priced.total_minor, expected)
            )
            shown = str(line.line_number)
            findings.gaps.append(
                Gap(
                    "value",
                    f"订单第 {shown} 行价税合计与订单价格不符",
                    f"order line {shown}: value with tax differs from the order's price",
                    stated,
                    agreed,
                    shown,
                )
            )


def _line_error(row: int, code: str, zh: str, en: str, findings: Findings) -> None:
    findings.wrong(
        code,
        f"第 {row} 行{zh}",
        f"line {row} {en}",
        todo_zh="请更正后重新上传",
        todo_en="correct it and upload again",
        row=row,
    )


def _unpriced(pricing: Pricing, findings: Findings) -> None:
    for row, line in enumerate(pricing.lines, start=1):
        if line.value_minor is None:
            _line_error(row, "line_without_price", "没有价格", "has no price", findings)
    if not pricing.lines:
        _line_error(0, "no_lines", "没有明细（发票须有明细行）", "is missing: no lines", findings)


def _wrong_currency(document: TradeDocument, order: Order, findings: Findings) -> None:
    findings.wrong(
        "wrong_currency",
        f"发票币种为 {document.currency or '未注明'}，订单为 {order.currency}",
        f"the invoice is in {document.currency or 'no stated currency'}, the order in"
        f" {order.currency}",
        todo_zh="请用订单的币种开票；订单按人民币读取时，上传时也选择按人民币读取",
        todo_en="invoice in the order's currency; if the order was read as CNY, read this as CNY",
        column="DocumentCurrencyCode",
        value=document.currency,
    )
