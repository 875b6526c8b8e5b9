"""A loan of two funders: every row split, nothing lost, each one's book closed with the loan's."""

import pytest

from scf.core.actor import SYSTEM
from scf.loans.funders import funder_shares
from scf.loans.joint import BadShares
from scf.loans.models import Loan
from scf.loans.services import open_loan, record_repayment, register_terms, take_back
from scf.workflow import clocks
from tests.factories.loans import bank_has_tokens, loan_given, moved
from tests.loans.deal import EXPIRY, FUNDED, LATE, LOAN, MATURITY, RETURNED
from tests.loans.lives import go_to

pytestmark = pytest.mark.django_db


def test_each_funder_gets_back_what_it_lent_and_its_part_of_every_claim():
    clocks.open_day(FUNDED)
    bank_has_tokens()
    given = loan_given(shares={"bank": 700_000, "partner": 300_000})
    loan: Loan = open_loan(register_terms(given, by=SYSTEM), moved=moved("fund", FUNDED, LOAN))
    go_to(EXPIRY)
    take_back(loan, moved=moved("return", EXPIRY, RETURNED))
    go_to(MATURITY)
    record_repayment(loan, moved=moved("sweep", MATURITY, 400_000_00), cause="sweep")
    bank, partner = funder_shares(loan)
    assert bank.outstanding_minor + partner.outstanding_minor == 235_995_51
    go_to(LATE)
    record_repayment(loan, moved=moved("sweep", LATE, 236_209_38), cause="sweep")

    bank, partner = funder_shares(loan)

    assert (bank.lent_minor, partner.lent_minor) == (560_000_00, 240_000_00)
    assert bank.outstanding_minor == partner.outstanding_minor == 0
    # 70 % of 8,076.21 and of 213.87, half-up; the partner has the rest.
    assert (bank.got_back.interest_minor, partner.got_back.interest_minor) == (5_653_35, 2_422_86)
    assert (bank.got_back.penalty_minor, partner.got_back.penalty_minor) == (149_71, 64_16)


def test_shares_that_do_not_sum_to_the_loan_are_not_kept():
    clocks.open_day(FUNDED)
    with pytest.raises(BadShares):
        register_terms(loan_given(shares={"bank": 700_000, "partner": 200_000}), by=SYSTEM)
