"""Reads one row of an order sheet: its values, and an error for each cell that cannot be taken."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from scf.core.money import MoneyRefused, line_value
from scf.trade.importing.cell_values import (
    CellProblem,
    code_value,
    date_value,
    positive_value,
    rate_ppm_value,
    text_value,
    uscc_value,
)
from scf.trade.importing.cells import Cell, column_letter
from scf.trade.importing.columns import BY_KEY, Column
from scf.trade.importing.refusals import CellError

Value = str | Decimal | int | date | None
_READERS: dict[str, Callable[[Cell], Value]] = {
    "order_number": code_value,
    "buyer_uscc": uscc_value,
    "seller_uscc": uscc_value,
    "line_no": code_value,
    "sku": code_value,
    "name": text_value,
    "spec": text_value,
    "unit": text_value,
    "quantity": positive_value,
    "unit_price": positive_value,
    "tax_rate": rate_ppm_value,
    "delivery_on": date_value,
}
_LONGEST = {"order_number": 64, "line_no": 32, "sku": 64, "name": 200, "spec": 200, "unit": 20}


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One data row: its number in the sheet, the values that could be read, its value (K7, fen)."""

    number: int
    texts: dict[str, str]
    quantity: Decimal | None
    unit_price: Decimal | None
    tax_rate_ppm: int | None
    delivery_on: date | None
    value_minor: int | None


class ErrorList:
    """Collects the errors of one file, knowing which column stands where."""

    def __init__(self, columns: list[Column | None]) -> None:
        self.columns = columns
        self.found: list[CellError] = []

    def add(self, number: int, key: str, problem: CellProblem, value: str) -> None:
        """Note one error in row ``number``; an empty ``key`` means the row as a whole."""
        column = BY_KEY[key] if key else None
        self.found.append(
            CellError(
                row=number,
                column=column_letter(self.columns.index(column)) if column else "",
                field=key,
                code=problem.code,
                zh=f"{column.zh}：{problem.zh}" if column else problem.zh,
                en=f"{column.en}: {problem.en}" if column else problem.en,
                todo_zh=problem.todo_zh,
                todo_en=problem.todo_en,
                value=value[:200],
            )
        )


def read_row(number: int, cells: list[Cell], errors: ErrorList) -> SheetRow:
    """The row's values; every cell that cannot be taken goes to ``errors`` and stays empty here."""
    values: dict[str, Value] = {}
    width = len(errors.columns)
    for place, column in enumerate(errors.columns):
        cell = cells[place] if place < len(cells) else Cell("")
        if column is None:
            continue
        try:
            values[column.key] = _read_cell(column, cell)
        except CellProblem as problem:
            errors.add(number, column.key, problem, cell.text)
    stray = [cell.text for cell in cells[width:] if cell.text.strip()]
    if stray:
        errors.add(number, "", _too_many_cells(), stray[0])
    quantity, price = values.get("quantity"), values.get("unit_price")
    rate, day = values.get("tax_rate"), values.get("delivery_on")
    quantity = quantity if isinstance(quantity, Decimal) else None
    price = price if isinstance(price, Decimal) else None
    return SheetRow(
        number=number,
        texts={key: text for key, text in values.items() if isinstance(text, str)},
        quantity=quantity,
        unit_price=price,
        tax_rate_ppm=rate if isinstance(rate, int) else None,
        delivery_on=day if isinstance(day, date) else None,
        value_minor=_value_of(number, quantity, price, errors),
    )


def _too_many_cells() -> CellProblem:
    return CellProblem(
        "too_many_cells",
        "本行的单元格多于表头",
        "the row has more cells than the header",
        "请检查多余的分隔符或没有表头的列",
        "look for a stray delimiter or a column without a name",
    )


def _read_cell(column: Column, cell: Cell) -> Value:
    if not cell.text.strip():
        if column.is_required:
            raise CellProblem(
                "required",
                "不能为空",
                "must not be empty",
                f"请填写{column.zh}",
                f"fill in {column.en}",
            )
        return None
    value = _READERS[column.key](cell)
    longest = _LONGEST.get(column.key)
    if longest and isinstance(value, str) and len(value) > longest:
        raise CellProblem(
            "cell_too_long",
            f"超过 {longest} 个字符",
            f"is longer than {longest} characters",
            "请缩短内容",
            "shorten it",
        )
    return value


def _value_of(
    number: int, quantity: Decimal | None, price: Decimal | None, errors: ErrorList
) -> int | None:
    if quantity is None or price is None:
        return None
    try:
        value = line_value(quantity, price)
    except MoneyRefused:
        problem = CellProblem(
            "number_too_large",
            "与数量的乘积过大",
            "times the quantity is too large",
            "请核对数量和单价",
            "check quantity and price",
        )
    else:
        if value:
            return value
        problem = CellProblem(
            "line_worth_nothing",
            "与数量的乘积不足一分",
            "times the quantity is less than one fen",
            "请核对数量和单价",
            "check quantity and price",
        )
    errors.add(number, "unit_price", problem, str(price))
    return None
