"""How a rehearsal divides an order into two deliveries."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from scf.core.money import line_value
from scf.rehearsal.parts import two_deliveries
from scf.trade.models import OrderLine
from scf.trade.values import value_of

MICRO = Decimal("0.000001")
quantities = st.integers(1, 10**12).map(lambda micro: Decimal(micro) * MICRO)
prices = st.integers(1, 10**9).map(lambda micro: Decimal(micro) * MICRO)


def order_line(quantity, price):
    return OrderLine(quantity=quantity, unit_price=price, amount_minor=line_value(quantity, price))


@given(st.lists(st.tuples(quantities, prices), min_size=1, max_size=9))
def test_both_deliveries_together_carry_the_whole_order(figures):
    lines = [order_line(*each) for each in figures]

    both = [shipped for part in two_deliveries(lines, tolerance_ppm=3_000) for shipped in part]

    for line in lines:
        carried = [each.quantity for each in both if each.line_id == line.pk]
        assert sum(carried) == line.quantity
        assert min(carried) > 0


@given(st.lists(st.tuples(quantities, prices), min_size=1, max_size=9))
def test_at_most_one_line_is_short_within_its_tolerance_and_worth_a_fen(figures):
    lines = [order_line(*each) for each in figures]
    by_id = {line.pk: line for line in lines}

    _first, second = two_deliveries(lines, tolerance_ppm=3_000)

    short = [each for each in second if each.short]
    assert len(short) <= 1
    for each in short:
        line = by_id[each.line_id]
        assert each.short * 1_000_000 <= line.quantity * 3_000
        assert value_of(line, line.quantity - each.short) < line.amount_minor


def test_whole_pieces_stay_whole_and_a_single_one_is_cut():
    pieces, single = order_line(Decimal(7), Decimal(3)), order_line(Decimal(1), Decimal(3))

    first, second = two_deliveries([pieces, single], tolerance_ppm=0)

    assert [each.quantity for each in first] == [Decimal(3), Decimal("0.5")]
    assert [each.quantity for each in second] == [Decimal(4), Decimal("0.5")]
