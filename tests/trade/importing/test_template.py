"""The template is what the reader wants, and the error file goes back as text only."""

import io
import zipfile

import pytest
from python_calamine import CalamineWorkbook

from scf.trade.importing import (
    ImportRefused,
    error_file,
    read_order_sheet,
    template_csv,
    template_xlsx,
)
from scf.trade.importing.columns import COLUMNS
from tests.trade.importing.samples import csv_sheet, sheet_row

INJECTIONS = ['=HYPERLINK("http://x";"y")', "+1+1", "-2+3", "@SUM(A1)", "=cmd|' /C calc'!A0"]


def _rows(workbook: bytes, sheet: int = 0) -> list[list[str]]:
    return (
        CalamineWorkbook.from_filelike(io.BytesIO(workbook)).get_sheet_by_index(sheet).to_python()
    )


def test_the_template_has_chinese_names_with_english_beneath_and_a_help_sheet():
    first, second = _rows(template_xlsx())
    assert [name.removesuffix(" *") for name in first] == [column.zh for column in COLUMNS]
    assert [name.removesuffix(" *") for name in second] == [column.en for column in COLUMNS]
    assert [row[2] for row in _rows(template_xlsx(), 1)[1:13]] == [c.example for c in COLUMNS]


@pytest.mark.parametrize("template", [template_xlsx(), template_csv()])
def test_an_empty_template_lacks_only_rows(template):
    with pytest.raises(ImportRefused) as refusal:
        read_order_sheet(template)
    assert refusal.value.code == "no_rows"


def test_a_filled_template_with_the_examples_of_its_help_is_an_order():
    text = template_csv().decode("utf-8-sig") + ",".join(column.example for column in COLUMNS)
    reading = read_order_sheet(text.encode())
    assert reading.is_clean
    assert reading.orders[0].lines[0].row == 3


def test_a_cell_like_a_formula_is_kept_as_it_is_and_written_back_as_text():
    rows = [
        sheet_row(line_no=number, name=f'"{text.replace(chr(34), chr(34) * 2)}"')
        for number, text in enumerate(INJECTIONS)
    ]
    reading = read_order_sheet(csv_sheet(*rows, sheet_row(line_no="x", quantity="0")).encode())
    assert [row[5] for row in reading.rows[1:6]] == INJECTIONS
    sound = read_order_sheet(csv_sheet(*rows).encode())
    assert [line.name for line in sound.orders[0].lines] == INJECTIONS

    returned = error_file(reading)

    assert [row[5] for row in _rows(returned)[1:6]] == INJECTIONS
    with zipfile.ZipFile(io.BytesIO(returned)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
        assert not [name for name in archive.namelist() if "hyperlink" in name.lower()]


def test_the_error_file_says_beside_each_row_what_is_wrong_and_what_to_do():
    content = csv_sheet(sheet_row(), sheet_row(line_no="2", quantity="x", unit_price="y")).encode()
    returned = _rows(error_file(read_order_sheet(content)))
    assert returned[0][-2:] == ["错误", "Errors"]
    assert returned[1][-2:] == ["", ""]
    assert "数量：不是数字" in returned[2][-2]
    assert "含税单价：不是数字" in returned[2][-2]
    assert "digits and a point only" in returned[2][-1]


def test_the_error_file_may_be_corrected_and_sent_again():
    reading = read_order_sheet(csv_sheet(sheet_row(quantity="x")).encode())
    again = read_order_sheet(error_file(reading))
    assert [(one.row, one.field, one.code) for one in again.errors] == [
        (2, "quantity", "not_a_number")
    ]
    assert again.ignored_columns == ("错误", "Errors")
