"""Income of the days of arrears: what a day's close knows of an instalment. Worked by hand.

The rules are read from the published scenarios of Apache Fineract (accrual activity, interest
recognised on the day of the pay-out, monthly compounding); the figures are this project's own.
"""

from datetime import date
from decimal import Decimal

import pytest

from scf.loans.servicing import acts
from scf.loans.servicing.components import Component
from scf.loans.servicing.dates import Frequency, Unit
from scf.loans.servicing.entries import Kind
from scf.loans.servicing.factors import DayBasis
from scf.loans.servicing.life import Loan
from scf.loans.servicing.terms import AfterEarly, Recalculation, Terms
from tests.loans.servicing_loan import interest_terms, on, paid_out

DUE = date(2024, 1, 11)


def ten_days(rules: Recalculation) -> Terms:
    """1,200.00 back in three instalments of 408.03 every ten days at 0.1 % a day."""
    return interest_terms(
        is_progressive=False,
        rate=Decimal(36),
        every=Frequency(10, Unit.DAY),
        basis=DayBasis(month=None, year=360),
        recalculation=rules,
    )


def accrued(loan: Loan, day: date) -> list[int]:
    """The income recognised on a day."""
    return [posting.amount for posting in loan.live(Kind.ACCRUAL) if posting.day == day]


def test_a_day_in_arrears_earns_its_share_of_the_instalment_as_it_stands_at_the_close():
    loan = paid_out(ten_days(Recalculation(after_early=AfterEarly.SMALLER_INSTALMENTS)))
    for day in (12, 13):
        loan = acts.close_day(on(loan, date(2024, 1, day)))

    # 1,200.00 x 0.2 % until the close on the 13th, then 803.97 x 0.8 %: a tenth is the 12th's.
    assert loan.state().rows[1].due[Component.INTEREST] == 883
    assert accrued(loan, date(2024, 1, 12)) == [88]


@pytest.mark.parametrize(("compounds", "interest"), [(False, 883), (True, 885)])
def test_unpaid_interest_bears_interest_where_the_contract_compounds_it(compounds, interest):
    rules = Recalculation(after_early=AfterEarly.SMALLER_INSTALMENTS, compounds=compounds)
    loan = on(paid_out(ten_days(rules)), date(2024, 1, 13))

    # With compounding the first instalment's 12.00 of interest bears 0.2 % too: 0.02 more.
    assert loan.state(date(2024, 1, 13)).rows[1].due[Component.INTEREST] == interest


def test_where_the_pay_outs_day_bears_interest_an_unpaid_due_day_bears_it_on_all_that_is_owed():
    terms = interest_terms(basis=DayBasis(month=30, year=360, disbursement_day_counts=True))
    loan = paid_out(terms)
    for day in (date(2024, 2, 1), date(2024, 2, 2)):
        loan = acts.close_day(on(loan, day))

    # 1 % over February's 29 days on 1,200.00: nothing was paid on the first.
    assert accrued(loan, date(2024, 2, 1)) == [41]
