"""The order template for download, and the file that goes back with its errors."""

import csv
import io

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from scf.trade.importing.cells import column_letter
from scf.trade.importing.columns import COLUMNS
from scf.trade.importing.limits import MAX_ROWS
from scf.trade.importing.refusals import CellError
from scf.trade.importing.sheets import SheetReading

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Nothing a person wrote may become a formula or a link when the file is opened (B38).
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def template_xlsx() -> bytes:
    """An empty order sheet: Chinese names, English beneath, a second sheet with what goes where."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, _OPTIONS) as book:
        head = book.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1})
        sub = book.add_format({"italic": True, "font_color": "#666666", "border": 1})
        text = book.add_format({"num_format": "@"})
        sheet = book.add_worksheet("订单 Orders")
        for place, column in enumerate(COLUMNS):
            sheet.write_string(0, place, column.zh + (" *" if column.is_required else ""), head)
            sheet.write_string(1, place, column.en + (" *" if column.is_required else ""), sub)
            sheet.set_column(place, place, column.width, text)
        sheet.freeze_panes(2, 0)
        _write_help(book.add_worksheet("说明 Help"), head)
    return content.getvalue()


def _write_help(sheet: Worksheet, head: Format) -> None:
    names = ("列 Column", "必填 Required", "示例 Example", "说明", "Note")
    for place, name in enumerate(names):
        sheet.write_string(0, place, name, head)
    for row, column in enumerate(COLUMNS, start=1):
        cells = (
            f"{column.zh} {column.en}",
            "是 yes" if column.is_required else "否 no",
            column.example,
            column.hint_zh,
            column.hint_en,
        )
        for place, text in enumerate(cells):
            sheet.write_string(row, place, text)
    sheet.write_string(
        len(COLUMNS) + 2,
        0,
        f"每个文件最多 {MAX_ROWS} 行，金额为人民币。At most {MAX_ROWS} rows, amounts in CNY.",
    )
    sheet.set_column(0, 4, 34)


def template_csv() -> bytes:
    """The same header as csv in UTF-8 with a mark, which spreadsheets open without garbling."""
    content = io.StringIO(newline="")
    writer = csv.writer(content)
    writer.writerow([column.zh for column in COLUMNS])
    writer.writerow([column.en for column in COLUMNS])
    return content.getvalue().encode("utf-8-sig")


def error_file(reading: SheetReading) -> bytes:
    """The uploaded rows as text, bad cells marked, with what is wrong and what to do beside them.

    May be corrected and uploaded again as it is: the added columns are ignored then.
    """
    by_row: dict[int, list[CellError]] = {}
    for error in reading.errors:
        by_row.setdefault(error.row, []).append(error)
    width = max((len(row) for row in reading.rows), default=0)
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, _OPTIONS) as book:
        bad = book.add_format({"bg_color": "#FFD9D9", "num_format": "@"})
        plain = book.add_format({"num_format": "@"})
        sheet = book.add_worksheet("订单 Orders")
        for place, row in enumerate(reading.rows):
            found = by_row.get(place + 1, [])
            letters = {error.column for error in found}
            for column, text in enumerate(row):
                style = bad if column_letter(column) in letters else plain
                sheet.write_string(place, column, text, style)
            if found:
                sheet.write_string(place, width, "；".join(_sentence_zh(e) for e in found), bad)
                sheet.write_string(place, width + 1, "; ".join(_sentence_en(e) for e in found), bad)
        sheet.write_string(reading.header_row - 1, width, "错误", bad)
        sheet.write_string(reading.header_row - 1, width + 1, "Errors", bad)
        sheet.set_column(width, width + 1, 60)
    return content.getvalue()


def _sentence_zh(error: CellError) -> str:
    return f"{error.zh}，{error.todo_zh}"


def _sentence_en(error: CellError) -> str:
    return f"{error.en}, {error.todo_en}"
