"""The checks of trade say nothing of a sound world and name every row somebody broke."""

from decimal import Decimal

import pytest

from scf.core.actor import SYSTEM
from scf.core.ids import new_id
from scf.trade.models import Order, OrderLine, ReceiptLine, Reservation
from scf.trade.services import release_lines
from scf.workflow.invariants import run_checks
from tests.factories.trade import accepted_line, lines_of, reserved_order, shipped_line

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    order, _application_id, _deal_id = reserved_order()
    first, second, _third = lines_of(order)
    accepted_line(first, "49")
    shipped_line(second, "25", number="FH-2")
    _other, application_id, _other_deal = reserved_order(number="PO-2")
    release_lines(application_id, by=SYSTEM)
    return order


def broken():
    return {name for name, found in run_checks().items() if name.startswith("trade.") and found}


def test_a_sound_world_breaks_nothing(world):
    assert broken() == set()
    assert sum(name.startswith("trade.") for name in run_checks()) == 4


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"shipped_quantity": Decimal(50)}, "trade.lines_equal_their_papers"),
        ({"invoiced_quantity": Decimal(1)}, "trade.lines_equal_their_papers"),
        ({"locked_by": new_id()}, "trade.locked_lines_have_their_holder"),
        ({"amount_minor": 414_993_51}, "trade.order_total_is_the_sum_of_its_lines"),
    ],
)
def test_a_line_changed_behind_the_services_is_named(world, change, name):
    OrderLine.objects.filter(order=world, line_number=2).update(**change)

    assert broken() == {name}


def test_a_lock_without_a_reservation_is_named(world):
    Reservation.objects.filter(line__order=world).update(released_at=world.created_at)

    assert broken() == {"trade.locked_lines_have_their_holder"}


def test_a_receipt_worth_another_amount_is_named(world):
    ReceiptLine.objects.update(value_minor=1)

    assert broken() == {"trade.receipts_sum_to_the_accepted_value"}


def test_a_total_that_is_not_the_lines_is_named(world):
    Order.objects.filter(pk=world.pk).update(total_minor=1)

    assert broken() == {"trade.order_total_is_the_sum_of_its_lines"}
