"""随借随还: principal that comes back is free again, and a new application draws it (K18)."""

from datetime import date

import pytest

from scf.core.errors import RuleBroken
from scf.credit.selectors import get_available
from scf.financing.models import Application
from scf.financing.services import ApplicationIn, submit_application
from scf.loans.services import record_repayment
from scf.loans.terms import EarlyInterest
from scf.trade.models import Order
from scf.workflow import clocks
from tests.factories.loans import moved
from tests.factories.parties import party, somebody
from tests.factories.trade import confirmed_order, line_ids_of
from tests.loans.deal import MATURITY
from tests.notifications.conftest import opened_loan_of, submitted

pytestmark = pytest.mark.django_db
TWENTY_DAYS_ON = date(2026, 4, 1)  # golden deal 1 was funded on 12 March


def draw_again(first: Application, order: Order) -> Application:
    """Apply for another order of the buyer's, of 800,000.00 of loan like the first."""
    given = ApplicationIn(
        programme_id=first.programme_id,
        order_line_ids=tuple(line_ids_of(order)),
        matures_on=MATURITY,
    )
    return submit_application(given, by=somebody("ma"))


@pytest.mark.parametrize(
    ("early", "interest"), [(EarlyInterest.ON_REPAID, 483_33), (EarlyInterest.WHOLE, 1_933_33)]
)
def test_what_is_repaid_early_is_drawn_again_by_another_application(early, interest):
    first, order = submitted(), confirmed_order(number="PO-2026-0306")
    loan = opened_loan_of(first, early_interest=early)
    clocks.open_day(TWENTY_DAYS_ON)
    with pytest.raises(RuleBroken) as refusal:
        draw_again(first, order)
    assert refusal.value.code == "limit_exceeded"

    repaid = moved("repay", TWENTY_DAYS_ON, 200_000_00 + interest)
    record_repayment(loan, moved=repaid, cause="repay")

    free = get_available(first.programme_id, borrower_id=party("jinhe").pk, by=somebody("ma"))
    assert free.minor == 1_500_000_00 - 800_000_00 + 200_000_00
    second = draw_again(first, order)
    loan.refresh_from_db()
    assert (second.status, second.loan_minor) == ("in_review", 800_000_00)
    assert (loan.principal_minor, loan.interest_paid_minor) == (600_000_00, interest)
