"""The settlement statement between the lenders of a joint loan (清算明细) as xlsx.

For each money act the whole by claim, each lender's part, and what passes between a partner and the
lender of record. The money itself passes outside the platform. Headings are in both languages.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import IO, Any

import xlsxwriter

from scf.core.money import PPM
from scf.loans.funders import FunderBook, FunderRow
from scf.loans.postings import Kind, Parts
from scf.loans.reports.sheet import OPTIONS

ACTS = {
    Kind.DRAW: "借款 Draw",
    Kind.COST: "垫付费用 Cost advanced",
    Kind.REPAY: "还款 Repayment",
    Kind.RETURN: "未用退回 Unused money returned",
    Kind.RECOVERY: "核销后收回 Recovery",
}
CLAIMS = (
    ("principal_minor", "本金 Principal"),
    ("interest_minor", "利息 Interest"),
    ("penalty_minor", "罚息 Penalty"),
    ("compound_minor", "复利 Compound"),
    ("costs_minor", "费用 Fees and costs"),
)
FORMATS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "head": {"bold": True, "bottom": 1, "text_wrap": True},
    "yuan": {"num_format": "#,##0.00"},
    "day": {"num_format": "yyyy-mm-dd"},
}


@dataclass(frozen=True)
class Statement:
    """What the file says: the loan, up to which day, who lends, its acts and books."""

    number: str
    on: date
    lender_of_record: str
    names: Mapping[str, str]
    rows: Sequence[FunderRow]
    books: Sequence[FunderBook]


def write_settlement(file: IO[bytes], given: Statement) -> None:
    """Write the statement; amounts are yuan, below zero where a partner pays the lender of
    record.
    """
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        formats = {name: book.add_format(look) for name, look in FORMATS.items()}
        _write_books(book.add_worksheet("汇总 Summary"), given, formats)
        _write_acts(book.add_worksheet("清算明细 Settlement"), given, formats)


def settles_minor(row: FunderRow, funder: str) -> int:
    """What a partner gets of an act from the lender of record, in fen; below zero it pays."""
    part: Parts = row.parts[funder]
    return -part.total_minor if row.is_put_in else part.total_minor


def _write_books(sheet: Any, given: Statement, formats: Mapping[str, Any]) -> None:
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 10, 18)
    sheet.write_string(
        0, 0, f"联合贷清算明细 Joint loan settlement {given.number}", formats["title"]
    )
    sheet.write_string(1, 0, f"截至 As of {given.on.isoformat()}")
    sheet.write_string(2, 0, f"牵头贷款人 Lender of record: {given.lender_of_record}")
    heads = ("贷款人 Lender", "出资比例 Share %", "已出资 Lent", "垫付 Advanced")
    names = [name for _claim, name in CLAIMS]
    _write_head(sheet, 4, (*heads, *names, "未收回本金 Outstanding"), formats)
    for row, each in enumerate(given.books, 5):
        sheet.write_string(row, 0, given.names[each.funder])
        sheet.write_number(row, 1, Decimal(each.ppm) * 100 / PPM)
        amounts = [each.lent_minor, each.advanced_minor]
        amounts += [getattr(each.got_back, claim) for claim, _name in CLAIMS]
        _write_yuan(sheet, row, 2, [*amounts, each.outstanding_minor], formats)


def _write_acts(sheet: Any, given: Statement, formats: Mapping[str, Any]) -> None:
    sheet.set_column(0, 40, 18)
    claims = [name for _claim, name in CLAIMS]
    funders = [each.funder for each in given.books]
    partners = [name for name in funders if given.names[name] != given.lender_of_record]
    heads = ["日期 Date", "事项 Act", "合计 Total"]
    heads += [f"{given.names[name]} {claim}" for name in funders for claim in claims]
    heads += [f"{given.names[name]} 应收（负为应付） Receives" for name in partners]
    _write_head(sheet, 0, heads, formats)
    for number, row in enumerate(given.rows, 1):
        sheet.write_datetime(number, 0, row.on, formats["day"])
        sheet.write_string(number, 1, ACTS[row.kind])
        shared = row.whole.total_minor - row.whole.overpaid_minor
        split = [getattr(row.parts[name], claim) for name in funders for claim, _name in CLAIMS]
        due = [settles_minor(row, name) for name in partners]
        _write_yuan(sheet, number, 2, [shared, *split, *due], formats)
    last = len(given.rows) + 1
    sums = [sum(settles_minor(row, name) for row in given.rows) for name in partners]
    sheet.write_string(last, 0, "清算净额 Net", formats["head"])
    _write_yuan(sheet, last, 3 + len(funders) * len(CLAIMS), sums, formats)


def _write_head(sheet: Any, row: int, names: Sequence[str], formats: Mapping[str, Any]) -> None:
    for column, name in enumerate(names):
        sheet.write_string(row, column, name, formats["head"])


def _write_yuan(
    sheet: Any, row: int, first: int, amounts: Sequence[int], formats: Mapping[str, Any]
) -> None:
    for column, minor in enumerate(amounts, first):
        sheet.write_number(row, column, Decimal(minor).scaleb(-2), formats["yuan"])
