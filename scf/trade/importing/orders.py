"""An order as trade takes it, the same whether it came as UBL, xlsx or csv."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from scf.core.money import MAX_MINOR
from scf.trade.importing.comparison import Difference, compare
from scf.trade.importing.currencies import decimals_of
from scf.trade.importing.decimals import QUANTITY_DIGITS, to_decimal, to_minor
from scf.trade.importing.document_parts import Delivery, Identifier, Party
from scf.trade.importing.documents import DocumentKind, DocumentLine, Item, TradeDocument
from scf.trade.importing.rates import Notice
from scf.trade.importing.refusals import ImportRefused
from scf.trade.importing.totals import PricedLine, price_document
from scf.trade.importing.ubl import read_ubl_of_kind

MAX_NUMBER = 120
_LARGEST_PRICE = Decimal(10) ** QUANTITY_DIGITS  # what Decimal(18, 6) holds


@dataclass(frozen=True, slots=True)
class ImportedParty:
    """Buyer or seller: the name as written (may be empty) and every id it is known by."""

    name: str
    ids: tuple[Identifier, ...]


@dataclass(frozen=True, slots=True)
class ImportedLine:
    """A line. Money in the currency's smallest unit, tax included; rate in ppm of the net price.

    ``value_minor`` leads (K7); ``unit_price`` includes tax, at most six decimals, and for a
    document priced without tax is the value divided by the quantity, for showing.
    ``adjustment_minor`` is the part of the order's own allowances and charges. Quantity and money
    are None when not stated.
    """

    position: int
    line_no: str
    sku: str
    name: str
    spec: str
    unit: str
    quantity: Decimal | None
    unit_price: Decimal | None
    tax_rate_ppm: int
    value_minor: int | None
    adjustment_minor: int
    delivery_on: date | None
    row: int = 0  # in the spreadsheet; 0 for other sources

    @property
    def total_minor(self) -> int | None:
        """What the buyer pays for this line, its part of the order's adjustments included."""
        return None if self.value_minor is None else self.value_minor + self.adjustment_minor


@dataclass(frozen=True, slots=True)
class ImportedOrder:
    """An order with its lines. ``document`` is the whole UBL document, None for a spreadsheet."""

    number: str
    issued_on: date | None
    currency: str
    stated_currency: str
    buyer: ImportedParty
    seller: ImportedParty
    lines: tuple[ImportedLine, ...]
    differences: tuple[Difference, ...] = ()
    notices: tuple[Notice, ...] = ()
    unread: tuple[str, ...] = ()
    document: TradeDocument | None = None

    @property
    def total_minor(self) -> int:
        """Sum of the lines' totals, tax, allowances and charges included."""
        return sum(line.total_minor or 0 for line in self.lines)


def read_ubl_order(content: bytes, *, read_as: str | None = None) -> ImportedOrder:
    """An order out of a UBL file, valued by K7, with every difference to its own totals.

    ``read_as`` relabels the currency. Raises ImportRefused: all of ``read_ubl``, ``not_an_order``,
    ``no_lines``, ``currency_missing``, ``amount_too_large``, ``bad_base_quantity``.
    """
    document = read_ubl_of_kind(content, kind=DocumentKind.ORDER, read_as=read_as)
    return order_of(document)


def order_of(document: TradeDocument) -> ImportedOrder:
    """An order document as trade takes it. Raises as ``read_ubl_order``."""
    if not document.lines:
        raise ImportRefused("no_lines", "订单没有明细行", "the order has no lines")
    pricing = price_document(document)
    if not document.currency and len(pricing.unpriced) < len(pricing.lines):
        raise ImportRefused("currency_missing", "订单未注明币种", "the order states no currency")
    lines = tuple(
        _line(position, line, priced, document)
        for position, (line, priced) in enumerate(
            zip(document.lines, pricing.lines, strict=True), start=1
        )
    )
    return ImportedOrder(
        number=document.number,
        issued_on=document.issued_on,
        currency=document.currency,
        stated_currency=document.stated_currency,
        buyer=_party(document.buyer),
        seller=_party(document.seller),
        lines=lines,
        differences=compare(document, pricing),
        notices=pricing.notices + _twice(lines),
        unread=document.unread,
        document=document,
    )


def _twice(lines: tuple[ImportedLine, ...]) -> tuple[Notice, ...]:
    # Kept as they are: a paper that names such a line must then name its goods as well.
    counted = Counter(line.line_no for line in lines)
    return tuple(
        Notice(
            "line_id_twice",
            f"{times} 行的行号都是“{name}”，按文件顺序编号",
            f"{times} lines have the id “{name}”; they are numbered in the file's order",
            name,
        )
        for name, times in counted.items()
        if times > 1
    )


def require_financeable(order: ImportedOrder) -> None:
    """Refuse an order no bank can finance here, in words.

    Raises ImportRefused: ``text_too_long``, ``foreign_currency``, ``order_without_price``,
    ``line_without_quantity``, ``line_not_positive``, ``amount_too_large``, ``zero_total``.
    """
    _refuse_long_texts(order)
    if order.currency != "CNY":
        raise ImportRefused(
            "foreign_currency",
            f"订单币种为 {order.currency or '未注明'}，只能融资人民币订单",
            f"the order is in {order.currency or 'no stated currency'}; only CNY can be financed",
        )
    _refuse_lines(
        order, "order_without_price", "没有价格", "no price", [x.value_minor for x in order.lines]
    )
    _refuse_lines(
        order, "line_without_quantity", "没有数量", "no quantity", [x.quantity for x in order.lines]
    )
    below = [
        x.line_no
        for x in order.lines
        if min(x.value_minor or 0, x.total_minor or 0) < 0 or (x.quantity or 0) <= 0
    ]
    if below:
        named = "、".join(below[:10])
        raise ImportRefused(
            "line_not_positive",
            f"订单第 {named} 行数量不大于零，或金额（含整单折让的分摊）为负，无法融资",
            f"order lines {named} have a quantity of zero or less, or an amount below zero"
            " (their part of the order's allowances included)",
            where=named,
        )
    _refuse_large(order)
    if order.total_minor <= 0:
        raise ImportRefused(
            "zero_total", "订单总额不大于零，无法融资", "the order's total is not above zero"
        )


def _refuse_large(order: ImportedOrder) -> None:
    for line in order.lines:
        if (line.unit_price or 0) >= _LARGEST_PRICE or (line.total_minor or 0) > MAX_MINOR:
            raise ImportRefused(
                "amount_too_large",
                f"订单第 {line.line_no} 行单价或金额过大",
                f"the price or amount of order line {line.line_no} is too large",
                where=line.line_no,
            )


def _refuse_long_texts(order: ImportedOrder) -> None:
    """Refuse what would have to be cut to be kept: a cut number is another number."""
    texts = [("订单号", "the order's number", order.number, MAX_NUMBER)]
    for line in order.lines:
        texts += [
            (f"第 {line.position} 行的行号", f"the id of line {line.position}", line.line_no, 60),
            (f"第 {line.position} 行的货品编码", f"the SKU of line {line.position}", line.sku, 120),
            (f"第 {line.position} 行的单位", f"the unit of line {line.position}", line.unit, 24),
        ]
    for zh, en, text, longest in texts:
        if len(text) > longest:
            raise ImportRefused(
                "text_too_long",
                f"{zh}超过 {longest} 个字符",
                f"{en} is longer than {longest} characters",
                where=text[:40],
            )


def _refuse_lines(order: ImportedOrder, code: str, zh: str, en: str, needed: list[object]) -> None:
    without = [
        line.line_no for line, value in zip(order.lines, needed, strict=True) if value is None
    ]
    if without:
        named = "、".join(without[:10])
        raise ImportRefused(
            code, f"订单第 {named} 行{zh}，无法融资", f"order lines {named} have {en}", where=named
        )


def _line(
    position: int, line: DocumentLine, priced: PricedLine, document: TradeDocument
) -> ImportedLine:
    goods = line.item
    ids = (goods.seller_id, goods.buyer_id, goods.standard_id)
    return ImportedLine(
        position=position,
        line_no=line.id or str(position),
        sku=next((one.value for one in ids if one), ""),
        name=goods.name or next(iter(goods.descriptions), ""),
        spec=_spec(goods),
        unit=line.quantity.unit if line.quantity else "",
        quantity=line.quantity.value if line.quantity else None,
        unit_price=_unit_price(line, priced, document.currency),
        tax_rate_ppm=to_minor(priced.tax_rate, 6),
        value_minor=priced.value_minor,
        adjustment_minor=priced.adjustment_minor or 0,
        delivery_on=_delivery_day(line.deliveries) or _delivery_day(document.deliveries),
    )


def _spec(goods: Item) -> str:
    properties = (f"{one.name}: {one.value}" for one in goods.properties)
    return "; ".join((*goods.descriptions, *properties))


def _unit_price(line: DocumentLine, priced: PricedLine, currency: str) -> Decimal | None:
    if priced.value_minor is None or line.quantity is None or not line.quantity.value:
        return None
    value = Fraction(priced.value_minor, 10 ** decimals_of(currency))
    return to_decimal(value / Fraction(line.quantity.value), 6)


def _delivery_day(deliveries: tuple[Delivery, ...]) -> date | None:
    for delivery in deliveries:
        for period in delivery.periods:
            if period.end or period.start:
                return period.end or period.start
        if delivery.delivered_on:
            return delivery.delivered_on
    return None


def _party(party: Party | None) -> ImportedParty:
    return ImportedParty(party.name, party.all_ids) if party else ImportedParty("", ())
