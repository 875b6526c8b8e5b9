"""Sheets made to harm are refused in words and at once: B36, B38, B39."""

import io
import tracemalloc
import zipfile

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from scf.trade.importing import FileKind, ImportRefused, kind_of_file, read_order_sheet
from scf.trade.importing.columns import COLUMNS
from tests.trade.importing.samples import csv_sheet, order_xml, sheet_row, xlsx_sheet

MEBIBYTE = 1 << 20
SHEET = "xl/worksheets/sheet1.xml"
SOUND = xlsx_sheet(sheet_row())
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def _with_part(name: str, part: bytes) -> bytes:
    """A sound workbook with one part exchanged or added."""
    content = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx_sheet(sheet_row()))) as sound,
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as changed,
    ):
        for entry in sound.namelist():
            if entry != name:
                changed.writestr(entry, sound.read(entry))
        changed.writestr(name, part)
    return content.getvalue()


def _sheet(rows: str, prolog: str = "") -> bytes:
    return f'{prolog}<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def _refused(content: bytes, *, within: int = 100 * MEBIBYTE) -> str:
    tracemalloc.start()
    with pytest.raises(ImportRefused) as refusal:
        read_order_sheet(content)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < within
    assert refusal.value.zh
    assert refusal.value.en
    return refusal.value.code


def test_a_small_workbook_that_unpacks_to_a_hundred_megabytes_is_refused_unpacked():
    row = '<row><c t="inlineStr"><is><t>aaaaaaaaaaaaaaaa</t></is></c></row>'
    bomb = _with_part(SHEET, _sheet(row * (100_000_000 // len(row))))
    assert len(bomb) < 600_000
    assert _refused(bomb, within=8 * MEBIBYTE) == "too_large"


def test_a_bomb_whose_header_lies_about_its_size_is_refused():
    size = 60_000_000
    honest = _with_part(SHEET, _sheet("<row/>" + " " * size))
    length = len(_sheet("<row/>")) + size
    lying = honest.replace(length.to_bytes(4, "little"), (1_000).to_bytes(4, "little"))
    assert lying != honest
    assert _refused(lying, within=8 * MEBIBYTE) == "broken_file"


def test_one_cell_in_the_last_corner_does_not_make_a_sheet_of_seventeen_thousand_million():
    corner = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    assert _refused(_with_part(SHEET, _sheet(corner))) in ("too_many_rows", "too_many_columns")
    hidden = '<row r="1"><c r = &apos;XFD1&apos;><v>1</v></c></row>'.replace("&apos;", "'")
    assert _refused(_with_part(SHEET, _sheet(hidden))) == "too_many_columns"
    escaped = '<row r="1"><c r="&#88;FD1"><v>1</v></c></row>'
    assert _refused(_with_part(SHEET, _sheet(escaped))) == "too_many_columns"


def test_coloured_empty_cells_far_out_are_harmless():
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [column.zh for column in COLUMNS])
        sheet.write_row(1, 0, sheet_row())
        sheet.write_blank(1_048_575, 16_383, None, book.add_format({"bold": True}))
    assert read_order_sheet(content.getvalue()).is_clean


def test_millions_of_empty_rows_are_refused():
    assert _refused(_with_part(SHEET, _sheet("<row/>" * 3_000_000))) == "too_many_rows"


def test_an_entity_inside_a_workbook_is_refused():
    doctype = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    for name in (SHEET, "xl/workbook.xml", "xl/styles.xml"):
        assert _refused(_with_part(name, _sheet("", prolog=doctype))) == "xml_forbidden"


def test_a_workbook_of_too_many_parts_is_refused():
    content = io.BytesIO(xlsx_sheet(sheet_row()))
    with zipfile.ZipFile(content, "a") as archive:
        for number in range(201):
            archive.writestr(f"xl/media/{number}.bin", b"")
    assert _refused(content.getvalue()) == "too_large"


def test_a_part_that_stands_there_twice_is_refused():
    content = io.BytesIO(xlsx_sheet(sheet_row()))
    with zipfile.ZipFile(content, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(SHEET, _sheet(""))
    assert _refused(content.getvalue()) == "broken_file"


def test_a_sheet_of_too_many_rows_is_refused():
    rows = [sheet_row(line_no=number) for number in range(5_001)]
    assert _refused(xlsx_sheet(*rows)) == "too_many_rows"


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_damaged_workbook_is_read_or_refused_and_nothing_else(data):
    damaged = bytearray(SOUND)
    places = st.integers(0, len(SOUND) - 1)
    for place, byte in data.draw(st.dictionaries(places, st.integers(0, 255), max_size=6)).items():
        damaged[place] = byte
    assert _told(bytes(damaged))


def _told(content: bytes) -> object:
    try:
        return read_order_sheet(content).rows
    except ImportRefused as refusal:
        return refusal.zh


def test_a_workbook_packed_in_an_unusual_way_is_refused():
    content = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(SOUND)) as sound,
        zipfile.ZipFile(content, "w", zipfile.ZIP_LZMA) as changed,
    ):
        for entry in sound.namelist():
            changed.writestr(entry, sound.read(entry))
    assert _refused(content.getvalue()) == "broken_file"


def test_a_workbook_that_is_torn_off_is_refused():
    sound = xlsx_sheet(sheet_row())
    assert _refused(sound[: len(sound) // 2]) == "broken_file"
    assert _refused(_with_part(SHEET, b"<worksheet><sheetData>")) == "broken_file"
    assert _refused(_with_part("xl/workbook.xml", b"<workbook/>")) in ("broken_file", "no_sheet")


def _archive(name: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(name, b"x")
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, ".xls"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"<!DOCTYPE html><table>", "HTML"),
        ("订单号".encode("utf-16"), "UTF-16"),
        (_archive("OFD.xml"), "OFD"),
        (_archive("xl/vbaProject.bin"), "宏"),
        (_archive("xl/workbook.bin"), ".xlsb"),
        (_archive("content.xml"), "OpenDocument"),
        (_archive("notes.txt"), "压缩包"),
        (order_xml(), "XML"),
    ],
)
def test_a_file_of_the_wrong_type_is_refused_by_its_content_and_named(content, word):
    with pytest.raises(ImportRefused) as refusal:
        read_order_sheet(content)
    assert refusal.value.code == "wrong_type"
    assert word in refusal.value.zh


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"a" * (10 * 1024 * 1024 + 1), "too_large"),
        (b"a,b\x00,c\n", "not_text"),
        ("订单号".encode()[:-1] + b"\xff\n", "bad_encoding"),
        (b"PK\x03\x04 not a zip", "broken_file"),
    ],
)
def test_a_file_that_is_no_sheet_is_refused(content, code):
    assert _refused(content) == code


def test_the_kind_of_a_file_is_told_by_its_content():
    assert kind_of_file(order_xml()) == FileKind.UBL
    assert kind_of_file(b"\xef\xbb\xbf \n" + order_xml()) == FileKind.UBL
    assert kind_of_file(xlsx_sheet(sheet_row())) == FileKind.XLSX
    assert kind_of_file(csv_sheet(sheet_row()).encode("gb18030")) == FileKind.CSV


def test_a_formula_that_failed_is_named_in_every_column():
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [column.zh for column in COLUMNS])
        sheet.write_row(1, 0, sheet_row())
        sheet.write_formula(1, 6, "=1/0", None, "#DIV/0!")
        sheet.write_formula(1, 8, "=NA()", None, "#N/A")
    errors = read_order_sheet(content.getvalue()).errors
    assert [(one.field, one.code) for one in errors] == [
        ("spec", "formula_error"),
        ("quantity", "formula_error"),
    ]
