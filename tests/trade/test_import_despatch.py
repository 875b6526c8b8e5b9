"""A despatch advice comes in as a file: matched to the order's lines, and shipped once."""

from decimal import Decimal

import pytest

from scf.core.errors import RuleBroken
from scf.financing.services import ship_from_file
from scf.trade.models import Delivery
from scf.trade.services import confirm_paper, take_shipment
from tests.factories.parties import also
from tests.factories.trade import lines_of, reserved_order, shipped_line
from tests.trade.papers import (
    advice,
    checked,
    codes_of,
    confirmed_from,
    notices_of,
    order_from,
    sample,
)

# The order named behind a line's own reference, after its LineID.
_BEHIND_LINE = "</cbc:LineID>\n\t\t\t<cac:OrderReference>\n\t\t\t\t<cbc:ID>"
OTHER_ORDER = (f"{_BEHIND_LINE}Order-1<", f"{_BEHIND_LINE}PO-9<")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _documents_root(settings, tmp_path):
    settings.DOCUMENTS_ROOT = str(tmp_path)


def test_a_despatch_advice_becomes_a_delivery(ku):
    order = confirmed_from()
    job = checked(advice(), by=ku)

    assert (job.errors, job.about) == ([], order)
    assert [(row["line"], row["quantity"]) for row in job.found[0]["rows"]] == [
        (1, "10"),
        (2, "10"),
    ]
    shown = {one["zh"]: one["value"] for one in job.found[0]["facts"]}
    assert shown == {"承运方": "CarrierPart", "单据所载发货日": "2019-03-13"}
    assert not Delivery.objects.exists()

    delivery = ship_from_file(job.pk, by=ku)
    assert (delivery.order, delivery.number, delivery.carrier) == (order, "1234", "CarrierPart")
    assert [line.shipped_quantity for line in lines_of(order)] == [10, 10]
    assert {line.status for line in lines_of(order)} == {"shipped"}
    job.refresh_from_db()
    assert (job.status, job.rows_done) == ("confirmed", 2)


def test_batch_vehicle_and_seal_are_kept(ku):
    confirmed_from()
    transport = (
        "<cac:TransportHandlingUnit><cac:TransportEquipment><cac:TransportEquipmentSeal><cbc:ID>S-9"
        "</cbc:ID></cac:TransportEquipmentSeal></cac:TransportEquipment><cac:TransportMeans>"
        "<cac:RoadTransport><cbc:LicensePlateID>浙A-8</cbc:LicensePlateID></cac:RoadTransport>"
        "</cac:TransportMeans></cac:TransportHandlingUnit></cac:Shipment>"
    )
    lot = (
        "<cac:ItemInstance><cac:LotIdentification><cbc:LotNumberID>B-7</cbc:LotNumberID>"
        "</cac:LotIdentification></cac:ItemInstance></cac:Item>"
    )
    content = advice(("</cac:Shipment>", transport), ("</cac:Item>", lot))
    delivery = ship_from_file(checked(content, by=ku).pk, by=ku)

    assert (delivery.batch, delivery.vehicle, delivery.seal) == ("B-7", "浙A-8", "S-9")


def test_goods_are_known_by_their_number_where_no_line_is_named(ku):
    order = confirmed_from("UC1_Order.xml")
    known = (("4321", "1"), ("7390000400003", "7300010000001"))
    content = sample("DespatchAdvice-BIS3_UseCase1.xml", *known, ("010120401", "SN-35"))
    head, *rest = content.decode().split("<cac:OrderLineReference>")
    first = rest[0].split("</cac:OrderLineReference>")[1]
    tail = rest[1].split("</cac:DespatchLine>")[1]
    job = checked(f"{head}{first.rsplit('<cac:DespatchLine>', 1)[0]}{tail}".encode(), by=ku)

    assert job.errors == []
    assert [row["line"] for row in job.found[0]["rows"]] == [3]
    assert job.about == order


def test_several_lots_of_one_line_are_one_quantity(ku):
    order = confirmed_from()
    lots = (("LineID>1<", "LineID>2<"),)
    ship_from_file(checked(advice(*lots), by=ku).pk, by=ku)

    assert [line.shipped_quantity for line in lines_of(order)] == [0, 20]


def test_more_than_is_open_is_an_error_of_its_line(ku):
    order = confirmed_from()
    shipped_line(lines_of(order)[0], "0.5")
    job = checked(advice(), by=ku)

    (error,) = job.errors
    assert (error["code"], error["row"], error["column"]) == (
        "over_delivery",
        1,
        "DeliveredQuantity",
    )
    assert "9.5" in error["zh"]
    with pytest.raises(RuleBroken) as refusal:
        ship_from_file(job.pk, by=ku)
    assert refusal.value.code == "import_has_errors"
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("LineID>2<", "LineID>7<"), "line_not_in_order"),
        (OTHER_ORDER, "other_order"),
        (('"EA"', '"KGM"'), "wrong_unit"),
        (('"EA">10<', '"EA">-1<'), "line_without_quantity"),
        (('"EA">10<', '"EA">0<'), "nothing_sent"),
    ],
)
def test_lines_that_do_not_fit_are_refused_in_words(ku, change, code):
    confirmed_from()
    job = checked(advice(change), by=ku)

    assert set(codes_of(job)) == {code}
    assert all(error["zh"] and error["en"] and error["todo_zh"] for error in job.errors)


def test_a_line_of_which_nothing_was_sent_is_told_and_left_out(ku):
    order = confirmed_from()
    content = advice().replace(b'"EA">10<', b'"EA">0<', 1)
    job = checked(content, by=ku)

    assert "本次未发货" in notices_of(job)
    ship_from_file(job.pk, by=ku)
    assert [line.shipped_quantity for line in lines_of(order)] == [0, 10]


def test_goods_of_another_line_than_the_one_named_are_refused(ku):
    confirmed_from("UC1_Order.xml")
    known = (("4321", "1"), ("7390000400003", "7300010000001"), ("010120401", "SN-34"))
    job = checked(sample("DespatchAdvice-BIS3_UseCase1.xml", *known), by=ku)

    assert [(error["code"], error["row"]) for error in job.errors][:1] == [("other_goods", 1)]


def test_nothing_is_shipped_on_an_order_nobody_confirmed(ku):
    order_from()
    assert set(codes_of(checked(advice(), by=ku))) == {"order_not_confirmed"}


def test_a_delivery_note_is_recorded_once(ku):
    order = confirmed_from()
    ship_from_file(checked(advice(), by=ku).pk, by=ku)
    again = checked(advice(("on schedule", "on time")), by=ku)

    assert "duplicate_delivery" in codes_of(again)
    assert order.deliveries.count() == 1


def test_a_despatch_advice_is_not_done_without_being_shipped(ku):
    confirmed_from()
    job = checked(advice(), by=ku)
    with pytest.raises(RuleBroken) as refusal:
        confirm_paper(job.pk, by=ku)
    assert refusal.value.code == "shipment_not_here"
    job.refresh_from_db()
    assert job.status == "checked"


def test_the_buyer_sends_nothing(ma):
    confirmed_from()
    assert codes_of(checked(advice(), by=ma)) == ["not_your_side"]


def test_a_stranger_with_every_right_finds_no_order(sly, ku):
    confirmed_from()
    stranger = also(sly, *ku.permissions)
    assert codes_of(checked(advice(), by=stranger)) == ["unknown_order"]


def test_lines_of_a_financing_name_it_and_leave_its_tolerance_to_the_deal(ku):
    order, application_id, _deal_id = reserved_order(number="Order-1")
    content = advice(('"EA">10<', '"TNE">50.2<'), ("010120401", "PP-T30S"), ("010140403", "L-7042"))
    job = checked(content, by=ku)

    assert job.errors == []
    assert "溢装" in notices_of(job)
    shipment = take_shipment(job.pk, by=ku)
    assert shipment.application_ids == (application_id,)
    assert [line.quantity for line in shipment.lines] == [Decimal("50.2")] * 2
    assert shipment.order_id == order.pk
