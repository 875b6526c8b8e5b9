"""The month-end report as xlsx: a summary and a line a loan, written row by row to a file.

Headings are in both languages; amounts are numbers in yuan, dates are dates. Rows leave memory as
they are written.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import IO, Any
from uuid import UUID

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from scf.core.money import PPM
from scf.loans.buckets import BUCKETS, Bucket
from scf.loans.classification import Tier
from scf.loans.reports.lines import LoanLine, Month
from scf.loans.reports.tally import Sums, Tally

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Nothing a person wrote may become a formula or a link when the file is opened (B38).
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
TIERS = {
    Tier.NORMAL: "正常 Normal",
    Tier.SPECIAL_MENTION: "关注 Special mention",
    Tier.SUBSTANDARD: "次级 Substandard",
    Tier.DOUBTFUL: "可疑 Doubtful",
    Tier.LOSS: "损失 Loss",
}
PRODUCTS = {
    "bullet": "到期一次还本付息 Bullet",
    "equal_instalments": "等额本息 Equal instalments",
    "equal_principal": "等额本金 Equal principal",
}
SUMS = (
    "笔数 Loans",
    "本金余额 Principal",
    "逾期金额 Overdue",
    "本月利息收入 Interest booked",
    "应提准备 Provision required",
    "已提准备 Provision booked",
)
COLUMNS: tuple[tuple[str, int], ...] = (
    ("贷款编号 Loan", 20),
    ("借款人 Borrower", 30),
    ("还款方式 Product", 26),
    ("年利率 Rate", 10),
    ("放款日 Opened", 12),
    ("到期日 Maturity", 12),
    ("五级分类 Tier", 22),
    ("逾期天数 Days past due", 12),
    ("贷款金额 Loan amount", 18),
    ("本金余额 Principal", 18),
    ("逾期本金 Overdue principal", 18),
    ("逾期利息 Overdue interest", 18),
    ("罚息复利 Penalty and compound", 18),
    ("本月利息收入 Interest booked", 18),
    ("本月费用收入 Fees booked", 18),
    ("本月放款 Lent", 18),
    ("本月收回 Received", 18),
    ("应提准备 Provision required", 18),
    ("已提准备 Provision booked", 18),
    ("本月新增 New", 10),
    ("已结清 Settled", 10),
)


@dataclass(frozen=True)
class Heading:
    """Whose report it is and of when."""

    bank: str
    month: Month
    business_date: date


@dataclass(frozen=True)
class _Formats:
    title: Format
    head: Format
    money: Format
    whole: Format
    day: Format
    rate: Format


def write_report(
    file: IO[bytes],
    lines: Iterable[LoanLine],
    *,
    heading: Heading,
    borrowers: dict[UUID, str],
) -> Tally:
    """Write the report into ``file`` and return its sums; ``borrowers`` are names by id."""
    counted = Tally()
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        formats = _formats(book)
        summary, detail = book.add_worksheet("汇总 Summary"), book.add_worksheet("明细 Loans")
        _write_columns(detail, heading, formats)
        for place, line in enumerate(lines, start=5):
            counted.add(line)
            _write_line(detail, place, line, borrowers, formats)
        detail.freeze_panes(5, 1)
        _write_summary(summary, counted, heading, formats)
    return counted


def _formats(book: Any) -> _Formats:
    return _Formats(
        title=book.add_format({"bold": True, "font_size": 14}),
        head=book.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1, "text_wrap": True}),
        money=book.add_format({"num_format": "#,##0.00"}),
        whole=book.add_format({"num_format": "#,##0"}),
        day=book.add_format({"num_format": "yyyy-mm-dd"}),
        rate=book.add_format({"num_format": "0.00##%"}),
    )


def _write_heading(sheet: Worksheet, heading: Heading, formats: _Formats) -> None:
    sheet.write_string(0, 0, "贷款月报 Month-end report of loans", formats.title)
    sheet.write_string(1, 0, f"银行 Bank: {heading.bank}")
    state = "" if heading.month.is_over else "（未终了 still running）"
    sheet.write_string(2, 0, f"月份 Month: {heading.month.name}{state}")
    sheet.write_string(
        3,
        0,
        f"截至 As of: {heading.month.last}　营业日 Business date: {heading.business_date}　"
        "单位：元 Amounts in CNY",
    )


def _write_columns(sheet: Worksheet, heading: Heading, formats: _Formats) -> None:
    for place, (_name, width) in enumerate(COLUMNS):
        sheet.set_column(place, place, width)
    _write_heading(sheet, heading, formats)
    _write_head(sheet, 4, [name for name, _width in COLUMNS], formats)


def _write_head(sheet: Worksheet, row: int, names: Sequence[str], formats: _Formats) -> None:
    for place, name in enumerate(names):
        sheet.write_string(row, place, name, formats.head)


def _write_line(
    sheet: Worksheet, row: int, line: LoanLine, borrowers: dict[UUID, str], formats: _Formats
) -> None:
    loan, due = line.loan, line.overdue
    is_late = line.days_past_due > 0
    sheet.write_string(row, 0, loan.number or "")
    sheet.write_string(row, 1, borrowers.get(loan.buyer_id, ""))
    sheet.write_string(row, 2, PRODUCTS.get(line.product, line.product))
    sheet.write_number(row, 3, Decimal(line.rate_ppm) / PPM, formats.rate)
    sheet.write_datetime(row, 4, loan.opened_on, formats.day)
    sheet.write_datetime(row, 5, loan.matures_on, formats.day)
    sheet.write_string(row, 6, TIERS[line.tier])
    sheet.write_number(row, 7, line.days_past_due, formats.whole)
    amounts = (
        loan.frame_minor,
        line.principal_minor,
        due.principal_minor if is_late else 0,
        due.interest_minor if is_late else 0,
        due.penalty_minor + due.compound_minor if is_late else 0,
        line.income_minor,
        line.fees_minor,
        line.lent_minor,
        line.received_minor,
        line.required_minor,
        line.provision_minor,
    )
    for place, amount in enumerate(amounts, start=8):
        sheet.write_number(row, place, _yuan(amount), formats.money)
    for place, is_so in enumerate((line.is_new, line.is_settled), start=19):
        sheet.write_string(row, place, "是 yes" if is_so else "")


def _write_summary(sheet: Worksheet, tally: Tally, heading: Heading, formats: _Formats) -> None:
    sheet.set_column(0, 1, 30)
    sheet.set_column(2, 7, 20)
    _write_heading(sheet, heading, formats)
    row = _write_groups(sheet, 5, tally, formats)
    row = _write_buckets(sheet, row + 1, tally, formats)
    moved = tally.moved
    _write_head(sheet, row + 1, ("本月变动 In the month", "", "笔数 Loans", "金额 Amount"), formats)
    pairs = (
        ("新增贷款 New loans", moved.new_loans, moved.lent_minor),
        ("结清贷款 Settled loans; 收回 Received", moved.settled_loans, moved.received_minor),
    )
    for place, (name, count, amount) in enumerate(pairs, start=row + 2):
        sheet.write_string(place, 0, name)
        sheet.write_number(place, 2, count, formats.whole)
        sheet.write_number(place, 3, _yuan(amount), formats.money)


def _write_groups(sheet: Worksheet, row: int, tally: Tally, formats: _Formats) -> int:
    _write_head(sheet, row, ("还款方式 Product", "五级分类 Tier", *SUMS), formats)
    for product, tier, sums in tally.rows:
        row += 1
        sheet.write_string(row, 0, PRODUCTS.get(product, product))
        sheet.write_string(row, 1, TIERS[tier])
        _write_sums(sheet, row, sums, formats)
    row += 1
    sheet.write_string(row, 0, "合计 Total", formats.head)
    _write_sums(sheet, row, tally.whole, formats)
    return row + 1


def _write_buckets(sheet: Worksheet, row: int, tally: Tally, formats: _Formats) -> int:
    _write_head(sheet, row, ("逾期天数 Days past due", "", *SUMS), formats)
    for bucket in BUCKETS:
        row += 1
        sheet.write_string(row, 0, _days(bucket))
        _write_sums(sheet, row, tally.buckets[bucket.code], formats)
    return row + 1


def _write_sums(sheet: Worksheet, row: int, sums: Sums, formats: _Formats) -> None:
    sheet.write_number(row, 2, sums.loans, formats.whole)
    amounts = (
        sums.principal_minor,
        sums.overdue_minor,
        sums.income_minor,
        sums.required_minor,
        sums.provision_minor,
    )
    for place, amount in enumerate(amounts, start=3):
        sheet.write_number(row, place, _yuan(amount), formats.money)


def _days(bucket: Bucket) -> str:
    return f"{bucket.least}–{bucket.most}" if bucket.most else f"> {bucket.least - 1}"


def _yuan(minor: int) -> Decimal:
    return Decimal(minor) / 100
