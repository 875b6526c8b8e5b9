"""Reads orders from xlsx and csv: every error by row and column, and the sound orders."""

from dataclasses import dataclass

from scf.trade.importing.cells import Cell
from scf.trade.importing.columns import BY_KEY, COLUMNS, Column, column_named
from scf.trade.importing.csv_file import csv_rows
from scf.trade.importing.limits import MAX_ROWS, Deadline
from scf.trade.importing.orders import ImportedOrder
from scf.trade.importing.refusals import CellError, ImportRefused
from scf.trade.importing.sheet_orders import orders_of
from scf.trade.importing.sheet_rows import ErrorList, SheetRow, read_row
from scf.trade.importing.sniff import FileKind, kind_of_file, wrong_type
from scf.trade.importing.xlsx_file import too_many_rows, xlsx_rows


@dataclass(frozen=True, slots=True)
class SheetReading:
    """The dry run of one file. ``orders`` holds those without any error; ``errors`` all errors.

    ``header_row`` is the row number of the column names, ``columns`` the key of each column (empty
    for one we do not know, named in ``ignored_columns``), ``rows`` every cell as it stands.
    """

    kind: FileKind
    orders: tuple[ImportedOrder, ...]
    errors: tuple[CellError, ...]
    row_count: int
    header_row: int
    columns: tuple[str, ...]
    ignored_columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def is_clean(self) -> bool:
        """True when the whole file may be confirmed."""
        return not self.errors


def read_order_sheet(content: bytes) -> SheetReading:
    """Dry run of an order sheet: nothing is stored, every error of the file is listed.

    Amounts are CNY, prices include tax, line values are K7. Raises ImportRefused for the file as a
    whole: all of ``kind_of_file``, ``xlsx_rows`` and ``csv_rows``; ``no_header``,
    ``column_missing``, ``column_twice``, ``no_rows``.
    """
    deadline = Deadline()
    kind = kind_of_file(content)
    if kind is FileKind.UBL:
        raise wrong_type("XML 文件", "an XML file")
    rows = xlsx_rows(content, deadline) if kind is FileKind.XLSX else csv_rows(content, deadline)
    header = _header_row(rows)
    columns = _columns(rows[header])
    first = header + 2 if _is_second_header(rows, header, columns) else header + 1
    data = _data_rows(rows, first)
    errors = ErrorList(columns)
    read: list[SheetRow] = []
    for number, row in data:
        deadline.check()
        read.append(read_row(number, row, errors))
    orders = orders_of(read, errors)
    return SheetReading(
        kind=kind,
        orders=orders,
        errors=tuple(sorted(errors.found, key=_place)),
        row_count=len(data),
        header_row=header + 1,
        columns=tuple(column.key if column else "" for column in columns),
        ignored_columns=tuple(
            cell.text
            for cell, column in zip(rows[header], columns, strict=True)
            if column is None and cell.text.strip()
        ),
        rows=tuple(tuple(cell.text for cell in row) for row in rows),
    )


def _place(error: CellError) -> tuple[int, int, str]:
    return (error.row, len(error.column), error.column)


def _data_rows(rows: list[list[Cell]], first: int) -> list[tuple[int, list[Cell]]]:
    data = [
        (number, row)
        for number, row in enumerate(rows[first:], start=first + 1)
        if any(cell.text.strip() for cell in row)
    ]
    if not data:
        raise ImportRefused("no_rows", "表头下面没有数据", "there is no data below the header")
    if len(data) > MAX_ROWS:
        raise too_many_rows()
    return data


def _header_row(rows: list[list[Cell]]) -> int:
    # Titles may stand above the names: the header is the first row with three names we know.
    for place, row in enumerate(rows[:10]):
        if sum(1 for cell in row if column_named(cell.text)) >= 3:
            return place
    raise ImportRefused(
        "no_header",
        "前十行中找不到表头，请使用模板",
        "no header in the first ten rows; use the template",
    )


def _columns(header: list[Cell]) -> list[Column | None]:
    columns = [column_named(cell.text) for cell in header]
    known = [column.key for column in columns if column]
    twice = sorted({key for key in known if known.count(key) > 1})
    missing = [column for column in COLUMNS if column.is_required and column.key not in known]
    if twice:
        column = BY_KEY[twice[0]]
        raise ImportRefused(
            "column_twice",
            f"“{column.zh}”列出现了两次",
            f"the column “{column.en}” stands there twice",
        )
    if missing:
        raise ImportRefused(
            "column_missing",
            "缺少列：" + "、".join(column.zh for column in missing),
            "columns are missing: " + ", ".join(column.en for column in missing),
        )
    return columns


def _is_second_header(rows: list[list[Cell]], header: int, columns: list[Column | None]) -> bool:
    if header + 1 >= len(rows):
        return False
    below = [column_named(cell.text) for cell in rows[header + 1]]
    return sum(1 for one, other in zip(columns, below, strict=False) if one and one is other) >= 3
