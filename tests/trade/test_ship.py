"""The seller sends goods."""

from decimal import Decimal

import pytest

from scf.core.errors import Conflict, Forbidden, NotFound, RuleBroken
from scf.core.ids import new_id
from scf.documents.services import open_document, store_document
from scf.parties.permissions import Permission
from scf.trade.inputs import ShipmentLineIn
from scf.trade.models import Delivery
from scf.trade.selectors import get_delivery, list_awaiting_receipt, list_deliveries, open_quantity
from scf.trade.services import ship
from scf.trade.values import shipped_value_minor
from scf.workflow.models import Fact
from tests.factories.parties import also
from tests.factories.trade import (
    confirmed_order,
    draft_order,
    lines_of,
    reserved_order,
    shipped_line,
)

pytestmark = pytest.mark.django_db

SLIP = "磅单号,净重\nW-1,50.000\n".encode()


def test_a_delivery_carries_what_the_note_says(ku, ma):
    order, _application_id, deal_id = reserved_order()
    first, second, _third = lines_of(order)
    evidence = store_document(SLIP, name="磅单.csv", by=ku).pk

    delivery = ship(
        order.pk,
        number="FH-20260320",
        lines=[ShipmentLineIn(first.pk, Decimal(50)), ShipmentLineIn(second.pk, Decimal(25))],
        carrier="青屿驭程",
        vehicle="云A12345",
        batch="B-77",
        seal="S-1",
        evidence_document_ids=[evidence],
        by=ku,
    )

    assert open_document(evidence, by=ma)[1] == SLIP
    seen = get_delivery(delivery.pk, by=ma)
    assert (seen.carrier, seen.vehicle, seen.batch, seen.seal) == (
        "青屿驭程",
        "云A12345",
        "B-77",
        "S-1",
    )
    assert seen.evidence_document_ids == [evidence]
    first, second, third = lines_of(order)
    assert [line.status for line in (first, second, third)] == ["shipped", "shipped", "locked"]
    assert [line.shipped_quantity for line in (first, second)] == [50, 25]
    assert open_quantity(second) == 25
    assert shipped_value_minor(second) == 207_496_75
    assert list_awaiting_receipt(by=ma, deal_id=deal_id).count() == 2
    assert Fact.objects.filter(name="order_line.shipped", deal_id=deal_id).count() == 2
    assert Fact.objects.get(name="delivery.shipped").subject_id == delivery.pk


def test_a_line_may_go_in_several_deliveries():
    line = lines_of(confirmed_order())[0]

    shipped_line(line, "30", number="FH-1")
    shipped_line(line, "20", number="FH-2")

    line.refresh_from_db()
    assert (line.status, line.shipped_quantity) == ("shipped", 50)
    assert open_quantity(line) == 0


def test_more_than_is_open_is_refused():
    line = lines_of(confirmed_order())[0]
    shipped_line(line, "30")

    with pytest.raises(RuleBroken) as refusal:
        shipped_line(line, "20.001", number="FH-2")
    assert refusal.value.code == "over_delivery"
    assert refusal.value.extra["most"] == "20"


def test_a_little_more_goes_within_the_tolerance_given():
    line = lines_of(confirmed_order())[0]

    shipped_line(line, "50.15", tolerance_over_ppm=3_000)

    with pytest.raises(RuleBroken):
        shipped_line(lines_of(line.order)[1], "50.151", number="FH-2", tolerance_over_ppm=3_000)


def test_the_same_note_twice_is_a_conflict():
    line = lines_of(confirmed_order())[0]
    shipped_line(line, "10")

    with pytest.raises(Conflict) as refusal:
        shipped_line(line, "10")
    assert refusal.value.code == "duplicate_delivery"
    line.refresh_from_db()
    assert line.shipped_quantity == 10


def test_goods_of_a_draft_cannot_go():
    line = lines_of(draft_order())[0]

    with pytest.raises(Conflict) as refusal:
        shipped_line(line, "10")
    assert refusal.value.code == "wrong_state"
    assert not Delivery.objects.exists()


def test_the_buyer_cannot_ship_for_the_seller(ma):
    order = confirmed_order()
    lines = [ShipmentLineIn(lines_of(order)[0].pk, Decimal(1))]

    with pytest.raises(Forbidden) as refusal:
        ship(order.pk, number="FH-1", lines=lines, by=ma)
    assert refusal.value.code == "not_your_side"


def test_a_stranger_finds_nothing_to_ship_and_no_delivery(sly):
    order = confirmed_order()
    line = lines_of(order)[0]
    delivery = shipped_line(line, "10").delivery

    with pytest.raises(NotFound):
        ship(
            order.pk,
            number="FH-2",
            lines=[ShipmentLineIn(line.pk, Decimal(1))],
            by=also(sly, Permission.DELIVERY_SHIP),
        )
    with pytest.raises(NotFound):
        get_delivery(delivery.pk, by=sly)
    assert not list_deliveries(by=sly)


def test_a_line_of_another_order_cannot_ride_along(ku):
    order = confirmed_order()
    other = confirmed_order(number="PO-2")

    with pytest.raises(NotFound):
        ship(
            order.pk,
            number="FH-1",
            lines=[ShipmentLineIn(lines_of(other)[0].pk, Decimal(1))],
            by=ku,
        )


@pytest.mark.parametrize("quantity", ["0", "-1"])
def test_nothing_and_less_cannot_be_shipped(quantity):
    with pytest.raises(RuleBroken) as refusal:
        shipped_line(lines_of(confirmed_order())[0], quantity)
    assert refusal.value.code == "shipment_invalid"


def test_a_note_needs_a_number_and_each_line_once(ku):
    order = confirmed_order()
    line = ShipmentLineIn(lines_of(order)[0].pk, Decimal(1))

    for number, lines in ((" ", [line]), ("FH-1", []), ("FH-1", [line, line])):
        with pytest.raises(RuleBroken) as refusal:
            ship(order.pk, number=number, lines=lines, by=ku)
        assert refusal.value.code == "shipment_invalid"


def test_nobody_attaches_a_file_that_is_not_theirs(ku, sly):
    line = lines_of(confirmed_order())[0]
    foreign = store_document(SLIP, name="磅单.csv", by=sly).pk

    for unknown in (foreign, new_id()):
        with pytest.raises(NotFound):
            shipped_line(line, "10", evidence_document_ids=[unknown])
    line.refresh_from_db()
    assert line.status == "confirmed"
