"""A seller's response to an order: yes, yes with changes, or no."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from scf.core.money import PPM
from scf.trade.importing import TradeDocument
from scf.trade.importing.decimals import to_decimal, to_minor
from scf.trade.importing.document_parts import Delivery
from scf.trade.importing.documents import DocumentLine, Price
from scf.trade.machine import LineStatus, OrderStatus
from scf.trade.matching.findings import Findings, Gap
from scf.trade.matching.lines import MatchedLine, match_lines
from scf.trade.models import Order

# UNCL4343, the part of it Peppol's order response uses; UNCL1229 for the lines.
ACCEPTED, CONDITIONALLY, REJECTED, ACKNOWLEDGED = "AP", "CA", "RE", "AB"
LINE_REFUSED = "7"


class Verdict(StrEnum):
    """What a response does to its order: confirms it, proposes changes, cancels it."""

    ACCEPTED = "accepted"
    CHANGED = "changed"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Response:
    """The seller's answer; ``reason`` is the note it wrote."""

    number: str
    verdict: Verdict
    reason: str


def match_response(
    document: TradeDocument, order: Order, source: TradeDocument | None, findings: Findings
) -> Response | None:
    """What the response asks for; None when it says nothing that can be done.

    A changed quantity, price or item, and a refused line, make it a response with changes whatever
    its code; a later delivery day does when the code says that there are conditions.
    """
    if document.response_code not in (ACCEPTED, CONDITIONALLY, REJECTED):
        _no_answer(document, findings)
        return None
    terms = _changes(document, order, source, findings)
    days = _later_days(document, order) if document.lines or order.lines.exists() else []
    findings.gaps.extend((*terms, *days))
    is_changed = bool(terms or (days and document.response_code == CONDITIONALLY))
    verdict = Verdict.CHANGED if is_changed else Verdict.ACCEPTED
    if document.response_code == REJECTED:
        verdict = Verdict.REJECTED
    _check_order(order, verdict, findings)
    _tell(document, findings)
    reason = "；".join(document.notes) or f"订单回复 {document.number}"
    return Response(document.number, verdict, reason[:300])


def _no_answer(document: TradeDocument, findings: Findings) -> None:
    is_receipt = document.response_code == ACKNOWLEDGED
    findings.wrong(
        "response_without_answer",
        "回复只确认收到订单，未表示接受或拒绝"
        if is_receipt
        else f"未知的回复代码“{document.response_code}”",
        "the response only acknowledges receipt"
        if is_receipt
        else f"the response code “{document.response_code}” is unknown",
        todo_zh="请使用 AP（接受）、CA（有条件接受）或 RE（拒绝）",
        todo_en="use AP (accepted), CA (accepted with changes) or RE (rejected)",
        column="OrderResponseCode",
        value=document.response_code,
    )


def _check_order(order: Order, verdict: Verdict, findings: Findings) -> None:
    if verdict is not Verdict.REJECTED:
        if order.status != OrderStatus.DRAFT:
            findings.wrong(
                "order_not_draft",
                f"订单“{order.number}”已确认或已完结，不能再次回复",
                f"the order “{order.number}” is confirmed already, or over",
                todo_zh="同一订单只确认一次",
                todo_en="an order is confirmed once",
            )
        return
    free = (LineStatus.DRAFT, LineStatus.CONFIRMED)
    if order.lines.exclude(status__in=free).exists():
        findings.wrong(
            "order_under_way",
            f"订单“{order.number}”有已融资或已发货的行，不能取消",
            f"the order “{order.number}” has lines financed or shipped and cannot be cancelled",
            todo_zh="请先处理已融资或已发货的行",
            todo_en="settle those lines first",
        )


def _tell(document: TradeDocument, findings: Findings) -> None:
    for one in document.references:
        if one.kind == "OrderChangeDocumentReference":
            named = one.number.value if one.number else ""
            findings.note(
                "answers_a_change",
                f"这是对订单变更“{named}”的回复，平台上没有该变更：请核对订单内容是否仍是最新约定",
                f"it answers the order change “{named}”, which is not on the platform: check that"
                " the order still says what was agreed",
            )


def _changes(
    document: TradeDocument, order: Order, source: TradeDocument | None, findings: Findings
) -> list[Gap]:
    before = {line.id: line for line in source.lines} if source else {}
    matched = match_lines(document, order, findings, has_own_numbers=False)
    found = [
        gap for each in matched for gap in _of_line(each, before.get(each.order_line.reference))
    ]
    left = {line.line_number for line in order.lines.all()}
    left -= {each.order_line.line_number for each in matched}
    if matched and left:
        named = "、".join(str(number) for number in sorted(left)[:20])
        findings.note(
            "lines_not_mentioned",
            f"回复未提到订单第 {named} 行",
            f"the response does not mention order lines {named}",
        )
    return found


def _of_line(each: MatchedLine, before: DocumentLine | None) -> Iterator[Gap]:
    line, known = each.line, each.order_line
    shown = str(known.line_number)
    if line.status_code == LINE_REFUSED:
        yield Gap(
            "line", f"第 {shown} 行未被接受", f"line {shown} is refused", "–", known.name, shown
        )
    if line.quantity and line.quantity.value != known.quantity:
        yield Gap(
            "quantity",
            f"第 {shown} 行数量",
            f"quantity of line {shown}",
            _plain(line.quantity.value),
            _plain(known.quantity),
            shown,
        )
    yield from _of_price(each, before)
    for one in line.substitutes:
        name = one.item.name if one.item else one.id
        yield Gap(
            "item", f"第 {shown} 行替代品", f"substitute for line {shown}", name, known.name, shown
        )


def _of_price(each: MatchedLine, before: DocumentLine | None) -> Iterator[Gap]:
    line, known = each.line, each.order_line
    if line.price is None:
        return
    shown = str(known.line_number)
    stated = _per_unit(line.price)
    if before is not None and before.price is not None:
        agreed = _per_unit(before.price)
        is_same = stated == agreed
    else:
        # The order gives prices with tax: they agree when the line is worth the same fen (K7).
        with_tax = 1 + Fraction(known.tax_ppm, PPM)
        agreed = Fraction(known.unit_price) / with_tax
        is_same = to_minor(stated * with_tax * Fraction(known.quantity)) == known.amount_minor
    if not is_same:
        yield Gap(
            "price",
            f"第 {shown} 行不含税单价",
            f"price before tax of line {shown}",
            _plain(to_decimal(stated, 6)),
            _plain(to_decimal(agreed, 6)),
            shown,
        )


def _per_unit(price: Price) -> Fraction:
    base = price.base_quantity.value if price.base_quantity else Decimal(1)
    return Fraction(price.amount) / Fraction(base) if base > 0 else Fraction(price.amount)


def _later_days(document: TradeDocument, order: Order) -> list[Gap]:
    whole = _promised(document.deliveries)
    own = {
        name: day
        for line in document.lines
        for name in {line.id, *(one.line_id for one in line.references)}
        if name and (day := _promised(line.deliveries))
    }
    found = []
    for line in order.lines.all():
        day = own.get(line.reference) or own.get(str(line.line_number)) or whole
        if day and line.planned_on and day > line.planned_on:
            shown = str(line.line_number)
            found.append(
                Gap(
                    "delivery",
                    f"第 {shown} 行交货日",
                    f"delivery day of line {shown}",
                    day.isoformat(),
                    line.planned_on.isoformat(),
                    shown,
                )
            )
    return found


def _promised(deliveries: tuple[Delivery, ...]) -> date | None:
    days = (
        period.end or period.start
        for delivery in deliveries
        for period in delivery.periods
        if period.kind == "PromisedDeliveryPeriod"
    )
    return next((day for day in days if day), None)


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
