"""The buyer repays: by its own hand before the due date, and from what its customers pay."""

from datetime import date

import pytest

from scf.core.actor import SYSTEM
from scf.core.errors import Conflict, Forbidden, NotFound, RuleBroken
from scf.loans.models import Loan
from scf.loans.selectors import view_loan
from scf.loans.services import refund_overpaid, repay_loan
from scf.parties.permissions import Role
from scf.parties.services import set_signing_limit
from scf.wallets.models import Act
from scf.wallets.outcomes import mark_failed
from scf.workflow import clocks
from scf.workflow.invariants import run_checks
from tests.factories.parties import somebody
from tests.financing.conftest import Deal, fill, with_code
from tests.financing.test_day_end import held, moved
from tests.loans.deal import EXPIRY, LOAN, MATURITY


def loan_of(deal: Deal) -> Loan:
    return Loan.objects.get(application_id=deal.application.pk)


def test_the_buyer_pays_early_by_its_own_hand_once(deal):
    loan = loan_of(deal)
    for _twice in range(2):
        repay_loan(loan.pk, amount_minor=10_000_00, key="form-1", by=with_code("ma"))
    deal.stack.rest()

    loan.refresh_from_db()
    assert moved("repay") == [(clocks.business_date(), 10_000_00)]
    assert loan.principal_minor == LOAN - 10_000_00
    assert view_loan(loan).settlement.total_minor == LOAN - 10_000_00


def test_more_than_is_owed_a_stranger_and_a_person_without_the_second_step_are_refused(deal):
    loan = loan_of(deal)
    with pytest.raises(RuleBroken) as refusal:
        repay_loan(loan.pk, amount_minor=LOAN + 1, key="k", by=with_code("ma"))
    assert refusal.value.code == "more_than_owed"
    with pytest.raises(NotFound):
        repay_loan(loan.pk, amount_minor=1, key="k", by=with_code("sly"))
    with pytest.raises(Forbidden) as no_code:
        repay_loan(loan.pk, amount_minor=1, key="k", by=somebody("ma"))
    assert no_code.value.code == "step_up_required"
    with pytest.raises(Forbidden) as bank:
        repay_loan(loan.pk, amount_minor=1, key="k", by=with_code("luo"))
    assert bank.value.code == "not_your_side"
    assert not Act.objects.filter(kind="repay").exists()


@pytest.mark.slow
class TestSweepOnReceipt:
    """Variant V9 of golden deal 1 up to its first sweep."""

    @pytest.fixture
    def programme_changes(self):
        return {"sweep": "on_receipt", "compound_on_interest": True}

    def test_what_comes_in_is_taken_at_once_accrued_interest_first(self, deal):
        deal.go_to(date(2026, 3, 23))
        deal.accept(1, "49", short="1")
        deal.go_to(date(2026, 4, 8))
        deal.accept(2, "25", rejected="25")
        deal.go_to(date(2026, 4, 24))
        deal.accept(3, "40")
        deal.go_to(date(2026, 6, 5))
        deal.receive(400_000_00)

        loan = loan_of(deal)
        assert moved("sweep") == [(date(2026, 6, 5), 400_000_00)]
        assert (loan.interest_paid_minor, loan.principal_minor) == (7_696_84, 235_616_14)


@pytest.mark.slow
class TestInterestFromRelease:
    """Variant V4 of golden deal 1: each release is a drawdown."""

    @pytest.fixture
    def programme_changes(self):
        return {"interest_from": "release"}

    def test_interest_runs_on_what_was_released_and_nothing_on_what_came_back(
        self, deal, settings, anvil
    ):
        settings.RPC_URL = anvil.url
        deal.go_to(date(2026, 3, 23))
        deal.accept(1, "49", short="1")
        deal.go_to(date(2026, 4, 8))
        deal.accept(2, "25", rejected="25")
        deal.go_to(date(2026, 4, 24))
        deal.accept(3, "40")
        deal.go_to(MATURITY)
        loan = loan_of(deal)
        assert loan.actions.filter(kind="draw").count() == 3
        assert loan.actions.get(kind="return").on == EXPIRY
        # Far more than the deal is worth: what is left goes home whatever its amount.
        deal.receive(70_000_000_00)
        assert moved("sweep") == []

        deal.go_to(date(2026, 6, 11))

        loan.refresh_from_db()
        assert (loan.status, loan.interest_paid_minor) == ("settled", 5_039_57)
        assert moved("sweep") == [(MATURITY, 627_919_30 + 5_039_57)]
        assert moved("free_rest") == [(MATURITY, 70_000_000_00 - 627_919_30 - 5_039_57)]
        assert held(deal, "collection") == 0
        assert {name: rows for name, rows in run_checks().items() if rows} == {}


@pytest.mark.slow
class TestOverpaid:
    """All is repaid while the escrow still holds the money, which then comes back."""

    @pytest.fixture
    def programme_changes(self):
        return {"sweep": "on_receipt"}

    def test_what_came_back_after_all_was_repaid_is_given_back_by_the_bank_once(
        self, deal, settings, anvil
    ):
        settings.RPC_URL = anvil.url
        deal.receive(LOAN)
        loan = loan_of(deal)
        assert (loan.status, loan.overpaid_minor) == ("settled", 0)
        with pytest.raises(Conflict):
            refund_overpaid(loan.pk, by=with_code("luo"))
        deal.go_to(EXPIRY)
        loan.refresh_from_db()
        assert (loan.status, loan.overpaid_minor) == ("overpaid", LOAN)

        luo = with_code("luo")
        given = {"person_id": luo.person_id, "role": Role.BANK_OPERATIONS, "by": SYSTEM}
        set_signing_limit(luo.organization_id, limit_minor=LOAN - 1, **given)
        with pytest.raises(Forbidden) as refusal:
            refund_overpaid(loan.pk, by=luo)
        assert refusal.value.code == "over_signing_limit"
        set_signing_limit(luo.organization_id, limit_minor=LOAN, **given)
        first = refund_overpaid(loan.pk, by=with_code("luo"))
        with pytest.raises(Conflict):
            refund_overpaid(loan.pk, by=with_code("luo"))
        mark_failed(first.key, reason="the signer says no")
        second = refund_overpaid(loan.pk, by=with_code("luo"))
        # Whoever still holds the first one's signature relays it instead of this one, not besides.
        assert second.instruction_id == first.instruction_id
        deal.stack.rest()

        loan.refresh_from_db()
        assert (loan.status, loan.overpaid_minor) == ("settled", 0)
        assert moved("refund") == [(EXPIRY, LOAN)]
        assert {name: rows for name, rows in run_checks().items() if rows} == {}


def test_what_is_on_its_way_to_the_loan_is_owed_no_more(deal):
    """Two colleagues, each with a form of their own, in the same second."""
    loan = loan_of(deal)
    fill(deal, LOAN)
    repay_loan(loan.pk, amount_minor=500_000_00, key="one", by=with_code("ma"))
    with pytest.raises(RuleBroken) as refusal:
        repay_loan(loan.pk, amount_minor=300_000_01, key="other", by=with_code("nuo"))
    assert refusal.value.code == "more_than_owed"
    assert "500,000.00" in refusal.value.text()
    repay_loan(loan.pk, amount_minor=500_000_00, key="one", by=with_code("ma"))  # pressed again
    assert Act.objects.filter(kind="repay").count() == 1


def test_above_the_makers_limit_another_person_orders_the_repayment(deal):
    loan = loan_of(deal)
    ma = with_code("ma")
    buyer, role = ma.organization_id, Role.MEMBER_MAKER
    set_signing_limit(buyer, person_id=ma.person_id, role=role, limit_minor=100_00, by=SYSTEM)

    with pytest.raises(Forbidden) as refusal:
        repay_loan(loan.pk, amount_minor=100_01, key="k", by=ma)
    assert refusal.value.code == "over_signing_limit"
    assert repay_loan(loan.pk, amount_minor=100_01, key="k", by=with_code("nuo")).kind == "repay"
