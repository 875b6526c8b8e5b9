"""The core enterprise pays for the borrower under its recourse, and may claim it back."""

import pytest

from scf.core import clock
from scf.core.errors import Conflict, DomainError, Forbidden, NotFound, RuleBroken
from scf.loans.decided import get_demand, list_demands
from scf.loans.models import GuaranteeDemand, Loan
from scf.loans.selectors import view_loan
from scf.loans.services import (
    DemandIn,
    decline_guarantee,
    demand_guarantee,
    pay_guarantee,
    propose_guarantee,
    record_guarantee,
    record_repayment,
    refuse_guarantee,
    uphold_guarantee,
    withdraw_guarantee,
)
from scf.loans.services.guarantee import PAY_WITHIN, payable_minor
from scf.parties.models import Membership
from scf.parties.permissions import Permission
from scf.wallets.models import Act
from scf.workflow import clocks
from tests.factories.loans import moved, opened_loan
from tests.factories.parties import also, party, somebody
from tests.loans.deal import FUNDED, LATE
from tests.loans.lives import DAY, assert_books_agree, checker, go_to, maker, told, with_factor

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
    given = DemandIn(amount_minor, "货未售出", LATE + PAY_WITHIN)
    return propose_guarantee(loan.pk, given=given, key="page:1", by=maker())


def demanded(loan: Loan, amount_minor: int = 500_000_00) -> GuaranteeDemand:
    """Two persons of the bank asked for it."""
    demand = asked(loan, amount_minor)
    return demand_guarantee(demand.pk, seen=demand.content_hash, by=checker())


def test_two_persons_demand_and_the_money_repays_the_loan_and_becomes_a_claim(loan):
    lan = with_factor(somebody("lan"))
    demand = asked(loan)
    assert not list_demands(by=lan).exists()
    with pytest.raises(Forbidden) as refusal:
        demand_guarantee(
            demand.pk,
            seen=demand.content_hash,
            by=also(with_factor(maker()), Permission.LOAN_APPROVE),
        )
    assert refusal.value.code == "four_eyes"
    roles = Membership.objects.filter(person_id=checker().person_id)
    roles.update(signing_limit_minor=499_999_99)
    with pytest.raises(Forbidden) as refusal:
        demand_guarantee(demand.pk, seen=demand.content_hash, by=checker())
    assert refusal.value.code == "over_signing_limit"
    roles.update(signing_limit_minor=500_000_00)

    demand_guarantee(demand.pk, seen=demand.content_hash, by=checker())
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
    demand = demanded(loan)
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
    demand_guarantee(demand.pk, seen=demand.content_hash, by=checker())
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


def test_the_core_enterprise_says_why_not_and_the_bank_upholds_or_withdraws(loan):
    lan, yi = somebody("lan"), checker()
    demand = demanded(loan)
    assert demand.due_at == clock.shanghai_midnight(LATE + PAY_WITHIN + DAY)
    for by, reason, code in ((yi, "货已验收", "not_your_side"), (lan, "  ", "reason_missing")):
        with pytest.raises(DomainError) as refusal:
            decline_guarantee(demand.pk, reason=reason, by=by)
        assert refusal.value.code == code

    declined = decline_guarantee(demand.pk, reason="货已按合同交付", by=lan)
    assert (declined.status, declined.turn_party) == ("declined", loan.bank_id)
    with pytest.raises(Conflict) as refusal:
        pay_guarantee(demand.pk, amount_minor=1_00, key="k", by=with_factor(lan))
    assert refusal.value.code == "wrong_state"
    with pytest.raises(RuleBroken) as refusal:
        uphold_guarantee(demand.pk, reason="仓单显示未售", pay_by=FUNDED, by=yi)
    assert refusal.value.code == "day_is_past"

    later = LATE + 2 * PAY_WITHIN
    upheld = uphold_guarantee(demand.pk, reason="仓单显示未售", pay_by=later, by=yi)
    assert (upheld.status, upheld.turn_party) == ("demanded", lan.organization_id)
    assert upheld.due_at == clock.shanghai_midnight(later + DAY)
    decline_guarantee(demand.pk, reason="仍有争议", by=lan)
    assert withdraw_guarantee(demand.pk, reason="协商一致", by=yi).status == "withdrawn"
    assert [one["reason"] for one in told("guarantee.declined")] == ["货已按合同交付", "仍有争议"]


def test_money_ordered_before_a_refusal_still_meets_the_demand(loan):
    demand = demanded(loan, 100_00)
    decline_guarantee(demand.pk, reason="有争议", by=somebody("lan"))
    record_guarantee(loan, moved=moved("guarantee", LATE, 100_00))
    demand.refresh_from_db()
    assert (demand.status, demand.left_minor) == ("paid", 0)


def test_a_demand_above_what_is_owed_by_now_cannot_be_made_nor_paid(loan):
    owed = view_loan(loan).settlement.total_minor
    first = asked(loan, owed)
    with pytest.raises(Conflict) as refusal:
        demand_guarantee(first.pk, seen="0" * 64, by=checker())
    assert refusal.value.code == "content_changed"
    record_repayment(loan, moved=moved("repay", LATE, 5_00), cause="repay")
    with pytest.raises(Conflict) as refusal:
        demand_guarantee(first.pk, seen=first.content_hash, by=checker())
    assert refusal.value.code == "content_changed"
    refuse_guarantee(first.pk, reason="借款人已还一部分", by=checker())

    again = propose_guarantee(
        loan.pk, given=DemandIn(owed - 5_00, "货未售出", LATE), key="page:2", by=maker()
    )
    demand_guarantee(again.pk, seen=again.content_hash, by=checker())
    record_repayment(loan, moved=moved("repay", LATE, 5_00), cause="repay")
    with pytest.raises(RuleBroken) as refusal:
        pay_guarantee(again.pk, amount_minor=owed - 5_00, key="k", by=with_factor(somebody("lan")))
    assert refusal.value.code == "more_than_owed"
    assert payable_minor(again) == owed - 10_00
