"""The core enterprise pays for the borrower under its recourse, and may claim it back."""

import pytest

from scf.core.errors import Conflict, Forbidden, NotFound, RuleBroken
from scf.loans.decided import get_demand, list_demands
from scf.loans.models import GuaranteeDemand, Loan
from scf.loans.selectors import view_loan
from scf.loans.services import (
    demand_guarantee,
    pay_guarantee,
    propose_guarantee,
    record_guarantee,
    withdraw_guarantee,
)
from scf.parties.permissions import Permission
from scf.wallets.models import Act
from scf.workflow import clocks
from tests.factories.loans import moved, opened_loan
from tests.factories.parties import also, party, somebody
from tests.loans.deal import FUNDED, LATE
from tests.loans.lives import assert_books_agree, checker, go_to, maker, told, with_factor

pytestmark = pytest.mark.django_db


@pytest.fixture
def loan() -> Loan:
    """Overdue, under a programme whose core enterprise gives the shortfall back."""
    clocks.open_day(FUNDED)
    made = opened_loan()
    Loan.objects.filter(pk=made.pk).update(
        recourse="shortfall_refund", anchor_id=party("hengyan").pk
    )
    go_to(LATE)
    made.refresh_from_db()
    return made


def asked(loan: Loan, amount_minor: int = 500_000_00) -> GuaranteeDemand:
    return propose_guarantee(
        loan.pk, amount_minor=amount_minor, reason="货未售出", key="page:1", by=maker()
    )


def test_two_persons_demand_and_the_money_repays_the_loan_and_becomes_a_claim(loan):
    lan = with_factor(somebody("lan"))
    demand = asked(loan)
    assert not list_demands(by=lan).exists()
    with pytest.raises(Forbidden) as refusal:
        demand_guarantee(demand.pk, by=also(with_factor(maker()), Permission.LOAN_APPROVE))
    assert refusal.value.code == "four_eyes"

    demand_guarantee(demand.pk, by=checker())
    assert get_demand(demand.pk, by=lan).turn_party == lan.organization_id
    before = view_loan(loan).settlement.total_minor
    paid = moved("guarantee", LATE, 500_000_00)
    for _twice in range(2):
        record_guarantee(loan, moved=paid)

    loan.refresh_from_db()
    demand.refresh_from_db()
    assert (demand.status, demand.paid_minor) == ("paid", 500_000_00)
    assert view_loan(loan).settlement.total_minor == before - 500_000_00
    assert loan.actions.get(key=paid.key).kind == "repay_by_anchor"
    assert [one["cause"] for one in told("loan.repaid")] == ["guarantee"]
    assert [one["claim_minor"] for one in told("guarantee.paid_in")] == [500_000_00]
    assert_books_agree()


def test_what_overpays_the_loan_is_no_claim_on_the_borrower(loan):
    demand = demand_guarantee(asked(loan).pk, by=checker())
    owed = view_loan(loan).settlement.total_minor

    record_guarantee(loan, moved=moved("guarantee", LATE, owed + 3_00))

    assert demand.payments.get().claim_minor == owed
    loan.refresh_from_db()
    assert (loan.status, loan.overpaid_minor) == ("overpaid", 3_00)


def test_nobody_else_pays_and_nothing_is_paid_before_or_after_the_demand(loan):
    demand = asked(loan)
    lan = with_factor(somebody("lan"))

    def pay(by, amount_minor=1_00):
        return pay_guarantee(demand.pk, amount_minor=amount_minor, key="k", by=by)

    with pytest.raises(NotFound):
        pay(lan)
    demand_guarantee(demand.pk, by=checker())
    for by, code in (
        (with_factor(maker()), "not_your_side"),
        (somebody("lan"), "step_up_required"),
    ):
        with pytest.raises(Forbidden) as refusal:
            pay(by)
        assert refusal.value.code == code
    for amount, code in ((500_000_01, "more_than_owed"), (1_00, "wallet_missing")):
        with pytest.raises(RuleBroken) as broken:
            pay(lan, amount)
        assert broken.value.code == code
    with pytest.raises(NotFound):
        pay(with_factor(somebody("sly")))
    withdraw_guarantee(demand.pk, reason="借款人已还", by=checker())
    with pytest.raises(Conflict):
        pay(lan)
    assert not Act.objects.exists()


def test_a_demand_needs_recourse_arrears_and_no_more_than_is_owed(loan):
    owed = view_loan(loan).settlement.total_minor
    with pytest.raises(RuleBroken) as refusal:
        asked(loan, owed + 1)
    assert refusal.value.code == "more_than_owed"
    Loan.objects.filter(pk=loan.pk).update(recourse="buy_back")
    with pytest.raises(RuleBroken):
        asked(loan, owed - 1)
    Loan.objects.filter(pk=loan.pk).update(recourse="none")
    with pytest.raises(RuleBroken) as refusal:
        asked(loan)
    assert refusal.value.code == "no_recourse"
