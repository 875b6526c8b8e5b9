"""Gathers the rows of an order sheet into orders and checks what only shows between rows."""

from scf.trade.importing.cell_values import CellProblem
from scf.trade.importing.document_parts import Identifier
from scf.trade.importing.orders import ImportedLine, ImportedOrder, ImportedParty
from scf.trade.importing.sheet_rows import ErrorList, SheetRow

USCC_SCHEME = "USCC"
_PARTIES = ("buyer_uscc", "seller_uscc")


def orders_of(rows: list[SheetRow], errors: ErrorList) -> tuple[ImportedOrder, ...]:
    """The orders of the sheet that have no error in any row; errors between rows go to ``errors``.

    An order with one bad row is left out whole: half an order must never be confirmed.
    """
    groups: dict[str, list[SheetRow]] = {}
    for row in rows:
        groups.setdefault(row.texts.get("order_number", ""), []).append(row)
    for number, group in groups.items():
        for row in group:
            _check_two_parties(row, errors)
        if number:
            _check_same_parties(number, group, errors)
            _check_line_numbers(number, group, errors)
    bad = {error.row for error in errors.found}
    return tuple(
        _order(number, group)
        for number, group in groups.items()
        if number and not any(row.number in bad for row in group)
    )


def _check_two_parties(row: SheetRow, errors: ErrorList) -> None:
    buyer, seller = (row.texts.get(key, "") for key in _PARTIES)
    if buyer and buyer == seller:
        problem = CellProblem(
            "same_party",
            "买方与卖方相同",
            "buyer and seller are the same",
            "请核对买方和卖方的代码",
            "check the codes of buyer and seller",
        )
        errors.add(row.number, "seller_uscc", problem, seller)


def _check_same_parties(number: str, group: list[SheetRow], errors: ErrorList) -> None:
    for key in _PARTIES:
        first: SheetRow | None = None
        for row in group:
            uscc = row.texts.get(key)
            if uscc is None:
                continue
            first = first or row
            if uscc != first.texts[key]:
                problem = CellProblem(
                    "parties_differ",
                    f"与订单 {number} 第 {first.number} 行不同",
                    f"differs from row {first.number} of order {number}",
                    "同一订单只能有一个买方和一个卖方",
                    "one order has one buyer and one seller",
                )
                errors.add(row.number, key, problem, uscc)


def _check_line_numbers(number: str, group: list[SheetRow], errors: ErrorList) -> None:
    seen: dict[str, int] = {}
    for row in group:
        line = row.texts.get("line_no")
        if line is None:
            continue
        if line in seen:
            problem = CellProblem(
                "line_twice",
                f"订单 {number} 的行号 {line} 已在第 {seen[line]} 行出现",
                f"line {line} of order {number} already stands in row {seen[line]}",
                "同一订单内行号不能重复",
                "a line number stands once in an order",
            )
            errors.add(row.number, "line_no", problem, line)
        seen.setdefault(line, row.number)


def _order(number: str, group: list[SheetRow]) -> ImportedOrder:
    first = group[0].texts
    return ImportedOrder(
        number=number,
        issued_on=None,
        currency="CNY",
        stated_currency="CNY",
        buyer=ImportedParty("", (Identifier(first["buyer_uscc"], USCC_SCHEME),)),
        seller=ImportedParty("", (Identifier(first["seller_uscc"], USCC_SCHEME),)),
        lines=tuple(_line(position, row) for position, row in enumerate(group, start=1)),
    )


def _line(position: int, row: SheetRow) -> ImportedLine:
    return ImportedLine(
        position=position,
        line_no=row.texts["line_no"],
        sku=row.texts.get("sku", ""),
        name=row.texts["name"],
        spec=row.texts.get("spec", ""),
        unit=row.texts["unit"],
        quantity=row.quantity,
        unit_price=row.unit_price,
        tax_rate_ppm=row.tax_rate_ppm or 0,
        value_minor=row.value_minor,
        adjustment_minor=0,
        delivery_on=row.delivery_on,
        row=row.number,
    )
