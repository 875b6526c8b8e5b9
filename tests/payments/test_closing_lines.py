"""How a line ends when less arrives than was ordered, and what goes back."""

from decimal import Decimal

import pytest

from scf.core.errors import Forbidden, NotFound, RuleBroken
from scf.financing.services import agree_return, ship_delivery
from scf.trade.inputs import ShipmentLineIn
from scf.workflow.models import Fact
from tests.factories.parties import somebody
from tests.payments.lives import funded, with_code

pytestmark = pytest.mark.usefixtures("stays_sound")


def agree(life, number, key):
    agree_return(life.application.pk, life.order_line(number).pk, by=with_code(key))
    life.stack.rest()


def test_short_within_tolerance_closes_and_goes_back_when_both_agree(life):
    life.deliver(1, "49", "49")
    line = life.line(1)
    assert (line.status, line.released_minor) == ("short_closed", 372_602_37)

    agree(life, 1, "nuo")
    assert life.line(1).status == "short_closed"
    agree(life, 1, "nuo")
    agree(life, 1, "lan")

    line = life.line(1)
    assert (line.status, line.returned_minor) == ("returned", 7_604_13)
    assert life.payment.returned_loan_minor == 6_083_30
    assert life.status() == ("funded", "partial")


def test_short_within_tolerance_goes_back_by_itself_where_the_terms_say_so(stack):
    life = funded(stack, return_short_lines=True)
    life.deliver(1, "49", "49")

    line = life.line(1)
    assert (line.status, line.returned_minor) == ("returned", 7_604_13)


def test_a_line_is_not_closed_short_while_more_of_it_is_on_its_way(stack, life):
    first, second = life.ship(1, "49"), life.ship(1, "1")
    for row in (first, second):
        life.prove(row)
        life.confirm(life.accept(row, str(row.shipped_quantity)))
        stack.rest()

    assert life.line(1).status == "paid"


def test_the_last_delivery_that_comes_short_closes_what_the_first_left_open(stack, life):
    first, second = life.ship(1, "49"), life.ship(1, "1")
    life.prove(first)
    life.confirm(life.accept(first, "49"))
    stack.rest()
    assert life.line(1).status == "waiting"

    life.prove(second)
    life.confirm(life.accept(second, "0", short="1"))
    stack.rest()

    assert (life.line(1).status, life.line(1).released_minor) == ("short_closed", 372_602_37)


def test_a_closing_asked_before_the_money_was_paid_still_closes_the_line(stack, life):
    first, second = life.ship(1, "49"), life.ship(1, "1")
    for row, accepted, found in ((first, "49", {}), (second, "0", {"short": "1"})):
        life.prove(row)
        life.confirm(life.accept(row, accepted, **found))
    stack.rest()

    assert (life.line(1).status, life.line(1).released_minor) == ("short_closed", 372_602_37)


def test_short_beyond_tolerance_stays_open_for_the_rest(life):
    life.deliver(1, "50", "40", short="10")
    assert life.line(1).status == "waiting"

    life.deliver(1, "10", "10")

    assert life.line(1).status == "paid"


def test_damaged_goods_end_the_line_at_what_was_accepted(life):
    life.deliver(2, "50", "45", damaged="5")

    line = life.line(2)
    assert (line.status, line.cap_minor - line.released_minor) == ("rejected", 41_499_35)
    agree(life, 2, "nuo")
    agree(life, 2, "lan")
    assert life.line(2).status == "returned"


def test_all_rejected_pays_nothing_and_goes_back_whole(life):
    life.deliver(3, "40", "0", rejected="40")
    line = life.line(3)
    assert (line.status, line.confirmed_minor) == ("rejected", 0)

    agree(life, 3, "lan")
    agree(life, 3, "nuo")

    assert life.line(3).returned_minor == line.cap_minor == 204_800_00
    assert life.payment.returned_loan_minor == 163_840_00


def test_every_line_returned_ends_the_escrow_returned(stack, life):
    for number in (1, 2, 3):
        agree(life, number, "nuo")
        agree(life, number, "lan")

    assert life.status() == ("funded", "returned")
    assert stack.balance(life.payment.buyer_wallet) == 250_000_00
    assert stack.balance(life.payment.bank_wallet) == 2_000_000_00


def test_more_than_ordered_is_paid_up_to_the_cap_only(stack):
    life = funded(stack, tolerance_over_ppm=30_000)
    with pytest.raises(RuleBroken) as refusal:
        ship_delivery(
            life.application.pk,
            number="FH-X",
            lines=[ShipmentLineIn(life.order_line(1).pk, Decimal("51.6"))],
            by=somebody("ku"),
        )
    assert refusal.value.code == "over_delivery"

    life.deliver(1, "51", "51")

    assert (life.line(1).status, life.line(1).released_minor) == ("paid", 380_206_50)


def test_goods_that_come_after_a_line_was_closed_are_recorded_and_not_paid(stack, life):
    life.deliver(2, "50", "45", damaged="5")
    row = life.ship(2, "5")

    assert life.accept(row, "5") is None

    stack.rest()
    assert life.order_line(2).accepted_quantity == 50
    assert life.line(2).status == "rejected"


def test_a_line_whose_goods_or_money_are_on_the_way_does_not_go_back(stack, life, sly, ku):
    line = life.order_line(1).pk
    row = life.ship(1, "20")
    with pytest.raises(RuleBroken) as travelling:
        agree_return(life.application.pk, line, by=with_code("nuo"))
    life.prove(row)
    acceptance = life.accept(row, "20")
    with pytest.raises(RuleBroken) as asked_for:
        agree_return(life.application.pk, line, by=with_code("nuo"))
    assert {travelling.value.code, asked_for.value.code} == {"line_not_over"}
    with pytest.raises(NotFound):
        agree_return(life.application.pk, line, by=sly)
    with pytest.raises(Forbidden):
        agree_return(life.application.pk, line, by=with_code("luo"))
    with pytest.raises(Forbidden):
        agree_return(life.application.pk, line, by=ku)

    life.confirm(acceptance)
    stack.rest()
    assert life.line(1).released_minor == 152_082_60
    assert not Fact.objects.filter(name="application.return_agreed").exists()


def test_one_sides_word_for_another_rest_counts_no_more(life):
    agree(life, 1, "nuo")
    life.deliver(1, "20", "20")
    agree(life, 1, "lan")
    assert life.line(1).returned_minor == 0

    agree(life, 1, "nuo")

    assert (life.line(1).status, life.line(1).returned_minor) == ("returned", 228_123_90)


def test_two_deliveries_confirmed_in_reverse_order_end_as_in_order(stack):
    life = funded(stack)
    short, damaged = 1, 2
    acceptances = {}
    for number, second, found in ((short, "24", {}), (damaged, "25", {"damaged": "5"})):
        rows = life.ship(number, "25"), life.ship(number, second)
        for row, accepted in zip(rows, ("25", "20" if found else second), strict=True):
            life.prove(row)
            given = found if row is rows[1] else {}
            acceptances[number, row is rows[1]] = life.accept(row, accepted, **given)
    for number in (short, damaged):
        life.confirm(acceptances[number, True])
    stack.rest()
    # What closes the lines is signed by all, and waits for the delivery before it.
    assert [life.line(number).status for number in (short, damaged)] == ["waiting", "waiting"]

    for number in (short, damaged):
        life.confirm(acceptances[number, False])
    stack.rest()

    assert (life.line(short).status, life.line(short).released_minor) == (
        "short_closed",
        372_602_37,
    )
    line = life.line(damaged)
    assert (line.status, line.cap_minor - line.released_minor) == ("rejected", 41_499_35)
