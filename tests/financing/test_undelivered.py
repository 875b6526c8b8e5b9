"""Money paid for goods that never came: the core enterprise gives the gap back (差额退款)."""

import pytest

from scf.core.errors import Conflict, RuleBroken
from scf.financing.services import accept_delivery, ship_delivery
from scf.loans.models import Loan
from scf.loans.services import DemandIn, propose_guarantee
from scf.loans.services.guarantee import may_demand, reckon_guarantee
from scf.trade.inputs import ShipmentLineIn
from scf.workflow import clocks
from tests.factories.parties import somebody
from tests.financing.conftest import Deal, with_code
from tests.financing.test_day_end import DAY
from tests.loans.deal import EXPIRY

LOAN_PART = 495_834_80  # 80 % of 1,000,000.00 less the 50 t that came at 7,604.13


@pytest.fixture
def programme_changes():
    return {"recourse": "shortfall_refund", "release_policy": "PAY_ON_DRAWDOWN"}


def deliver_first_line(deal: Deal) -> None:
    """All of line 1 comes and is accepted; it was paid before."""
    line = deal.application.order.lines.get(line_number=1)
    lines = [ShipmentLineIn(line.pk, line.quantity)]
    delivery = ship_delivery(deal.application.pk, number="FH-1", lines=lines, by=somebody("ku"))
    accept_delivery(
        deal.application.pk,
        delivery.lines.get().pk,
        accepted=line.quantity,
        by=with_code("ma"),
    )
    deal.stack.rest()


@pytest.mark.slow
def test_what_was_paid_and_not_delivered_by_the_last_day_is_asked_back(deal, settings, anvil):
    settings.RPC_URL = anvil.url
    deliver_first_line(deal)
    loan = Loan.objects.get(application_id=deal.application.pk)

    def propose(amount_minor: int) -> object:
        given = DemandIn(amount_minor, "两行货物未交付", clocks.business_date())
        return propose_guarantee(loan.pk, given=given, key="form", by=somebody("luo"))

    deal.go_to(EXPIRY - DAY)
    with pytest.raises(Conflict) as early:
        propose(1_00)
    assert (early.value.code, may_demand(loan)) == ("wrong_state", False)

    deal.go_to(EXPIRY)
    loan.refresh_from_db()
    assert (loan.status, may_demand(loan)) == ("active", True)
    reckoned = reckon_guarantee(loan)
    assert (reckoned.undelivered_minor, reckoned.most_minor) == (LOAN_PART, LOAN_PART)
    with pytest.raises(RuleBroken) as refusal:
        propose(LOAN_PART + 1)
    assert refusal.value.code == "more_than_owed"
    assert propose(LOAN_PART).shown["undelivered_minor"] == LOAN_PART

    Loan.objects.filter(pk=loan.pk).update(recourse="buy_back")
    loan.refresh_from_db()
    assert reckon_guarantee(loan).most_minor == reckoned.owed.total_minor > LOAN_PART
