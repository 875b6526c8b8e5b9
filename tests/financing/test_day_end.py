"""The bank's days on a real chain: closed, interrupted, taken up again.

Golden deal 1 lives through all of its own in tests/ledger/test_worked_examples.py.
"""

from datetime import date, timedelta

import pytest

from scf.core import clock
from scf.core.actor import SYSTEM
from scf.core.errors import RuleBroken
from scf.financing import day_end
from scf.financing.services import pay_own_funds
from scf.ledger.models import Transfer
from scf.ledger.selectors import list_balances
from scf.loans.models import Loan
from scf.payments.models import Payment
from scf.wallets.models import Act
from scf.workflow import clocks
from tests.factories.parties import party
from tests.financing.conftest import with_code
from tests.loans.deal import MATURITY

DAY = timedelta(days=1)


def balance(code: str) -> int:
    rows = list_balances(party("yuanfan").pk, by=SYSTEM, codes=[code])
    return sum(row.balance_minor for row in rows)


def moved(kind: str) -> list[tuple[date, int]]:
    rows = Transfer.objects.filter(kind=kind).order_by("id")
    return [(row.value_date, row.amount_minor) for row in rows]


def held(deal, purpose: str) -> int:
    return balance(f"2011.81:{deal.application.buyer_id}:{purpose}")


def test_an_interrupted_day_is_taken_up_again(deal):
    stack, day = deal.stack, date(2026, 3, 20)
    deal.go_to(day)
    day_end.close_day(day, quiet=stack.rest)
    clocks.open_day(day + DAY)  # and then the power went

    deal.go_to(day + 2 * DAY)

    assert moved("mint_interest") == [(day + DAY, 12_78)]
    assert clocks.business_date() == day + 2 * DAY


@pytest.mark.slow
def test_nothing_is_swept_before_the_due_date_nor_twice_on_it(deal):
    deal.go_to(date(2026, 4, 1))
    deal.receive(100_00)
    day_end.sweep_due(clocks.business_date())
    assert not Act.objects.filter(kind="sweep").exists()
    deal.go_to(MATURITY)

    day_end.sweep_due(MATURITY)
    day_end.sweep_due(MATURITY)
    deal.stack.rest()

    assert moved("sweep") == [(MATURITY, 100_00)]


def test_own_funds_of_an_unfunded_agreement_go_back_after_fund_by(signed):
    signed.go_to(date(2026, 3, 11))
    pay_own_funds(signed.application.pk, by=with_code("nuo"))
    signed.stack.rest()
    assert held(signed, "general") == 50_000_00

    signed.go_to(date(2026, 3, 20))

    payment = Payment.objects.get(application_id=signed.application.pk)
    loan = Loan.objects.get(application_id=signed.application.pk)
    assert (payment.status, loan.status) == ("cancelled", "cancelled")
    assert held(signed, "general") == 250_000_00 + payment.interest_paid_minor
    assert balance(f"9010:{loan.pk}") == 0


def test_no_day_may_be_moved_once_it_is_today_nor_back(stack):
    with pytest.raises(RuleBroken) as back:
        day_end.require_past(clocks.business_date() - DAY)
    assert back.value.code == "day_moves_forward"

    clocks.open_day(clock.today())

    with pytest.raises(RuleBroken) as refusal:
        day_end.require_past(clock.today())
    assert refusal.value.code == "day_is_today"


def test_in_real_time_each_day_that_is_over_is_closed_as_soon_as_the_chain_says_so(deal):
    node = deal.stack.node
    assert day_end.roll_day(node=node) == []

    node.set_next_time(int(clock.shanghai_midnight(date(2026, 4, 1)).timestamp()))
    node.mine(1)

    closed = day_end.roll_day(node=node)
    assert (closed[0], closed[-1]) == (date(2026, 3, 12), date(2026, 3, 31))
    assert clocks.business_date() == date(2026, 4, 1)
    assert moved("loan_accrual") == [(date(2026, 3, 31), 1_933_33)]
    assert day_end.roll_day(node=node) == []
