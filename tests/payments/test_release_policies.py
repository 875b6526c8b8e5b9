"""When the escrow pays: at drawdown, on shipment, on acceptance."""

import pytest

from scf.core.errors import Conflict, RuleBroken
from scf.financing.services import pay_own_funds
from scf.loans.models import Loan
from scf.trade.selectors import list_financeable_lines
from tests.factories.parties import somebody
from tests.payments.lives import funded, lines_at, signed, with_code

pytestmark = pytest.mark.usefixtures("stays_sound")
TOTAL = 1_000_000_00


@pytest.mark.parametrize("interest_from", ["funding", "release"])
def test_paid_on_drawdown_every_line_is_paid_at_its_cap_in_the_act_of_funding(stack, interest_from):
    life = funded(stack, release_policy="PAY_ON_DRAWDOWN", interest_from=interest_from)

    assert life.status() == ("funded", "settled")
    assert stack.balance(life.payment.payee_wallet) == TOTAL
    assert {life.line(number).status for number in (1, 2, 3)} == {"paid"}
    loan = Loan.objects.get(application_id=life.application.pk)
    assert (loan.status, loan.principal_minor) == ("active", 800_000_00)


def test_goods_paid_on_drawdown_are_delivered_and_never_financed_again(stack):
    life = funded(stack, release_policy="PAY_ON_DRAWDOWN")
    assert not list_financeable_lines(by=somebody("ma")).exists()

    life.deliver(1, "50", "49", short="1")

    assert life.order_line(1).accepted_quantity == 49
    assert not life.application.acceptances.exists()
    assert life.payment.released_minor == TOTAL


def test_paid_on_shipment_seller_and_bank_confirm_what_was_shipped(stack):
    life = funded(stack, release_policy="PAY_ON_SHIPMENT", interest_from="release")
    first = life.ship(1, "20")
    stack.rest()
    assert life.line(1).confirmed_minor == 0
    with pytest.raises(RuleBroken) as refusal:
        life.confirm(life.application.acceptances.get())
    assert refusal.value.code == "evidence_missing"

    life.prove(first)
    life.confirm(life.application.acceptances.get())
    stack.rest()
    assert life.line(1).released_minor == 152_082_60
    assert life.line(1).status == "waiting"

    assert life.accept(first, "20") is None
    rest = life.ship(1, "30")
    life.prove(rest)
    life.confirm(life.application.acceptances.latest("id"))
    stack.rest()
    assert life.line(1).status == "paid"
    assert stack.balance(life.payment.payee_wallet) == life.line(1).cap_minor


def test_without_own_funds_the_bank_pays_all(stack):
    life = signed(stack, own_funds_ppm=0, application={"own_funds_minor": 0})
    assert life.status() == ("signed", "own_funds_in")
    with pytest.raises(Conflict):
        pay_own_funds(life.application.pk, by=with_code("nuo"))

    life.pay_out()
    life.deliver(1, "50", "50")

    assert life.payment.released_loan_minor == life.payment.released_minor > 0


def test_a_line_of_one_fen_and_odd_own_funds_end_to_the_fen(stack):
    life = funded(
        stack,
        lines=lines_at(("3", "1000.01"), ("1", "0.01"), ("7", "33.33")),
        application={"own_funds_minor": 777_77},
    )
    assert life.line(2).cap_minor == 1
    life.deliver(2, "1", "1")
    life.deliver(1, "1", "1")
    life.deliver(1, "2", "2")
    life.deliver(3, "7", "7")

    payment = life.payment
    assert payment.status == "settled"
    assert payment.released_minor == payment.total_minor == 3_000_03 + 1 + 233_31
    assert payment.released_loan_minor == payment.loan_minor


def test_two_deliveries_confirmed_before_the_first_release_are_paid_once(stack, life):
    rows = [life.ship(1, "10"), life.ship(1, "15"), life.ship(2, "50")]
    for row in rows:
        life.prove(row)
        life.confirm(life.accept(row, str(row.shipped_quantity)))
    stack.rest()

    assert life.line(1).released_minor == life.line(1).confirmed_minor == 190_103_25
    assert life.line(2).status == "paid"
    assert stack.balance(life.payment.payee_wallet) == life.payment.released_minor
