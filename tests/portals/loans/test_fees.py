"""Fees on the pages of the borrower and the bank: in the quote, on the loan, in the report."""

from datetime import date, timedelta

import pytest

from scf.credit.terms import Fee
from scf.documents.models import Paper
from scf.financing.fees import claims_shown
from scf.financing.models import PaperDue
from scf.financing.services import submit_application
from scf.financing.services.issue_papers import make_due_papers
from scf.loans.models import LoanProposal
from scf.loans.reports.lines import month_lines, month_of
from scf.loans.selectors import view_loan
from scf.loans.services import record_repayment
from scf.workflow import clocks
from tests.factories.loans import moved
from tests.factories.parties import somebody
from tests.financing.test_products import ask_for
from tests.loans.deal import FUNDED, LOAN, MATURITY
from tests.notifications.conftest import morning, opened_loan_of
from tests.portals.rooms import browser_of, text_of

FEES = (
    Fee("手续费", "buyer", minor=100_00, ppm=500),
    Fee("贷后管理费", "buyer", ppm=250, at="maturity"),
    Fee("担保费", "buyer", minor=600_00, taken_by="guarantor"),
)


@pytest.fixture
def loan(db, settings, tmp_path):
    """Golden deal 1 with two fees of the bank and one of a guarantor, on the day of its funding."""
    settings.DOCUMENTS_ROOT = str(tmp_path)
    application = submit_application(ask_for(MATURITY, fees=FEES), by=somebody("ma"))
    clocks.open_day(FUNDED)
    return opened_loan_of(application, fees=claims_of_quote(application))


def claims_of_quote(application):
    assert [fee["is_claimed"] for fee in application.quote["fees"]] == [True, True, False]
    return claims_shown(application.quote)


def test_borrower_and_bank_read_each_fee_and_who_takes_it(loan):
    for key in ("ma", "chen"):
        page = text_of(browser_of(key).get(f"/loans/{loan.pk}/"))
        for shown in ("手续费", "500.00", "贷后管理费", "200.00", "应还", "未到期", "另行收取"):
            assert shown in page, shown
    deal = text_of(browser_of("ma").get(f"/deals/{loan.deal_id}/"))
    assert "手续费 · 放款日一次" in deal
    review = text_of(browser_of("zhou").get(f"/deals/{loan.deal_id}/review"))
    assert "银行收取：到日计入应还款" in review


def test_the_bank_waives_a_fee_on_the_page_and_no_more_than_the_fee(loan):
    chen, address = browser_of("chen"), f"/loans/{loan.pk}/propose/waive"
    typed = {"key": "k", "on": FUNDED.isoformat(), "reason": "客户申请"}
    assert chen.post(address, typed | {"fee": "500.01"}).status_code == 400
    assert chen.post(address, typed | {"fee": "500.00", "key": "l"}).status_code == 302

    proposal = LoanProposal.objects.get()
    browser_of("yi").post(
        f"/loans/{loan.pk}/proposals/{proposal.pk}/approve", {"seen": proposal.content_hash}
    )
    assert view_loan(loan).due.total_minor == 0


def test_the_certificate_of_a_settled_loan_and_the_months_report_name_the_fees(loan):
    record_repayment(loan, moved=moved("sweep", FUNDED, 500_00), cause="sweep")
    morning(MATURITY - timedelta(days=7))
    morning(MATURITY)
    owed = LOAN + 8_700_00 + 200_00
    record_repayment(loan, moved=moved("sweep", MATURITY, owed), cause="sweep")

    make_due_papers()

    certificate = Paper.objects.get(kind="settlement_certificate")
    assert certificate.data["costs_minor"] == 700_00
    note = Paper.objects.get(kind="drawdown_note")
    assert note.data["fees"].startswith("手续费 500.00 元，放款日一次，由贷款银行随贷款收取")
    (notice,) = PaperDue.objects.filter(kind="maturity_notice")
    assert (notice.data["costs_minor"], notice.data["amount_minor"]) == (200_00, owed)
    months = (date(2026, 3, 1), date(2026, 6, 1))
    lines = [line for month in months for line in month_lines(month_of(month), by=somebody("shen"))]
    assert [line.fees_minor for line in lines] == [500_00, 200_00]
