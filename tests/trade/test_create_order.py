"""A buyer or seller writes an order down."""

from dataclasses import replace
from decimal import Decimal

import pytest

from scf.core.errors import Conflict, Forbidden, NotFound, RuleBroken
from scf.trade.inputs import OrderLineIn
from scf.trade.models import Order
from scf.trade.selectors import get_order, list_lines, list_orders
from scf.trade.services import cancel_order, create_order
from scf.workflow.models import Fact
from tests.factories.trade import GOLDEN_LINES, draft_order, order_given

pytestmark = pytest.mark.django_db


def test_the_golden_order_is_worth_a_million(ma):
    order = create_order(order_given(), by=ma)

    assert order.status == "draft"
    assert order.total_minor == 1_000_000_00
    amounts = [line.amount_minor for line in list_lines(order.pk, by=ma)]
    assert amounts == [380_206_50, 414_993_50, 204_800_00]
    fact = Fact.objects.get(name="order.created")
    assert fact.person_id == ma.person_id
    assert set(fact.audience) == {order.buyer_id, order.seller_id}


def test_it_is_the_sellers_turn(ma):
    order = create_order(order_given(), by=ma)

    assert order.turn_party == order.seller_id


def test_a_document_priced_without_tax_brings_its_own_amount(ma):
    line = OrderLineIn("色母", "KGM", Decimal(3), Decimal("33.333333"), amount_minor=100_00)

    order = create_order(order_given(lines=[line]), by=ma)

    assert order.total_minor == 100_00
    assert order.lines.get().is_pro_rata


def test_a_stranger_cannot_write_an_order_between_others(sly, ma):
    with pytest.raises(Forbidden):
        create_order(order_given(), by=sly)
    with pytest.raises(NotFound):
        create_order(order_given(), by=replace(sly, permissions=ma.permissions))


def test_an_order_is_invisible_to_who_has_no_part_in_it(sly, delta, wei):
    order = draft_order()

    assert get_order(order.pk, by=wei) == order
    for stranger in (sly, delta):
        assert not list_orders(by=stranger)
        assert not list_lines(order.pk, by=stranger)
        with pytest.raises(NotFound):
            get_order(order.pk, by=stranger)


def test_the_warehouse_clerk_may_not_write_orders(he):
    with pytest.raises(Forbidden):
        create_order(order_given(), by=he)


def test_the_same_number_twice_is_a_conflict(ma):
    create_order(order_given(), by=ma)

    with pytest.raises(Conflict) as refusal:
        create_order(order_given(), by=ma)
    assert refusal.value.code == "duplicate_order"
    assert Order.objects.count() == 1


def test_the_number_of_a_cancelled_order_is_free_again(ma):
    cancel_order(create_order(order_given(), by=ma).pk, by=ma, reason="写错了")

    assert create_order(order_given(), by=ma).status == "draft"


@pytest.mark.parametrize(
    "wrong",
    [
        {"quantity": Decimal(0)},
        {"quantity": Decimal("-1")},
        {"quantity": Decimal("NaN")},
        {"quantity": Decimal("1.0000001")},
        {"unit_price": Decimal("-0.01")},
        {"unit_price": Decimal("1e30")},
        {"name": "  "},
        {"tax_ppm": -1},
        {"amount_minor": -1},
    ],
)
def test_a_line_that_cannot_be_is_refused(ma, wrong):
    lines = [GOLDEN_LINES[0], replace(GOLDEN_LINES[1], **wrong)]

    with pytest.raises(RuleBroken) as refusal:
        create_order(order_given(lines=lines), by=ma)
    assert refusal.value.code == "line_invalid"
    assert refusal.value.extra["line"] == 2
    assert not Order.objects.exists()


def test_an_order_needs_a_number_lines_and_two_parties(ma, jinhe, yuanfan):
    for wrong in (
        {"number": " "},
        {"lines": []},
        {"seller_id": jinhe.pk},
        {"seller_id": yuanfan.pk},
    ):
        with pytest.raises(RuleBroken) as refusal:
            create_order(order_given(**wrong), by=ma)
        assert refusal.value.code == "order_invalid"


def test_orders_are_found_by_number_company_and_amount(ma, hengyan):
    order = draft_order()

    for search in ("0305", "恒砚", "PO-2026"):
        assert list(list_orders(by=ma, search=search)) == [order]
    assert not list_orders(by=ma, search="晴野")
    assert list(list_orders(by=ma, party_id=hengyan.pk, least_minor=1_000_000_00)) == [order]
    assert not list_orders(by=ma, least_minor=1_000_000_01)
    assert not list_orders(by=ma, most_minor=999_999_99)
    assert not list_orders(by=ma, status="confirmed")
