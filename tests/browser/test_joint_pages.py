"""The pages of a joint loan (联合贷), for the lender of record, its partner and the borrower."""

from collections.abc import Callable

import pytest

from scf.core.actor import SYSTEM
from scf.credit.partners import Partner
from scf.financing.access import content_hash
from scf.financing.services import approve_as_lender
from scf.loans.models import Loan
from scf.loans.services import open_loan, record_repayment, register_terms
from scf.workflow import clocks
from tests.browser.desk import follow
from tests.browser.test_rooms import as_  # noqa: F401 - a fixture
from tests.factories.credit import proposed_programme
from tests.factories.loans import bank_has_tokens, loan_given, moved
from tests.factories.parties import party
from tests.flows.conftest import begins, further, stack
from tests.loans.deal import FUNDED, LOAN, MATURITY
from tests.loans.lives import go_to
from tests.payments.lives import approved, with_code
from tests.portals.rooms import browser_of

__all__ = ["begins", "further", "stack"]
LABELS_SHARE = """() => Math.max(...[...document.querySelectorAll(".facts")]
    .filter((facts) => facts.clientWidth > 0)
    .map((facts) => parseFloat(getComputedStyle(facts).gridTemplateColumns) / facts.clientWidth))"""
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _documents_root(settings, tmp_path):
    settings.DOCUMENTS_ROOT = str(tmp_path)


def joint() -> tuple[Partner, ...]:
    return (Partner(str(party("dongling").pk), 400_000),)


def test_terms_that_name_a_partner_are_readable_on_both_sides(as_, look: Callable[[str], None]):  # noqa: F811
    version = proposed_programme(partners=joint())
    page = as_("chen")
    page.goto(f"/b/programmes/{version.programme_id}/terms")
    assert page.locator("[name=partner_0_bank]").input_value() == str(party("dongling").pk)
    look("joint-terms-form")
    page = as_("sly")
    page.goto(f"/programmes/{version.programme_id}/")
    look("joint-programme-partner")
    follow(page, "text=同意按所示条款联合出资")
    look("joint-programme-agreed")
    page = as_("yi")
    page.goto(f"/programmes/{version.programme_id}/")
    look("joint-programme-lender")


def test_the_books_of_the_lenders_are_readable(as_, look: Callable[[str], None]):  # noqa: F811
    loan = repaid_in_part()
    for key, who in (("chen", "lender"), ("sly", "partner"), ("ma", "borrower")):
        page = as_(key)
        page.goto(f"/loans/{loan.pk}/")
        look(f"joint-loan-{who}")
    page = as_("sly")
    page.goto(f"/loans/{loan.pk}/lenders")
    assert page.locator("text=应收自贷款银行").count() == 1
    look("joint-settlement")


def repaid_in_part() -> Loan:
    """Half of golden deal 1's loan swept on its due date, forty per cent of it the partner's."""
    clocks.open_day(FUNDED)
    bank_has_tokens()
    shares = {str(party("yuanfan").pk): 600_000, str(party("dongling").pk): 400_000}
    loan: Loan = register_terms(loan_given(shares=shares), by=SYSTEM)
    open_loan(loan, moved=moved("fund", FUNDED, LOAN))
    go_to(MATURITY)
    record_repayment(loan, moved=moved("sweep", MATURITY, 400_000_00), cause="sweep")
    return loan


def test_a_partners_decision_is_readable(as_, look: Callable[[str], None], stack):  # noqa: F811
    life = approved(stack, partners=joint())
    deal = f"/deals/{life.application.deal_id}/"
    page = as_("sly")
    page.goto("/b/")
    look("joint-home-partner")
    page.goto(deal)
    look("joint-deal-partner")
    page.goto(f"{deal}review")
    look("joint-review-partner")
    page = as_("ma")
    page.goto(deal)
    look("joint-deal-borrower")
    life.application.refresh_from_db()
    approve_as_lender(life.application.pk, seen=content_hash(life.application), by=with_code("sly"))
    page = as_("nuo")
    page.goto(f"{deal}sign")
    look("joint-sign-borrower")
    page = as_("yi")
    page.goto(f"{deal}review")
    look("joint-review-lender")
    browser_of("yi").post("/preferences/", {"language": "en", "next": "/"})
    page = as_("yi")
    page.goto(deal)
    look("joint-deal-english")
    assert page.evaluate(LABELS_SHARE) <= 0.55, "a long label leaves its value no room"
