"""Cells of the first visible sheet of an xlsx workbook, after measuring it.

The file is unpacked here, counted, and packed again for the reader, so that the reader never meets
an entry whose header lies about its size, nor a sheet larger than the limits.
"""

import io
import re
import zipfile
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from scf.trade.importing.cells import Cell
from scf.trade.importing.limits import (
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_SHEET_ELEMENTS,
    MAX_UNPACKED_BYTES,
    MAX_ZIP_ENTRIES,
    MIB,
    Deadline,
)
from scf.trade.importing.refusals import ImportRefused
from scf.trade.importing.sniff import BROKEN_ZIP

_NEEDED = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/(?:workbook|styles|sharedStrings)\.xml"
    r"|xl/_rels/workbook\.xml\.rels|xl/worksheets/[^/]+\.xml"
)
_HEADER_ROWS = 20  # room above the data: two header rows and a few notes
_MAX_CELLS = (MAX_ROWS + _HEADER_ROWS) * MAX_COLUMNS
_ERROR_CELL = re.compile(rb"(<c\b[^<>]{0,200}?\st=[\"'])e([\"'])")
_REFERENCE = re.compile(r"([A-Z]{1,4})([0-9]{1,9})")


def xlsx_rows(content: bytes, deadline: Deadline) -> list[list[Cell]]:
    """All rows of the first visible sheet, from the sheet's first row on.

    Raises ImportRefused: ``too_large``, ``broken_file``, ``xml_forbidden``, ``too_many_rows``,
    ``too_many_columns``, ``no_sheet``, ``too_slow``.
    """
    clean = _repacked(content, deadline)
    deadline.check()
    values = _values(clean)
    deadline.check()
    return [[_cell(value) for value in row] for row in values]


def _repacked(content: bytes, deadline: Deadline) -> bytes:
    packed = io.BytesIO()
    try:
        with (
            zipfile.ZipFile(io.BytesIO(content)) as archive,
            zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as clean,
        ):
            for entry in _checked_entries(archive):
                deadline.check()
                part = _part(archive, entry)
                if entry.filename.endswith((".xml", ".rels")):
                    _measure(part, is_sheet=entry.filename.startswith("xl/worksheets/"))
                # The reader shows an error such as #DIV/0! as nothing; as text it can be named.
                clean.writestr(entry.filename, _ERROR_CELL.sub(rb"\1str\2", part))
    except BROKEN_ZIP as broken:
        raise _broken() from broken
    return packed.getvalue()


def _part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    # Without a count zipfile unpacks the whole part before it cuts it to the stated size, so a part
    # that lies would fill the memory. With one it stops there and the checksum tells the lie.
    with archive.open(entry) as part:
        return part.read(max(1, entry.file_size))


def _checked_entries(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    entries = archive.infolist()
    if len(entries) > MAX_ZIP_ENTRIES:
        raise ImportRefused(
            "too_large",
            f"工作簿内有 {len(entries)} 个部件，超过上限 {MAX_ZIP_ENTRIES}",
            f"the workbook holds {len(entries)} parts; the limit is {MAX_ZIP_ENTRIES}",
        )
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED_BYTES:
        raise ImportRefused(
            "too_large",
            f"工作簿解压后有 {unpacked // MIB} MiB，超过上限 {MAX_UNPACKED_BYTES // MIB} MiB",
            f"it unpacks to {unpacked // MIB} MiB; the limit is {MAX_UNPACKED_BYTES // MIB} MiB",
        )
    names = [entry.filename for entry in entries]
    methods = {entry.compress_type for entry in entries}
    if len(set(names)) != len(names) or methods - {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise _broken()
    return [entry for entry in entries if _NEEDED.fullmatch(entry.filename)]


def _broken() -> ImportRefused:
    return ImportRefused(
        "broken_file", "工作簿已损坏或加密，无法打开", "the workbook is broken or encrypted"
    )


class _Measure:
    """Counts the cells that hold something and refuses a sheet that is too wide or too long."""

    def __init__(self) -> None:
        self.row = self.column = self.cells = self.elements = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        if self.elements > MAX_SHEET_ELEMENTS:
            raise too_many_rows()
        name = tag.rpartition(":")[2]
        if name == "row":
            number = attributes.get("r", "")
            self.row = int(number) if number.isdecimal() and len(number) < 9 else self.row + 1
            self.column = 0
        elif name == "c":
            self._cell(attributes.get("r", ""))
        elif name in ("v", "is", "f"):
            self._count()

    def _cell(self, reference: str) -> None:
        found = _REFERENCE.fullmatch(reference.upper())
        self.column += 1
        if found:
            self.column, self.row = _column_number(found[1]), int(found[2])

    def _count(self) -> None:
        # Only cells with a value count: spreadsheets often colour whole columns.
        self.cells += 1
        if self.row > MAX_ROWS + _HEADER_ROWS or self.cells > 2 * _MAX_CELLS:
            raise too_many_rows()
        if self.column > MAX_COLUMNS:
            raise too_many_columns()


def too_many_rows() -> ImportRefused:
    """The refusal of a sheet that is too long."""
    return ImportRefused(
        "too_many_rows", f"超过 {MAX_ROWS} 行，请拆分", f"more than {MAX_ROWS} rows; split the file"
    )


def too_many_columns() -> ImportRefused:
    """The refusal of a sheet that is too wide."""
    return ImportRefused(
        "too_many_columns", f"超过 {MAX_COLUMNS} 列", f"more than {MAX_COLUMNS} columns"
    )


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _measure(part: bytes, *, is_sheet: bool) -> None:
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    if is_sheet:
        parser.StartElementHandler = _Measure().start
    try:
        parser.ParseFile(io.BytesIO(part))
    except expat.ExpatError as broken:
        raise _broken() from broken


def _refuse_doctype(*_declaration: object) -> None:
    raise ImportRefused(
        "xml_forbidden",
        "工作簿内含有文档类型声明，出于安全原因不接受",
        "the workbook holds a document type declaration, which is not accepted for safety",
    )


Value = int | float | str | bool | time | date | datetime | timedelta


def _values(clean: bytes) -> list[list[Value]]:
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(clean))
        visible = [
            sheet.name
            for sheet in workbook.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
        ]
        if not visible:
            raise ImportRefused("no_sheet", "工作簿没有可见的工作表", "no visible sheet")
        return workbook.get_sheet_by_name(visible[0]).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError) as broken:
        raise _broken() from broken
    except BaseException as broken:
        # The reader is compiled: what it calls a panic is no Exception, but only a broken file.
        if type(broken).__name__ != "PanicException":
            raise
        raise _broken() from broken


def _cell(value: Value) -> Cell:
    if isinstance(value, bool):
        return Cell("TRUE" if value else "FALSE")
    if isinstance(value, (int, float)):
        return Cell(_plain_number(value), is_number=True)
    if isinstance(value, datetime):
        is_day = value.time() == time()
        return Cell(value.date().isoformat() if is_day else value.isoformat(sep=" "))
    if isinstance(value, (date, time)):
        return Cell(value.isoformat())
    return Cell(str(value))


def _plain_number(value: float) -> str:
    # A spreadsheet keeps 15 digits; more would show its binary noise, 3.3000000000000003.
    number = Decimal(f"{value:.15g}")
    if not number.is_finite() or abs(number.adjusted()) > 40:
        return str(value)
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
