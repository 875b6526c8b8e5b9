"""A despatch advice as a shipment on its order."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from scf.trade.importing import TradeDocument
from scf.trade.importing.document_parts import Detail
from scf.trade.inputs import ShipmentLineIn
from scf.trade.machine import SHIPPABLE, OrderStatus
from scf.trade.matching.findings import Findings
from scf.trade.matching.lines import MatchedLine, match_lines
from scf.trade.models import Delivery, Order, OrderLine
from scf.trade.selectors import open_quantity

_NAMES = ("PartyName/Name", "RegistrationName")


@dataclass(frozen=True)
class Shipment:
    """What a despatch advice says was sent, as trade or financing ships it.

    ``application_ids`` are the financings its lines are locked for: none, one or several.
    ``despatched`` is the day as the paper writes it; the delivery is dated when it is recorded.
    """

    order_id: UUID
    number: str
    lines: tuple[ShipmentLineIn, ...]
    application_ids: tuple[UUID, ...]
    document_id: UUID
    carrier: str = ""
    vehicle: str = ""
    batch: str = ""
    seal: str = ""
    despatched: str = ""


def match_shipment(
    document: TradeDocument, order: Order, findings: Findings, *, document_id: UUID
) -> Shipment:
    """The shipment the paper describes; errors for lines that cannot go, or no more than so much.

    A line under a financing may go over what is open by the deal's tolerance, which only the deal
    knows: for it the excess is told as a notice.
    """
    _check_order(document, order, findings)
    sent: dict[UUID, Decimal] = defaultdict(Decimal)
    rows: dict[UUID, MatchedLine] = {}
    for each in match_lines(document, order, findings):
        quantity = _quantity(each, findings)
        if quantity:
            sent[each.order_line.pk] += quantity
            rows[each.order_line.pk] = each
    for each in rows.values():
        _check_line(each, sent[each.order_line.pk], findings)
    if not sent and not findings.errors:
        findings.wrong(
            "nothing_sent",
            "发货通知没有数量大于零的行",
            "the despatch advice has no line with a quantity above zero",
            todo_zh="请填写发货数量",
            todo_en="state what was sent",
            column="DeliveredQuantity",
        )
    held = {each.order_line.locked_by for each in rows.values() if each.order_line.locked_by}
    return Shipment(
        order_id=order.pk,
        number=document.number[:120],
        lines=tuple(ShipmentLineIn(pk, quantity) for pk, quantity in sent.items()),
        application_ids=tuple(sorted(held)),
        document_id=document_id,
        carrier=_carrier(document)[:120],
        vehicle=_first(document.details, "RoadTransport/", "LicensePlateID")[:60],
        batch=_joined(_lots(document))[:120],
        seal=_joined(_values(document.details, "TransportEquipmentSeal/", "ID"))[:60],
        despatched=_first(document.details, "Despatch/", "ActualDespatchDate")[:20],
    )


def _check_order(document: TradeDocument, order: Order, findings: Findings) -> None:
    if order.status != OrderStatus.CONFIRMED:
        findings.wrong(
            "order_not_confirmed",
            f"订单“{order.number}”尚未确认或已完结，不能发货",
            f"the order “{order.number}” is not confirmed, or over; nothing can be sent on it",
            todo_zh="请先由卖方确认订单",
            todo_en="let the seller confirm the order first",
        )
    if Delivery.objects.filter(order=order, number=document.number).exists():
        findings.wrong(
            "duplicate_delivery",
            f"发货单“{document.number}”已登记",
            f"the delivery “{document.number}” is recorded already",
            todo_zh="同一发货单只登记一次",
            todo_en="a delivery is recorded once",
            column="ID",
            value=document.number,
        )


def _quantity(each: MatchedLine, findings: Findings) -> Decimal:
    quantity = each.line.quantity
    if quantity is None or quantity.value < 0:
        findings.wrong(
            "line_without_quantity",
            "发货数量缺失或小于零",
            "the quantity sent is missing or below zero",
            todo_zh="请填写发货数量",
            todo_en="state the quantity sent",
            row=each.row,
            column="DeliveredQuantity",
            value=str(quantity.value) if quantity else "",
        )
        return Decimal(0)
    if not quantity.value:
        findings.note(
            "line_not_sent",
            f"订单第 {each.order_line.line_number} 行本次未发货",
            f"nothing of order line {each.order_line.line_number} was sent this time",
            line=each.line.id,
        )
    return quantity.value


def _check_line(each: MatchedLine, quantity: Decimal, findings: Findings) -> None:
    line = each.order_line
    if line.status not in SHIPPABLE and line.order.status == OrderStatus.CONFIRMED:
        findings.wrong(
            "line_not_shippable",
            f"订单第 {line.line_number} 行当前状态“{line.status_label}”不能发货",
            f"order line {line.line_number} cannot be shipped while {line.status}",
            todo_zh="请核对该行的状态",
            todo_en="look at the line's status",
            row=each.row,
            column="OrderLineReference/LineID",
        )
        return
    most = max(open_quantity(line), Decimal(0))
    if quantity > most:
        _over(each.row, line, quantity, most, findings)


def _over(row: int, line: OrderLine, quantity: Decimal, most: Decimal, findings: Findings) -> None:
    asked, room = (f"{one.normalize():f}" for one in (quantity, most))
    zh = f"订单第 {line.line_number} 行最多还可发 {room}，单据为 {asked}"
    en = f"of order line {line.line_number} {room} may still be sent; the paper says {asked}"
    if line.locked_by:
        findings.note(
            "over_delivery",
            f"{zh}，须在融资约定的溢装比例之内",
            f"{en}; it must be within the tolerance of its financing",
        )
        return
    findings.wrong(
        "over_delivery",
        zh,
        en,
        todo_zh="请核对发货数量",
        todo_en="check the quantity sent",
        row=row,
        column="DeliveredQuantity",
        value=asked,
    )


def _values(details: Iterable[Detail], inside: str, ending: str) -> list[str]:
    return [
        one.value
        for one in details
        if inside in one.path and one.path.endswith(f"/{ending}") and one.value
    ]


def _first(details: Iterable[Detail], inside: str, ending: str) -> str:
    return next(iter(_values(details, inside, ending)), "")


def _joined(values: Iterable[str]) -> str:
    return "、".join(dict.fromkeys(values))


def _lots(document: TradeDocument) -> list[str]:
    inside = "LotIdentification/"
    return [
        lot
        for line in document.lines
        for lot in _values((*line.item.details, *line.details), inside, "LotNumberID")
    ]


def _carrier(document: TradeDocument) -> str:
    names = (_first(document.details, "CarrierParty/", name) for name in _NAMES)
    return next((name for name in names if name), "")
