"""The deposit (保证金, K17): pledged before the pay-out, used for what is past due, given back."""

from datetime import date

import pytest

from scf.chain.models import ChainCommand
from scf.core.errors import Conflict, Forbidden, RuleBroken
from scf.financing.services import (
    pay_out,
    pay_own_funds,
    pledge_deposit,
    sign_application,
    withdraw_application,
)
from scf.loans.models import Loan
from scf.loans.selectors import view_loan
from scf.loans.services import (
    approve_deposit_use,
    propose_deposit_use,
    refuse_deposit_use,
    repay_loan,
    usable_deposit,
)
from scf.parties.permissions import Permission
from scf.payments.machine import DEPOSIT as LIFE
from scf.payments.models import Deposit
from scf.wallets import services as wallets
from scf.wallets.models import Act, Purpose, Wallet
from scf.wallets.outcomes import mark_failed
from scf.workflow.closing import closing_act
from scf.workflow.invariants import run_checks
from tests.factories.parties import also, party, somebody
from tests.financing.conftest import BEGINS, Deal, fill, fund, with_code
from tests.financing.test_day_end import DAY, balance
from tests.loans.deal import EXPIRY, LOAN, MATURITY

DEPOSIT = 40_000_00  # 5 % of the loan


@pytest.fixture
def programme_changes():
    return {"deposit_ppm": 50_000}


def pledged(deal: Deal) -> Deposit:
    pledge_deposit(deal.application.pk, by=with_code("nuo"))
    deal.stack.rest()
    return Deposit.objects.get()


def book(purpose: str) -> int:
    return balance(f"2011.81:{party('jinhe').pk}:{purpose}")


def settlement_minor(loan: Loan) -> int:
    return view_loan(loan).settlement.total_minor


def sound() -> bool:
    return all(not broken for broken in run_checks().values())


def test_it_is_asked_for_beside_the_loan_and_never_taken_from_it(approved):
    application, deposit = approved.application, Deposit.objects.get()
    assert (application.loan_minor, application.deposit_minor) == (LOAN, DEPOSIT)
    assert (deposit.status, deposit.wanted_minor, deposit.held_minor) == ("awaited", DEPOSIT, 0)
    request = application.papers["drawdown_request"]
    assert (request["amount_minor"], request["deposit_minor"]) == (LOAN, DEPOSIT)
    reference = application.quote["reference"]
    assert reference["annual_rate_with_deposit"] > reference["annual_rate_xirr"]


@pytest.mark.slow
class TestPledged:
    def test_no_pay_out_without_it_and_it_goes_home_when_nothing_is_owed(
        self, signed, settings, anvil
    ):
        settings.RPC_URL = anvil.url
        application, general = signed.application, book("general")
        pay_own_funds(application.pk, by=with_code("nuo"))
        signed.stack.rest()
        with pytest.raises(RuleBroken) as refusal:
            pay_out(application.pk, by=with_code("luo"))
        assert refusal.value.extra["failed"] == ["deposit_pledged"]

        deposit = pledged(signed)
        assert pledge_deposit(application.pk, by=with_code("nuo")).deposit_minor == DEPOSIT
        signed.stack.rest()
        assert Act.objects.filter(kind="pledge").count() == 1
        assert (deposit.status, deposit.held_minor) == ("pledged", DEPOSIT)
        assert (book("deposit"), book("general")) == (DEPOSIT, general - 200_000_00 - DEPOSIT)
        assert signed.stack.balance(deposit.wallet) == DEPOSIT

        pay_out(application.pk, by=with_code("luo"))
        signed.stack.rest()
        signed.accept(1, "50")
        signed.go_to(EXPIRY + DAY)
        loan = Loan.objects.get()
        assert loan.principal_minor < LOAN
        signed.receive(LOAN)
        signed.go_to(MATURITY + DAY)
        deposit.refresh_from_db()
        loan.refresh_from_db()
        assert (loan.status, deposit.status) == ("settled", "returned")
        assert (deposit.returned_minor, deposit.held_minor, book("deposit")) == (DEPOSIT, 0, 0)
        assert sound()

    def test_its_owner_cannot_take_it_back(self, signed):
        deposit = pledged(signed)
        home = Wallet.objects.get(owner_id=party("jinhe").pk, purpose=Purpose.GENERAL)
        wallets.transfer(
            deposit.wallet, payee=home, amount_minor=1, key="k", kind="repay", by=with_code("nuo")
        )
        signed.stack.rest()
        assert ChainCommand.objects.get(key="repay:k").error == "pledged"
        assert signed.stack.balance(deposit.wallet) == DEPOSIT

    def test_another_side_the_maker_and_a_person_without_the_second_step_are_refused(self, signed):
        for key, by, code in (
            ("lan", with_code("lan"), "not_your_side"),
            ("ma", with_code("ma"), "forbidden"),
            ("nuo", somebody("nuo"), "step_up_required"),
        ):
            with pytest.raises(Forbidden) as refusal:
                pledge_deposit(signed.application.pk, by=by)
            assert refusal.value.code == code, key
        assert not Act.objects.filter(kind="pledge").exists()

    def test_what_was_pledged_for_an_application_taken_back_goes_home(
        self, signed, settings, anvil
    ):
        settings.RPC_URL = anvil.url
        deposit, general = pledged(signed), book("general")
        withdraw_application(signed.application.pk, by=with_code("ma"))
        signed.stack.rest()
        deposit.refresh_from_db()
        assert (deposit.status, book("deposit")) == ("returned", 0)
        assert book("general") == general + DEPOSIT
        assert sound()

    def test_what_was_on_its_way_when_the_application_ended_turns_back(self, signed):
        general = book("general")
        pledge_deposit(signed.application.pk, by=with_code("nuo"))
        withdraw_application(signed.application.pk, by=with_code("ma"))
        assert Deposit.objects.get().status == "dropped"
        signed.stack.rest()
        assert (Deposit.objects.get().status, book("general")) == ("returned", general)
        with pytest.raises(Conflict):
            pledge_deposit(signed.application.pk, by=with_code("nuo"))


def test_it_is_not_pledged_before_all_have_signed(approved):
    sign_application(approved.application.pk, by=with_code("nuo"))
    with pytest.raises(Conflict) as refusal:
        pledge_deposit(approved.application.pk, by=with_code("nuo"))
    assert refusal.value.code == "wrong_state"


@pytest.mark.slow
class TestPastDue:
    @pytest.fixture
    def overdue(self, signed, settings, anvil):
        settings.RPC_URL = anvil.url
        pledged(signed)
        deal = fund(signed)
        deal.go_to(BEGINS + DAY * 14)
        deal.accept(1, "50")
        deal.go_to(MATURITY)
        loan = Loan.objects.get()
        assert usable_deposit(loan).amount_minor == 0  # due today is not past due
        deal.go_to(MATURITY + DAY)
        return deal

    def test_two_people_of_the_bank_take_what_is_due_and_the_loan_falls(self, overdue):
        loan, deposit = Loan.objects.get(), Deposit.objects.get()
        assert loan.status == "overdue"
        owed, use = loan.principal_minor, usable_deposit(loan)
        assert (use.days_past_due, use.amount_minor) == (1, DEPOSIT)
        propose_deposit_use(loan.pk, reason="到期未还", by=somebody("luo"))
        with pytest.raises(Forbidden):
            approve_deposit_use(loan.pk, seen_minor=DEPOSIT, by=with_code("luo"))
        with pytest.raises(Conflict) as changed:
            approve_deposit_use(loan.pk, seen_minor=DEPOSIT - 1, by=with_code("yi"))
        assert changed.value.code == "content_changed"
        approve_deposit_use(loan.pk, seen_minor=DEPOSIT, by=with_code("yi"))
        with pytest.raises(Conflict):
            approve_deposit_use(loan.pk, seen_minor=DEPOSIT, by=with_code("yi"))
        overdue.stack.rest()

        loan.refresh_from_db()
        deposit.refresh_from_db()
        assert (deposit.status, deposit.applied_minor, book("deposit")) == ("used", DEPOSIT, 0)
        charges = loan.interest_paid_minor + loan.penalty_paid_minor
        assert loan.principal_minor == owed - (DEPOSIT - charges)
        assert loan.postings.filter(kind="repay").count() == 1
        assert sound()

    def test_a_proposal_lapses_when_the_buyer_pays_after_all(self, overdue):
        loan, deposit = Loan.objects.get(), Deposit.objects.get()
        propose_deposit_use(loan.pk, reason="到期未还", by=somebody("luo"))
        overdue.receive(LOAN)
        overdue.stack.rest()
        loan.refresh_from_db()
        deposit.refresh_from_db()
        assert (loan.status, deposit.status, deposit.using_minor) == ("settled", "returned", 0)
        assert sound()

    def test_what_is_on_its_way_to_the_loan_is_not_taken_from_it_besides(self, overdue):
        loan = Loan.objects.get()
        propose_deposit_use(loan.pk, reason="到期未还", by=somebody("luo"))
        owed = settlement_minor(loan)
        fill(overdue, owed)
        repay_loan(loan.pk, amount_minor=owed, key="all", by=with_code("nuo"))
        with pytest.raises(Conflict) as refusal:
            approve_deposit_use(loan.pk, seen_minor=DEPOSIT, by=with_code("yi"))
        assert refusal.value.code == "content_changed"
        assert usable_deposit(loan).amount_minor == 0
        overdue.stack.rest()
        assert (Deposit.objects.get().status, book("deposit")) == ("returned", 0)
        assert sound()

    def test_a_use_that_failed_and_the_next_take_effect_once_between_them(self, overdue):
        loan = Loan.objects.get()
        propose_deposit_use(loan.pk, reason="到期未还", by=somebody("luo"))
        first = approve_deposit_use(loan.pk, seen_minor=DEPOSIT, by=with_code("yi"))
        mark_failed(first.key, reason="the signer says no")
        assert Deposit.objects.get().status == "pledged"
        propose_deposit_use(loan.pk, reason="到期未还", by=somebody("luo"))
        second = approve_deposit_use(loan.pk, seen_minor=DEPOSIT, by=with_code("yi"))
        assert second.key == f"{first.key}#2"
        assert second.instruction_id == first.instruction_id
        overdue.stack.rest()
        deposit = Deposit.objects.get()
        assert (deposit.status, deposit.applied_minor, book("deposit")) == ("used", DEPOSIT, 0)
        assert sound()

    def test_a_use_that_failed_here_and_happened_on_the_chain_is_booked(self, overdue):
        loan, deposit = Loan.objects.get(), Deposit.objects.get()
        propose_deposit_use(loan.pk, reason="到期未还", by=somebody("luo"))
        act = approve_deposit_use(loan.pk, seen_minor=DEPOSIT, by=with_code("yi"))
        mark_failed(act.key, reason="the signer says no")
        told = {
            "instruction_id": act.instruction_id,
            "from": deposit.wallet.address,
            "to": deposit.payment.bank_wallet.address,
            "amount": DEPOSIT,
            "tx_hash": "0x" + "1" * 64,
        }
        with closing_act():
            wallets.confirm_moved(told, value_date=MATURITY + DAY)
        deposit.refresh_from_db()
        assert (deposit.status, deposit.applied_minor, deposit.using_minor) == ("used", DEPOSIT, 0)
        assert loan.postings.filter(kind="repay").count() == 1

    def test_who_proposed_one_use_decides_what_another_proposes_later(self, overdue):
        loan, deposit = Loan.objects.get(), Deposit.objects.get()
        yi = also(with_code("yi"), Permission.LOAN_PROPOSE)
        luo = also(with_code("luo"), Permission.LOAN_APPROVE)
        propose_deposit_use(loan.pk, reason="到期未还", by=yi)
        with pytest.raises(Forbidden) as refusal:
            approve_deposit_use(loan.pk, seen_minor=DEPOSIT, by=yi)
        assert refusal.value.code == "four_eyes"
        refuse_deposit_use(loan.pk, reason="客户今日将还款", by=luo)
        propose_deposit_use(loan.pk, reason="仍未还款", by=luo)
        deposit.refresh_from_db()
        assert "use_approved" in LIFE.available(deposit, by=yi)
        assert "use_approved" not in LIFE.available(deposit, by=luo)
        approve_deposit_use(loan.pk, seen_minor=DEPOSIT, by=yi)
        assert Deposit.objects.get().status == "using"
        assert sound()

    def test_said_no_it_lies_pledged_as_before(self, overdue):
        loan = Loan.objects.get()
        propose_deposit_use(loan.pk, reason="到期未还", by=somebody("luo"))
        refuse_deposit_use(loan.pk, reason="客户今日将还款", by=with_code("yi"))
        deposit = Deposit.objects.get()
        assert (deposit.status, deposit.using_minor, deposit.held_minor) == ("pledged", 0, DEPOSIT)
        with pytest.raises(RuleBroken) as refusal:
            propose_deposit_use(loan.pk, reason=" ", by=somebody("luo"))
        assert refusal.value.code == "reason_missing"


def test_nothing_may_be_taken_while_nothing_is_past_due(signed):
    pledged(signed)
    fund(signed)
    loan = Loan.objects.get()
    with pytest.raises(RuleBroken) as refusal:
        propose_deposit_use(loan.pk, reason="担心", by=somebody("luo"))
    assert refusal.value.code == "nothing_due"
    assert date.fromisoformat(str(loan.matures_on)) == MATURITY
