"""A demand on the core enterprise has a numbered notice that bank and enterprise can download."""

import pytest

from scf.documents.models import Paper
from scf.documents.selectors import verify_paper
from scf.documents.services import open_document
from scf.financing.models import PaperDue
from scf.financing.services.issue_papers import make_due_papers, note_papers
from scf.loans.models import GuaranteeDemand, Loan
from scf.loans.services import (
    DemandIn,
    decline_guarantee,
    demand_guarantee,
    propose_guarantee,
    uphold_guarantee,
)
from scf.workflow import clocks
from scf.workflow.models import Fact
from tests.factories.parties import party, somebody
from tests.loans.deal import LOAN, MATURITY
from tests.loans.lives import DAY, checker, maker
from tests.notifications.conftest import morning, opened_loan_of, submitted
from tests.portals.rooms import browser_of, text_of

NOTICES = ("shortfall_notice", "buy_back_notice")


@pytest.fixture(autouse=True)
def _documents_root(settings, tmp_path, db):
    settings.DOCUMENTS_ROOT = str(tmp_path)


def demanded(recourse: str, amount_minor: int) -> GuaranteeDemand:
    """Two persons of the bank ask for it five days after an unpaid due date."""
    loan = opened_loan_of(submitted())
    Loan.objects.filter(pk=loan.pk).update(recourse=recourse, anchor_id=party("hengyan").pk)
    morning(MATURITY + 5 * DAY)
    given = DemandIn(amount_minor, "货未售出", clocks.business_date() + 10 * DAY)
    demand = propose_guarantee(loan.pk, given=given, key="form", by=maker())
    assert not PaperDue.objects.filter(kind__in=NOTICES).exists()
    return demand_guarantee(demand.pk, seen=demand.content_hash, by=checker())


def test_the_notice_says_what_was_approved_and_anybody_can_verify_it():
    demand = demanded("shortfall_refund", 100_000_00)
    (fact,) = Fact.objects.filter(name="guarantee.demanded")
    note_papers(fact)
    make_due_papers()

    paper = Paper.objects.get(kind__in=NOTICES)
    assert (paper.kind, paper.number[:2]) == ("shortfall_notice", "CE")
    said = paper.data
    # 800,000.00 and 90 days at 4.35 %, five days of penalty at 6.525 %.
    assert (said["principal_minor"], said["interest_minor"]) == (LOAN, 8_700_00)
    assert (said["penalty_minor"], said["total_minor"]) == (725_00, LOAN + 9_425_00)
    assert said["enterprise"] == party("hengyan").name
    assert said["clause"].endswith("第 1 版条款“核心企业责任”：差额退款")
    assert (said["content_sha256"], said["pay_by"]) == (demand.content_hash, "2026-06-25")
    assert verify_paper(paper.number).amount_minor == 100_000_00
    for key in ("luo", "lan"):
        _document, content = open_document(paper.document_id, by=somebody(key))
        assert content.startswith(b"%PDF-")


def test_bank_and_enterprise_have_it_made_and_download_it_and_the_borrower_sees_none():
    demand = demanded("buy_back", LOAN + 9_425_00)
    due, address = PaperDue.objects.get(kind__in=NOTICES), f"/guarantees/{demand.pk}/"
    lan, luo = browser_of("lan"), browser_of("luo")
    assert "出具并下载" in text_of(lan.get(address))

    answer = lan.post(f"{address}papers/{due.pk}")

    paper = Paper.objects.get(kind="buy_back_notice")
    assert paper.number.startswith("HG")
    file = answer.headers["Location"]
    for browser in (lan, luo):
        assert "回购通知书" in text_of(browser.get(address))
        assert browser.get(file).status_code == 200
    assert browser_of("ma").get(file).status_code == 404
    assert browser_of("ma").post(f"{address}papers/{due.pk}").status_code == 404
    # Pressed again, when it is made already, it leads back to the page.
    assert lan.post(f"{address}papers/{due.pk}").headers["Location"] == address


def test_a_demand_upheld_has_a_second_notice_that_says_what_was_decided():
    demand = demanded("shortfall_refund", 100_000_00)
    make_due_papers()
    decline_guarantee(demand.pk, reason="货已按合同交付", by=somebody("lan"))
    later = clocks.business_date() + 20 * DAY
    uphold_guarantee(demand.pk, reason="仓单显示未售", pay_by=later, by=checker())
    (fact,) = Fact.objects.filter(name="guarantee.upheld")
    note_papers(fact)
    lan, luo = browser_of("lan"), browser_of("luo")
    address = f"/guarantees/{demand.pk}/"
    assert "出具并下载" in text_of(lan.get(address))
    make_due_papers()

    first, second = Paper.objects.filter(kind="shortfall_notice").order_by("pk")
    assert "upheld_on" not in first.data
    said = second.data
    assert (said["answer"], said["decision"]) == ("货已按合同交付", "仓单显示未售")
    assert (said["pay_by"], said["demanded_on"]) == (later.isoformat(), first.data["demanded_on"])
    assert (said["left_minor"], said["total_minor"]) == (100_000_00, first.data["total_minor"])
    for browser in (lan, luo):
        page = text_of(browser.get(address))
        for shown in (first.number, second.number, "再次通知", "仓单显示未售", later.isoformat()):
            assert shown in page, shown
        assert browser.get(f"/documents/{second.document_id}").content.startswith(b"%PDF-")
    assert browser_of("ma").get(f"/documents/{second.document_id}").status_code == 404
