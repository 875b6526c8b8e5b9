"""The buyer does not pay; the core enterprise gives the shortfall back from its own wallet."""

from datetime import date

import pytest

from scf.core.errors import RuleBroken
from scf.loans.models import Loan
from scf.loans.selectors import view_loan
from scf.loans.services import (
    DemandIn,
    demand_guarantee,
    pay_guarantee,
    propose_guarantee,
    repay_loan,
)
from scf.loans.services.guarantee import PAY_WITHIN
from scf.wallets.models import Act
from scf.workflow import clocks
from scf.workflow.invariants import run_checks
from tests.factories.parties import party
from tests.financing.conftest import fill, with_code
from tests.financing.test_day_end import DAY, balance, moved
from tests.financing.test_races import at_once
from tests.loans.deal import MATURITY


@pytest.fixture
def programme_changes():
    return {"recourse": "shortfall_refund"}


@pytest.mark.slow
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_the_core_enterprise_pays_what_the_bank_demands_and_the_loan_falls(deal, settings, anvil):
    settings.RPC_URL = anvil.url
    deal.go_to(date(2026, 3, 23))
    deal.accept(1, "49", short="1")
    deal.go_to(MATURITY + DAY)
    loan = Loan.objects.get(application_id=deal.application.pk)
    assert (loan.status, loan.recourse) == ("overdue", "shortfall_refund")
    owed, had = loan.principal_minor, balance(f"2011.81:{party('hengyan').pk}:general")
    given = DemandIn(100_000_00, "货未售出", MATURITY + PAY_WITHIN)
    demand = propose_guarantee(loan.pk, given=given, key="form", by=with_code("luo"))
    demand_guarantee(demand.pk, seen=demand.content_hash, by=with_code("yi"))

    payers = {key: with_code(key) for key in ("lan", "bai")}

    def pay(key: str) -> object:
        return pay_guarantee(demand.pk, amount_minor=100_000_00, key=key, by=payers[key])

    for _twice in range(2):
        # Two people, each with a form of their own; who was first may press again.
        assert at_once(lambda: pay("lan"), lambda: pay("bai")) == ["done", "guarantee_under_way"]
    assert Act.objects.filter(kind="guarantee").count() == 1
    deal.stack.rest()

    assert moved("guarantee") == [(clocks.business_date(), 100_000_00)]
    assert balance(f"2011.81:{party('hengyan').pk}:general") == had - 100_000_00
    demand.refresh_from_db()
    loan.refresh_from_db()
    assert (demand.status, demand.payments.get().claim_minor) == ("paid", 100_000_00)
    charges = loan.interest_paid_minor + loan.penalty_paid_minor
    assert loan.principal_minor == owed - (100_000_00 - charges)
    assert all(not broken for broken in run_checks().values())


@pytest.mark.slow
def test_what_the_borrower_has_on_its_way_is_not_paid_for_it_besides(deal):
    """What overpays the loan goes back to the borrower, so its guarantor must not pay it."""
    deal.go_to(date(2026, 3, 23))
    deal.accept(1, "50")
    deal.go_to(MATURITY + DAY)
    loan = Loan.objects.get(application_id=deal.application.pk)
    owed = view_loan(loan).settlement.total_minor
    fill(deal, owed)
    given = DemandIn(owed, "货未售出", MATURITY + PAY_WITHIN)
    demand = propose_guarantee(loan.pk, given=given, key="form", by=with_code("luo"))
    demand_guarantee(demand.pk, seen=demand.content_hash, by=with_code("yi"))
    repay_loan(loan.pk, amount_minor=owed - 1_00, key="form", by=with_code("nuo"))

    with pytest.raises(RuleBroken) as refusal:
        pay_guarantee(demand.pk, amount_minor=1_01, key="form", by=with_code("lan"))
    assert refusal.value.code == "more_than_owed"
    pay_guarantee(demand.pk, amount_minor=1_00, key="form", by=with_code("lan"))
    deal.stack.rest()
    loan.refresh_from_db()
    assert (loan.status, loan.overpaid_minor) == ("settled", 0)
