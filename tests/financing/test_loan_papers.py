"""The papers of a running loan: each called for once by what happened, right to the fen."""

from datetime import timedelta

import pytest

from scf.banks.services import open_collection_account
from scf.documents.models import Paper
from scf.documents.selectors import list_papers, verify_paper
from scf.financing.models import PaperDue
from scf.financing.services.issue_papers import make_due_papers, note_papers
from scf.loans.models import Loan
from scf.loans.services import record_repayment, take_back
from scf.loans.terms import InterestFrom
from scf.workflow.models import Fact
from tests.factories.loans import moved
from tests.factories.parties import somebody
from tests.loans.deal import EXPIRY, LATE, LOAN, MATURITY, RETURNED
from tests.notifications.conftest import morning, opened_loan_of, submitted

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _documents_root(settings, tmp_path):
    settings.DOCUMENTS_ROOT = str(tmp_path)


@pytest.fixture
def loan(db: None) -> Loan:
    """Golden deal 1 without its chain: returned at expiry, then a week before it is due."""
    loan = opened_loan_of(submitted())
    open_collection_account(loan.buyer_id, bank_id=loan.bank_id)
    morning(EXPIRY)
    take_back(loan, moved=moved("return", EXPIRY, RETURNED))
    morning(MATURITY - 7 * DAY)
    return loan


def said(kind: str) -> list[dict[str, object]]:
    return [due.data for due in PaperDue.objects.filter(kind=kind).order_by("pk")]


def sweep(loan: Loan, on, amount_minor: int) -> None:
    record_repayment(loan, moved=moved("sweep", on, amount_minor), cause="sweep")


def test_a_week_before_the_due_date_interest_is_noticed_with_its_formula(loan):
    (notice,) = said("interest_notice")
    assert [(row["from"], row["to"], row["text"]) for row in notice["stretches"]] == [
        ("2026-03-12", "2026-05-11", "800,000.00 × 4.3500% × 60/360 = 5,800.0000"),
        ("2026-05-11", "2026-06-10", "627,919.30 × 4.3500% × 30/360 = 2,276.2075"),
    ]
    assert (notice["run_minor"], notice["paid_minor"], notice["earlier_minor"]) == (8_076_21, 0, 0)
    assert (notice["amount_minor"], notice["total_minor"]) == (8_076_21, 627_919_30 + 8_076_21)
    assert notice["account"].startswith("专属收款账户 6229")


def test_the_last_due_date_has_a_notice_of_maturity_beside_it(loan):
    (notice,) = said("maturity_notice")
    assert (notice["principal_minor"], notice["interest_minor"]) == (627_919_30, 8_076_21)
    assert (notice["amount_minor"], notice["due_on"]) == (635_995_51, "2026-06-10")
    morning(MATURITY - 3 * DAY)
    assert len(said("maturity_notice")) == len(said("interest_notice")) == 1


def test_a_sweep_has_its_receipt_split_by_what_it_paid_with_its_transaction(loan):
    morning(MATURITY)
    sweep(loan, MATURITY, 400_000_00)

    (note,) = said("repayment_note")
    parts = ("costs", "penalty", "compound", "interest", "principal", "overpaid")
    amounts = {name: note[f"{name}_minor"] for name in parts}
    assert amounts == {
        "costs": 0, "penalty": 0, "compound": 0,
        "interest": 8_076_21, "principal": 391_923_79, "overpaid": 0,
    }  # fmt: skip
    assert sum(amounts.values()) == note["amount_minor"] == 400_000_00
    assert note["principal_left_minor"] == 235_995_51
    assert PaperDue.objects.get(kind="repayment_note").tx_hash == "0x" + "0" * 64


def test_what_came_back_from_the_escrow_is_no_repayment_of_the_borrowers(loan):
    assert Fact.objects.filter(name="loan.repaid", details__cause="return").exists()
    assert said("repayment_note") == []


def test_a_letter_after_one_and_seven_days_says_what_is_owed_by_part(loan):
    morning(MATURITY)
    sweep(loan, MATURITY, 400_000_00)
    for days in range(1, 8):
        morning(MATURITY + days * DAY)

    letters = said("dunning_letter")
    assert [letter["days"] for letter in letters] == [1, 7]
    # 235,995.51 at 6.525 % / 360 a day.
    assert [letter["penalty_minor"] for letter in letters] == [42_77, 299_42]
    for letter in letters:
        assert letter["principal_minor"] == 235_995_51
        assert letter["amount_minor"] == letter["principal_minor"] + letter["penalty_minor"]
        assert letter["penalty_rate"] == "6.525 %"


def test_a_settled_loan_has_its_certificate_with_all_that_was_paid(loan):
    morning(MATURITY)
    sweep(loan, MATURITY, 400_000_00)
    morning(LATE)
    sweep(loan, LATE, 236_209_38)

    (certificate,) = said("settlement_certificate")
    paid = (certificate["amount_minor"], certificate["interest_minor"])
    assert paid == (LOAN, 8_076_21)
    assert (certificate["penalty_minor"], certificate["settled_on"]) == (213_87, "2026-06-15")


def test_a_frame_that_went_back_undrawn_is_certified_to_nobody(db):
    loan = opened_loan_of(submitted(), interest_from=InterestFrom.RELEASE)
    take_back(loan, moved=moved("return", loan.opened_on, LOAN))
    assert loan.status == "settled"
    assert said("settlement_certificate") == []


def test_a_fact_heard_twice_calls_for_no_second_paper_and_all_are_made_and_verified(loan):
    morning(MATURITY)
    sweep(loan, MATURITY, 400_000_00)
    morning(MATURITY + DAY)
    count = PaperDue.objects.count()
    for fact in Fact.objects.filter(name__in=("loan.due_soon", "loan.repaid", "loan.past_due")):
        note_papers(fact)
    assert PaperDue.objects.count() == count

    make_due_papers()

    of_the_loan = ("interest_notice", "maturity_notice", "repayment_note", "dunning_letter")
    papers = Paper.objects.filter(kind__in=of_the_loan)
    assert sorted(paper.kind for paper in papers) == sorted(of_the_loan)
    for paper in papers:
        found = verify_paper(paper.number)
        assert found.amount_minor == paper.data["amount_minor"]
    readers = list_papers(deal_id=loan.deal_id, by=somebody("ma"))
    assert set(of_the_loan) <= {paper.kind for paper in readers}
    seller = {paper.kind for paper in list_papers(deal_id=loan.deal_id, by=somebody("wei"))}
    assert not seller & set(of_the_loan)
