"""Which order line a paper's line speaks of: by the line it references, else by the goods."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from scf.trade.importing import TradeDocument
from scf.trade.importing.documents import DocumentLine
from scf.trade.importing.units import is_same_unit
from scf.trade.matching.findings import Findings
from scf.trade.models import Order, OrderLine


@dataclass(frozen=True, slots=True)
class MatchedLine:
    """A line of a paper and the order line it speaks of; ``row`` counts the paper's lines."""

    row: int
    line: DocumentLine
    order_line: OrderLine


class _Index:
    """An order's lines by the reference of their document, by number, and by goods."""

    def __init__(self, lines: Sequence[OrderLine]) -> None:
        self.by_reference: dict[str, list[OrderLine]] = defaultdict(list)
        self.by_number = {str(line.line_number): line for line in lines}
        self.by_sku: dict[str, list[OrderLine]] = defaultdict(list)
        for line in lines:
            if line.reference:
                self.by_reference[line.reference].append(line)
            if line.sku:
                self.by_sku[line.sku].append(line)

    def named(self, reference: str) -> list[OrderLine]:
        """Usually one line; more when the order's document gave them one id."""
        if found := self.by_reference.get(reference):
            return found
        return [self.by_number[reference]] if reference in self.by_number else []

    def of_goods(self, line: DocumentLine) -> list[OrderLine]:
        ids = (line.item.seller_id, line.item.buyer_id, line.item.standard_id)
        found = {each.pk: each for one in ids if one for each in self.by_sku.get(one.value, [])}
        return list(found.values())


def match_lines(
    document: TradeDocument, order: Order, findings: Findings, *, has_own_numbers: bool = True
) -> list[MatchedLine]:
    """Every line of the paper that speaks of a line of the order, with an error for each other.

    ``has_own_numbers`` is False for a response, whose line ids are the order's where it gives no
    reference. Units must be the same.
    """
    index = _Index(list(order.lines.all()))
    matched = []
    for row, line in enumerate(document.lines, start=1):
        order_line = _order_line(row, line, order, index, findings, has_own_numbers)
        if order_line is not None and _is_measured(row, line, order_line, findings):
            matched.append(MatchedLine(row, line, order_line))
    return matched


def _order_line(
    row: int,
    line: DocumentLine,
    order: Order,
    index: _Index,
    findings: Findings,
    has_own_numbers: bool,  # noqa: FBT001 - passed through
) -> OrderLine | None:
    named = [one for one in line.references if one.kind == "OrderLineReference"]
    others = {one.number.value for one in named if one.number} - {order.number}
    if others:
        _wrong_order(row, sorted(others)[0], order, findings)
        return None
    references = [one.line_id for one in named if one.line_id]
    if not references and not has_own_numbers and line.id:
        references = [line.id]
    hits = next((hits for name in references if (hits := index.named(name))), [])
    by_goods = index.of_goods(line)
    if len(hits) > 1:
        hits = [hit for hit in hits if hit in by_goods] or hits
    if len(hits) > 1:
        _unknown(row, line, references, findings, is_ambiguous=True)
        return None
    by_reference = hits[0] if hits else None
    if by_reference is not None:
        if by_goods and by_reference.sku and by_reference not in by_goods:
            _other_goods(row, line, by_reference, findings)
            return None
        return by_reference
    if len(by_goods) == 1:
        return by_goods[0]
    _unknown(row, line, references, findings, is_ambiguous=bool(by_goods))
    return None


def _is_measured(row: int, line: DocumentLine, order_line: OrderLine, findings: Findings) -> bool:
    unit = line.quantity.unit if line.quantity else ""
    if is_same_unit(unit, order_line.unit):
        return True
    findings.wrong(
        "wrong_unit",
        f"单位“{unit}”与订单第 {order_line.line_number} 行的“{order_line.unit}”不同",
        f"the unit “{unit}” is not the order's “{order_line.unit}” of line"
        f" {order_line.line_number}",
        todo_zh="请按订单的单位填写数量",
        todo_en="state the quantity in the order's unit",
        row=row,
        column="Quantity/@unitCode",
        value=unit,
    )
    return False


def _wrong_order(row: int, number: str, order: Order, findings: Findings) -> None:
    findings.wrong(
        "other_order",
        f"这一行属于订单“{number}”，不是“{order.number}”",
        f"this line is of the order “{number}”, not “{order.number}”",
        todo_zh="请按订单拆分单据",
        todo_en="split the paper by order",
        row=row,
        column="OrderLineReference/OrderReference/ID",
        value=number,
    )


def _other_goods(row: int, line: DocumentLine, order_line: OrderLine, findings: Findings) -> None:
    findings.wrong(
        "other_goods",
        f"引用订单第 {order_line.line_number} 行，货号却是另一行的（{line.item.name}）",
        f"it references order line {order_line.line_number}, but the goods are another line's"
        f" ({line.item.name})",
        todo_zh="请核对行号与货号",
        todo_en="check line number and goods",
        row=row,
        column="Item",
        value=line.item.name,
    )


def _unknown(
    row: int, line: DocumentLine, references: list[str], findings: Findings, *, is_ambiguous: bool
) -> None:
    shown = references[0] if references else line.item.name
    code = "ambiguous_line" if is_ambiguous else "line_not_in_order"
    zh = "订单有多行与此相符，单据未注明是哪一行" if is_ambiguous else "订单没有这一行"
    en = (
        "several lines of the order fit, and the paper does not say which"
        if is_ambiguous
        else "the order has no such line"
    )
    findings.wrong(
        code,
        f"{zh}：{shown}",
        f"{en}: {shown}",
        todo_zh="请注明订单行号（OrderLineReference/LineID）",
        todo_en="name the order's line (OrderLineReference/LineID)",
        row=row,
        column="OrderLineReference/LineID",
        value=shown,
    )
