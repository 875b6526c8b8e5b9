"""The month-end report: its sums on a page, every loan in a file of numbers."""

from datetime import date
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from scf.loans.reports.lines import month_lines, month_of
from scf.workflow import clocks
from tests.factories.parties import somebody
from tests.loans.deal import LATE
from tests.portals.rooms import browser_of, text_of

JUNE = date(2026, 6, 1)


def rows_of(answer: object, sheet: str) -> list[list[object]]:
    content = b"".join(answer.streaming_content)
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_name(sheet).to_python()


def test_a_loan_stands_in_the_report_as_at_the_close_of_the_month(overdue):
    clocks.open_day(date(2026, 7, 2))
    (line,) = month_lines(month_of(JUNE), by=somebody("shen"))
    # 20 days from 10 June to the close of the 30th, the day of the close counted.
    assert (line.days_past_due, line.principal_minor) == (20, 235_995_51)
    assert (line.overdue.principal_minor, line.overdue.penalty_minor) == (235_995_51, 898_26)
    assert (line.received_minor, line.lent_minor) == (400_000_00, 0)
    assert (line.is_new, line.is_settled) == (False, False)
    assert line.required_minor == 2_359_96 + 4_719_91  # 1 % and 2 % of the principal

    (march,) = month_lines(month_of(date(2026, 3, 9)), by=somebody("shen"))
    assert (march.days_past_due, march.principal_minor, march.is_new) == (0, 800_000_00, True)
    assert list(month_lines(month_of(date(2026, 2, 1)), by=somebody("shen"))) == []


def test_the_page_shows_the_months_sums_and_leads_to_its_file(overdue):
    page = text_of(browser_of("shen").get("/loans/report/"))
    for shown in ("2026-06", "本月未终了", "235,995.51", "236,209.38", "到期一次还本付息", "关注"):
        assert shown in page, shown
    assert "/loans/report/2026-06.xlsx" in page
    assert "236,209.38" not in text_of(browser_of("shen").get("/loans/report/?month=2026-05"))
    assert browser_of("shen").get("/loans/report/?month=soon").status_code == 400


def test_the_file_holds_numbers_and_says_whose_month_it_is(overdue):
    answer = browser_of("shen").get("/loans/report/2026-06.xlsx")
    assert "loans-2026-06.xlsx" in answer.headers["Content-Disposition"]
    rows = rows_of(answer, "明细 Loans")
    assert rows[1][0] == "银行 Bank: 临洲远帆商业银行"
    assert str(LATE) in str(rows[3][0])
    (line,) = rows[5:]
    named = dict(zip([str(name) for name in rows[4]], line, strict=True))
    assert named["贷款编号 Loan"] == overdue.number
    assert named["本金余额 Principal"] == 235_995.51
    assert named["年利率 Rate"] == 0.0435
    assert named["放款日 Opened"] == date(2026, 3, 12)
    assert named["逾期天数 Days past due"] == 5

    summary = rows_of(browser_of("shen").get("/loans/report/2026-06.xlsx"), "汇总 Summary")
    assert summary[7][:4] == ["合计 Total", "", 1, 235_995.51]


@pytest.mark.parametrize("address", ["2026-07.xlsx", "2026-13.xlsx", "0000-01.xlsx"])
def test_there_is_no_report_of_a_month_that_has_not_begun(overdue, address):
    assert browser_of("shen").get(f"/loans/report/{address}").status_code == 404


def test_the_report_is_the_lenders_alone(overdue):
    for key in ("ma", "wei", "opal"):
        assert browser_of(key).get("/loans/report/").status_code == 404
        assert browser_of(key).get("/loans/report/2026-06.xlsx").status_code == 404
    assert list(month_lines(month_of(JUNE), by=somebody("sly"))) == []
