"""A joint loan by machine (联合贷): who lends, what waits for a partner, each lender's book."""

import pytest

from scf.core.actor import SYSTEM
from scf.credit.partners import Partner
from scf.loans.models import Loan
from scf.loans.services import open_loan, record_repayment, register_terms
from scf.workflow import clocks
from tests.api.machine import machine_of
from tests.factories.credit import approved_programme
from tests.factories.loans import bank_has_tokens, loan_given, moved
from tests.factories.parties import party, somebody
from tests.loans.deal import FUNDED, LOAN, MATURITY
from tests.loans.lives import go_to
from tests.payments.lives import submitted

pytestmark = pytest.mark.django_db


def joint() -> tuple[Partner, ...]:
    return (Partner(str(party("dongling").pk), 400_000),)


def test_terms_in_force_name_the_banks_that_lend_beside():
    programme = approved_programme(partners=joint())
    shown = machine_of(somebody("sly")).get(f"/programmes/{programme.pk}").json()
    (partner,) = shown["terms"]["partners"]
    assert (partner["bank"]["name"], partner["ppm"]) == (party("dongling").name, 400_000)


def test_an_application_names_its_lenders_to_those_who_may_know():
    application = submitted(None, partners=joint()).application  # nothing of it is on a chain yet
    path = f"/applications/{application.pk}"
    for key in ("chen", "sly", "ma"):
        lenders = machine_of(somebody(key)).get(path).json()["lenders"]
        assert [each["ppm"] for each in lenders] == [600_000, 400_000], key
        assert [each["is_of_record"] for each in lenders] == [True, False]
    assert machine_of(somebody("wei")).get(path).json()["lenders"] == []
    partner = machine_of(somebody("sly"))
    shown = partner.get(path).json()
    assert (shown["checks"], shown["actions"]) == ([], [])
    refused = partner.post(f"{path}/lend", {"seen": shown["seen"]})
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")
    assert partner.post(f"{path}/reject", {"codes": ["risk"]}).status_code == 403
    assert "partner_1" in partner.get(f"/deals/{application.deal_id}").json()["parties"]


def test_each_lenders_book_is_for_the_lenders_and_sums_to_the_loan():
    clocks.open_day(FUNDED)
    bank_has_tokens()
    shares = {str(party("yuanfan").pk): 600_000, str(party("dongling").pk): 400_000}
    loan: Loan = register_terms(loan_given(shares=shares), by=SYSTEM)
    open_loan(loan, moved=moved("fund", FUNDED, LOAN))
    go_to(MATURITY)
    record_repayment(loan, moved=moved("sweep", MATURITY, 400_000_01), cause="sweep")

    for key in ("chen", "sly"):
        shown = machine_of(somebody(key)).get(f"/loans/{loan.pk}/funders").json()
        partner, own = shown["funders"]
        assert own["bank_id"] == shown["lender_of_record_id"]
        assert (partner["lent_minor"], own["lent_minor"]) == (320_000_00, 480_000_00)
        assert partner["outstanding_minor"] + own["outstanding_minor"] == 408_699_99
        draw, repaid = shown["acts"]
        assert [each["settles_minor"] for each in draw["parts"]] == [-320_000_00, 0]
        assert [each["settles_minor"] for each in repaid["parts"]] == [160_000_00, 0]
    for key in ("ma", "lan", "opal"):
        assert machine_of(somebody(key)).get(f"/loans/{loan.pk}/funders").status_code in (403, 404)
    alone = register_terms(loan_given(), by=SYSTEM)
    assert machine_of(somebody("chen")).get(f"/loans/{alone.pk}/funders").status_code == 404
