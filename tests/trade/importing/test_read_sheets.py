"""Orders out of xlsx and csv: a dry run lists every error and keeps the sound orders."""

import io
from datetime import date, datetime
from decimal import Decimal

import pytest
import xlsxwriter

from scf.trade.importing import FileKind, ImportRefused, read_order_sheet
from scf.trade.importing.columns import COLUMNS
from tests.trade.importing.samples import BUYER, SELLER, csv_sheet, sheet_row, xlsx_sheet


def _codes(content: bytes) -> list[tuple[int, str, str]]:
    return [(one.row, one.field, one.code) for one in read_order_sheet(content).errors]


def _refusal(content: bytes) -> str:
    with pytest.raises(ImportRefused) as refusal:
        read_order_sheet(content)
    return refusal.value.code


@pytest.mark.parametrize(
    "content",
    [
        csv_sheet(sheet_row(), sheet_row(line_no="2")).encode("utf-8"),
        csv_sheet(sheet_row(), sheet_row(line_no="2")).encode("utf-8-sig"),
        csv_sheet(sheet_row(), sheet_row(line_no="2")).encode("gb18030"),
        csv_sheet(sheet_row(), sheet_row(line_no="2"), delimiter=";").encode(),
        csv_sheet(sheet_row(), sheet_row(line_no="2"), delimiter="\t").encode(),
        xlsx_sheet(sheet_row(), sheet_row(line_no="2")),
        xlsx_sheet(
            sheet_row(line_no=1, quantity=32.5, unit_price=8700.1, tax_rate=0.13),
            sheet_row(line_no=2, quantity=32.5, unit_price=8700.1, tax_rate=13),
        ),
    ],
    ids=["utf-8", "utf-8-sig", "gb18030", "semicolon", "tab", "xlsx-text", "xlsx-numbers"],
)
def test_the_same_order_is_read_from_every_kind_of_sheet(content):
    reading = read_order_sheet(content)

    assert reading.errors == ()
    (order,) = reading.orders
    assert (order.number, order.currency) == ("PO-1", "CNY")
    assert [order.buyer.ids[0].value, order.seller.ids[0].value] == [BUYER, SELLER]
    assert [line.line_no for line in order.lines] == ["1", "2"]
    line = order.lines[0]
    assert (line.sku, line.name, line.spec, line.unit) == (
        "PP-T30S",
        "聚丙烯 T30S",
        "25 kg/袋",
        "吨",
    )
    assert (line.quantity, line.unit_price) == (Decimal("32.5"), Decimal("8700.1"))
    assert (line.tax_rate_ppm, line.delivery_on) == (130_000, date(2026, 3, 31))
    assert line.value_minor == 28_275_325  # 32.5 x 8,700.10 = 282,753.25
    assert order.total_minor == 2 * 28_275_325


def test_every_error_of_the_file_is_listed_by_row_and_column():
    content = csv_sheet(
        sheet_row(quantity="NaN", unit_price="1e400", delivery_on="2026-02-30"),
        sheet_row(line_no="2", buyer_uscc="91990100MA0D00017X", name=""),
        sheet_row(line_no="3", quantity="Infinity", unit_price="-1", tax_rate="0.5"),
        sheet_row(order_number="PO-2", unit_price="0.001", quantity="1"),
        sheet_row(order_number="PO-3"),
    ).encode()

    reading = read_order_sheet(content)

    assert [(one.row, one.column, one.field, one.code) for one in reading.errors] == [
        (2, "I", "quantity", "not_a_number"),
        (2, "J", "unit_price", "not_a_number"),
        (2, "L", "delivery_on", "bad_date"),
        (3, "B", "buyer_uscc", "bad_uscc"),
        (3, "F", "name", "required"),
        (4, "I", "quantity", "not_a_number"),
        (4, "J", "unit_price", "amount_not_positive"),
        (4, "K", "tax_rate", "bad_tax_rate"),
        (5, "J", "unit_price", "line_worth_nothing"),
    ]
    for one in reading.errors:
        assert one.zh
        assert one.en
        assert one.todo_zh
        assert one.todo_en
    assert [order.number for order in reading.orders] == ["PO-3"]
    assert not reading.is_clean


def test_an_order_with_one_bad_row_is_left_out_whole():
    content = csv_sheet(sheet_row(), sheet_row(line_no="2", quantity="0")).encode()
    assert read_order_sheet(content).orders == ()


def test_errors_between_rows_are_found():
    content = csv_sheet(
        sheet_row(),
        sheet_row(),
        sheet_row(line_no="2", buyer_uscc=SELLER),
        sheet_row(order_number="PO-2", line_no="1"),
    ).encode()
    assert _codes(content) == [
        (3, "line_no", "line_twice"),
        (4, "buyer_uscc", "parties_differ"),
        (4, "seller_uscc", "same_party"),
    ]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("quantity", "1,200", "not_a_number"),
        ("quantity", "0", "amount_not_positive"),
        ("quantity", "1.0000001", "too_precise"),
        ("quantity", "1" + "0" * 12, "number_too_large"),
        ("quantity", "sNaN", "not_a_number"),
        ("quantity", "9" * 1999, "not_a_number"),
        ("unit_price", "¥5", "not_a_number"),
        ("tax_rate", "abc", "not_a_number"),
        ("tax_rate", "-1%", "bad_tax_rate"),
        ("tax_rate", "31%", "bad_tax_rate"),
        ("tax_rate", "13.00001%", "bad_tax_rate"),
        ("delivery_on", "45000", "bad_date"),
        ("delivery_on", "31.03.2026", "bad_date"),
        ("buyer_uscc", BUYER.lower(), "bad_uscc"),
        ("buyer_uscc", BUYER[:-1], "bad_uscc"),
        ("spec", "#DIV/0!", "formula_error"),
        ("name", "x" * 201, "cell_too_long"),
        ("name", "x" * 2001, "cell_too_long"),
        ("name", "a\x07b", "control_character"),
    ],
)
def test_a_bad_cell_is_refused_with_its_code(field, value, code):
    row = sheet_row(**{field: f'"{value}"' if "," in value else value})
    assert (2, field, code) in _codes(csv_sheet(row).encode())


@pytest.mark.parametrize(
    ("text", "ppm"),
    [
        ("13%", 130_000),
        ("13％", 130_000),
        ("13", 130_000),
        ("0.13", 130_000),
        ("1", 10_000),
        ("0.5%", 5_000),
        ("0", 0),
    ],
)
def test_a_tax_rate_may_be_written_as_people_write_it(text, ppm):
    (order,) = read_order_sheet(csv_sheet(sheet_row(tax_rate=text)).encode()).orders
    assert order.lines[0].tax_rate_ppm == ppm


@pytest.mark.parametrize(
    "text",
    ["2026-03-31", "2026/3/31", "2026.3.31", "20260331", "2026年3月31日", "2026/3/31 0:00"],
)
def test_a_day_may_be_written_as_people_write_it(text):
    (order,) = read_order_sheet(csv_sheet(sheet_row(delivery_on=text)).encode()).orders
    assert order.lines[0].delivery_on == date(2026, 3, 31)


def test_digits_of_a_chinese_keyboard_are_digits():
    row = sheet_row(quantity="３２．５", tax_rate="１３％", delivery_on="２０２６－０３－３１")
    reading = read_order_sheet(csv_sheet(row).encode())
    assert reading.orders == read_order_sheet(csv_sheet(sheet_row()).encode()).orders
    assert len(reading.orders) == 1


def test_a_superscript_is_no_digit():
    assert _codes(csv_sheet(sheet_row(quantity="5²")).encode()) == [(2, "quantity", "not_a_number")]


@pytest.mark.parametrize("field", ["order_number", "line_no", "sku"])
def test_a_code_that_became_an_exponent_on_its_way_into_the_csv_has_lost_digits(field):
    content = csv_sheet(sheet_row(**{field: "6.90123E+12"})).encode()
    assert _codes(content) == [(2, field, "digits_lost")]


def test_a_code_stored_as_a_number_must_not_have_lost_digits():
    content = xlsx_sheet(sheet_row(order_number=1234567890123456789, sku=6901234567892))
    assert _codes(content) == [(2, "order_number", "digits_lost")]


def test_binary_noise_of_a_spreadsheet_is_not_taken_for_digits():
    content = xlsx_sheet(sheet_row(unit_price=0.1 + 0.2))
    assert read_order_sheet(content).orders[0].lines[0].unit_price == Decimal("0.3")


def test_optional_cells_may_be_empty_and_empty_rows_do_not_count():
    content = csv_sheet(sheet_row(sku="", spec="", delivery_on=""), [""] * 12, ["  "]).encode()
    reading = read_order_sheet(content)
    assert reading.row_count == 1
    assert (reading.orders[0].lines[0].sku, reading.orders[0].lines[0].delivery_on) == ("", None)


def test_columns_may_stand_in_any_order_and_strange_ones_are_named():
    names = [column.en for column in reversed(COLUMNS)]
    row = [*reversed(sheet_row()), "remark of ours"]
    content = "\n".join([",".join([*names, "Remark"]), ",".join(row)]).encode()
    reading = read_order_sheet(content)
    assert reading.is_clean
    assert reading.ignored_columns == ("Remark",)


def test_a_title_may_stand_above_the_header():
    text = "采购订单,,,\n\n" + csv_sheet(sheet_row())
    reading = read_order_sheet(text.encode())
    assert (reading.header_row, reading.is_clean, reading.orders[0].lines[0].row) == (3, True, 4)


@pytest.mark.parametrize("title", ["采购订单", "采购订单，三月, 第一版", "sep=;"])
def test_a_title_does_not_decide_what_stands_between_the_cells(title):
    content = (f"{title}\n" + csv_sheet(sheet_row(spec="a, b, c"), delimiter=";")).encode("gbk")
    reading = read_order_sheet(content)
    assert (reading.is_clean, reading.orders[0].lines[0].spec) == (True, "a, b, c")


def test_a_cell_may_hold_a_line_end_and_quotes():
    row = sheet_row(name='"聚\r\n丙烯, ""T30S"""')
    (order,) = read_order_sheet(csv_sheet(row).encode()).orders
    assert order.lines[0].name == '聚\r\n丙烯, "T30S"'


def test_blank_cells_behind_the_header_are_no_error():
    content = csv_sheet(sheet_row()).replace("\n", ",,  ,\r\n").encode()
    assert read_order_sheet(content).is_clean


def test_a_workbook_may_hold_formulas_dates_percentages_and_merged_cells():
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate(([c.zh for c in COLUMNS], sheet_row(), sheet_row(line_no="2"))):
            sheet.write_row(place, 0, row)
        sheet.write_formula(1, 8, "=30+2.5", None, 32.5)
        sheet.write_number(1, 10, 0.13, book.add_format({"num_format": "0%"}))
        day = book.add_format({"num_format": '[$-804]yyyy"年"m"月"d"日";@'})
        sheet.write_datetime(1, 11, datetime(2026, 3, 31), day)
        sheet.merge_range(1, 5, 2, 5, "聚丙烯 T30S")
    (order,) = read_order_sheet(content.getvalue()).orders
    wanted = read_order_sheet(csv_sheet(sheet_row(), sheet_row(line_no="2")).encode()).orders[0]
    assert order.lines == wanted.lines


def test_a_formula_that_was_never_reckoned_is_an_empty_cell():
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [column.zh for column in COLUMNS])
        sheet.write_row(1, 0, sheet_row())
        sheet.write_formula(1, 8, "=30+2.5", None, "")
    assert _codes(content.getvalue()) == [(2, "quantity", "required")]


def test_a_cell_beyond_the_header_is_an_error_of_the_row():
    assert _codes(csv_sheet([*sheet_row(), "stray"]).encode()) == [(2, "", "too_many_cells")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a,b,c\n1,2,3\n", "no_header"),
        (csv_sheet(), "no_rows"),
        (csv_sheet(sheet_row()).replace("数量", "数目"), "column_missing"),
        (csv_sheet(sheet_row()).replace("货品编码", "Quantity"), "column_twice"),
        (csv_sheet(sheet_row(name='"open')), "broken_csv"),
        (csv_sheet(*[sheet_row(line_no=n) for n in range(5_001)]), "too_many_rows"),
        (csv_sheet(["x"] * 65), "too_many_columns"),
    ],
)
def test_a_sheet_that_cannot_be_taken_is_refused_whole(text, code):
    assert _refusal(text.encode()) == code


def test_five_thousand_rows_are_taken():
    rows = [sheet_row(order_number=f"PO-{n // 5}", line_no=n) for n in range(5_000)]
    reading = read_order_sheet(xlsx_sheet(*rows))
    assert (reading.kind, reading.row_count, len(reading.orders)) == (FileKind.XLSX, 5_000, 1_000)
    assert reading.is_clean
