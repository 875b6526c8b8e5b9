"""The buyer says what arrived; money follows the accepted quantity (K7)."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from scf.core.errors import Conflict, Forbidden, NotFound, RuleBroken
from scf.parties.permissions import Permission
from scf.trade.inputs import OrderLineIn
from scf.trade.models import OrderLine, ReceiptLine
from scf.trade.selectors import list_receipts, open_quantity
from scf.trade.services import record_receipt
from scf.trade.values import accepted_value_minor, value_of
from scf.workflow.models import Fact
from tests.factories.parties import also
from tests.factories.trade import (
    accepted_line,
    confirmed_order,
    lines_of,
    reserved_order,
    shipped_line,
)

pytestmark = pytest.mark.django_db


def line_and_delivery(quantity="50", place=0, **changes):
    line = lines_of(confirmed_order(**changes))[place]
    return line, shipped_line(line, quantity)


def test_golden_line_one_is_worth_what_was_accepted(ma):
    order, _application_id, deal_id = reserved_order()
    line = lines_of(order)[0]
    delivery_line = shipped_line(line, "50")

    row = record_receipt(
        delivery_line.pk, accepted=Decimal("49.000"), short=Decimal("1.000"), by=ma
    )

    line.refresh_from_db()
    assert row.value_minor == accepted_value_minor(line) == 372_602_37
    assert (line.status, line.accepted_quantity, line.short_quantity) == ("part", 49, 1)
    facts = Fact.objects.filter(deal_id=deal_id, subject_id=line.pk).values_list("name", flat=True)
    assert list(facts)[-2:] == ["order_line.received", "order_line.part_accepted"]


def test_golden_line_two_is_half_rejected(ma):
    line, delivery_line = line_and_delivery(place=1)

    row = record_receipt(
        delivery_line.pk, accepted=Decimal(25), rejected=Decimal(25), reason="熔指不符", by=ma
    )

    line.refresh_from_db()
    assert (row.value_minor, line.status) == (207_496_75, "part")


def test_the_whole_line_accepted_is_worth_its_amount(ma):
    line, delivery_line = line_and_delivery("40", place=2)

    row = record_receipt(delivery_line.pk, accepted=Decimal(40), by=ma, inspector="何")

    line.refresh_from_db()
    assert (row.value_minor, line.status, row.inspector) == (204_800_00, "accepted", "何")


def test_nothing_accepted_is_a_rejected_line_worth_nothing(ma):
    line, delivery_line = line_and_delivery()

    row = record_receipt(
        delivery_line.pk, accepted=Decimal(0), damaged=Decimal(50), reason="受潮", by=ma
    )

    line.refresh_from_db()
    assert (row.value_minor, line.status) == (0, "rejected")


def test_a_shortage_within_tolerance_counts_as_accepted(ma):
    line, delivery_line = line_and_delivery()

    record_receipt(
        delivery_line.pk,
        accepted=Decimal("49.85"),
        short=Decimal("0.15"),
        tolerance_under_ppm=3_000,
        by=ma,
    )

    line.refresh_from_db()
    assert line.status == "accepted"
    assert accepted_value_minor(line) == 379_065_88


def test_a_hair_beyond_the_tolerance_does_not(ma):
    line, delivery_line = line_and_delivery()

    record_receipt(
        delivery_line.pk,
        accepted=Decimal("49.849999"),
        short=Decimal("0.150001"),
        tolerance_under_ppm=3_000,
        by=ma,
    )

    line.refresh_from_db()
    assert line.status == "part"


def test_damage_is_never_covered_by_the_tolerance(ma):
    line, delivery_line = line_and_delivery()

    record_receipt(
        delivery_line.pk,
        accepted=Decimal("49.9"),
        damaged=Decimal("0.1"),
        reason="破包",
        tolerance_under_ppm=3_000,
        by=ma,
    )

    line.refresh_from_db()
    assert line.status == "part"


def test_what_was_never_shipped_may_be_closed_as_short(ma):
    line, delivery_line = line_and_delivery("49")

    record_receipt(delivery_line.pk, accepted=Decimal(49), short=Decimal(1), by=ma)

    line.refresh_from_db()
    assert (line.shipped_quantity, line.accepted_quantity, line.short_quantity) == (49, 49, 1)


def test_two_part_deliveries_are_worth_the_line_together(ma):
    line = lines_of(confirmed_order())[0]
    first = shipped_line(line, "16.667", number="FH-1")
    second = shipped_line(line, "33.333", number="FH-2")

    one = record_receipt(first.pk, accepted=Decimal("16.667"), by=ma)
    line.refresh_from_db()
    assert (line.status, open_quantity(line)) == ("part", 0)
    two = record_receipt(second.pk, accepted=Decimal("33.333"), by=ma)

    line.refresh_from_db()
    assert line.status == "accepted"
    assert one.value_minor + two.value_minor == line.amount_minor
    assert [row.value_minor for row in list_receipts(by=ma, line_id=line.pk)] == [
        one.value_minor,
        two.value_minor,
    ]


def test_rejected_goods_may_be_replaced(ma):
    line = accepted_line(lines_of(confirmed_order())[0], "30", rejected=Decimal(20), reason="色差")
    assert open_quantity(line) == 20

    line = accepted_line(line, "20", number="FH-2")

    assert (line.status, line.accepted_quantity, line.rejected_quantity) == ("accepted", 50, 20)


@pytest.mark.parametrize(
    ("accepted", "short", "rejected"), [("49", "0", "0"), ("50", "1", "0"), ("50.5", "0", "-0.5")]
)
def test_the_four_quantities_must_sum_to_what_was_shipped(ma, accepted, short, rejected):
    line, delivery_line = line_and_delivery()

    with pytest.raises(RuleBroken) as refusal:
        record_receipt(
            delivery_line.pk,
            accepted=Decimal(accepted),
            short=Decimal(short),
            rejected=Decimal(rejected),
            reason="-",
            by=ma,
        )
    assert refusal.value.code == "receipt_sum"
    line.refresh_from_db()
    assert line.status == "shipped"


def test_more_than_was_shipped_cannot_have_arrived(ma):
    _line, delivery_line = line_and_delivery("49")

    with pytest.raises(RuleBroken) as refusal:
        record_receipt(delivery_line.pk, accepted=Decimal(50), by=ma)
    assert refusal.value.code == "receipt_sum"


def test_a_refusal_needs_a_reason(ma):
    _line, delivery_line = line_and_delivery()

    with pytest.raises(RuleBroken) as refusal:
        record_receipt(delivery_line.pk, accepted=Decimal(49), rejected=Decimal(1), by=ma)
    assert refusal.value.code == "reason_missing"


def test_receiving_twice_is_a_conflict(ma):
    _line, delivery_line = line_and_delivery()
    record_receipt(delivery_line.pk, accepted=Decimal(50), by=ma)

    with pytest.raises(Conflict) as refusal:
        record_receipt(delivery_line.pk, accepted=Decimal(50), by=ma)
    assert refusal.value.code == "already_received"
    assert ReceiptLine.objects.count() == 1


def test_the_seller_cannot_accept_its_own_goods(ku):
    _line, delivery_line = line_and_delivery()

    with pytest.raises(Forbidden) as refusal:
        record_receipt(
            delivery_line.pk, accepted=Decimal(50), by=also(ku, Permission.DELIVERY_ACCEPT)
        )
    assert refusal.value.code == "not_your_side"


def test_the_buyers_checker_has_no_right_to_accept(nuo):
    _line, delivery_line = line_and_delivery()

    with pytest.raises(Forbidden):
        record_receipt(delivery_line.pk, accepted=Decimal(50), by=nuo)


def test_a_stranger_finds_nothing_to_accept(sly):
    _line, delivery_line = line_and_delivery()

    with pytest.raises(NotFound):
        record_receipt(
            delivery_line.pk, accepted=Decimal(50), by=also(sly, Permission.DELIVERY_ACCEPT)
        )


def test_over_delivery_is_never_worth_more_than_the_line(ma):
    line = lines_of(confirmed_order())[0]
    delivery_line = shipped_line(line, "50.1", tolerance_over_ppm=3_000)

    row = record_receipt(delivery_line.pk, accepted=Decimal("50.1"), by=ma)

    line.refresh_from_db()
    assert (row.value_minor, line.status) == (line.amount_minor, "accepted")


def test_the_database_itself_refuses_more_arrived_than_shipped():
    line, _delivery_line = line_and_delivery("10")

    with pytest.raises(IntegrityError, match="line_arrived_within_shipped"), transaction.atomic():
        OrderLine.objects.filter(pk=line.pk).update(accepted_quantity=11)


def test_a_line_whose_amount_leads_is_worth_shares_of_it(ma):
    line = OrderLineIn("色母", "KGM", Decimal(3), Decimal("33.333333"), amount_minor=100_00)
    order_line = lines_of(confirmed_order(lines=[line]))[0]
    values = []
    for number in ("1", "2", "3"):
        delivery_line = shipped_line(order_line, "1", number=number)
        values.append(record_receipt(delivery_line.pk, accepted=Decimal(1), by=ma).value_minor)

    assert values == [33_33, 33_34, 33_33]


six_places = st.integers(1, 10**9).map(lambda micro: Decimal(micro).scaleb(-6))


@settings(max_examples=300, deadline=None)
@given(quantity=six_places, price=six_places, share=st.integers(0, 1000), pro_rata=st.booleans())
def test_part_values_grow_and_end_at_the_amount(quantity, price, share, pro_rata):
    amount = int((quantity * price * 100).quantize(Decimal(1), "ROUND_HALF_UP"))
    line = OrderLine(quantity=quantity, unit_price=price, amount_minor=amount, is_pro_rata=pro_rata)
    part = (quantity * share / 1000).quantize(Decimal("0.000001"), "ROUND_DOWN")

    assert value_of(line, quantity) == amount
    assert 0 <= value_of(line, part) <= amount
    assert value_of(line, Decimal(0)) == 0
