"""Annual rates: those of golden deal 1, those of loans.md, and a second library's opinion."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import pyxirr
from hypothesis import given
from hypothesis import strategies as st

from scf.loans.apr import Flow, NoRate, compounded, irr, irr_roots, simple_rate, xirr, xirr_roots
from scf.loans.calendars import due_dates
from scf.loans.offer import Fee, idle_day_cost, idle_interest, offer, used_money
from tests.loans.deal import EXPIRY, FUNDED, LATE, LOAN, MATURITY, RELEASES, RETURNED, deal_terms

USED = [Flow(on, amount) for on, amount in RELEASES.items()]
ON_TIME = [Flow(MATURITY, 627_919_30 + 8_076_21)]
AS_IT_HAPPENED = [Flow(MATURITY, 400_000_00), Flow(LATE, 236_209_38)]


def test_the_offer_shown_at_submit():
    shown = offer(deal_terms())

    assert (shown.interest_minor, shown.per_idle_day_minor) == (8_700_00, 96_67)
    assert (shown.simple_360, shown.simple_365) == (Decimal("0.043500"), Decimal("0.044104"))
    assert shown.xirr == Decimal("0.044842")


def test_every_fee_raises_the_rate():
    shown = offer(deal_terms(), fees=[Fee(FUNDED, 800_00)])

    assert shown.fees_minor == 800_00
    assert shown.simple_360 == Decimal("0.047500")
    assert shown.xirr > Decimal("0.0484")


@pytest.mark.parametrize(("paid", "rate"), [(ON_TIME, "0.044830"), (AS_IT_HAPPENED, "0.045229")])
def test_the_rate_from_funding(paid, rate):
    flows = [Flow(FUNDED, LOAN), Flow(EXPIRY, -RETURNED)]
    flows += [Flow(flow.on, -flow.amount_minor) for flow in paid]

    assert xirr(flows) == Decimal(rate)


def test_the_rate_on_money_really_used():
    on_time, late = used_money(USED, ON_TIME), used_money(USED, AS_IT_HAPPENED)

    assert on_time.cost_minor == 8_076_21
    assert round(on_time.simple_360 * 100, 2) == Decimal("6.97")
    assert round(on_time.simple_365 * 100, 2) == Decimal("7.07")
    assert (on_time.xirr, late.xirr) == (Decimal("0.072734"), Decimal("0.072615"))


def test_what_an_idle_day_and_the_returned_part_cost():
    assert idle_day_cost(deal_terms(), amount_minor=LOAN) == 96_67
    cost = idle_interest(deal_terms(), amount_minor=RETURNED, start=FUNDED, end=EXPIRY)
    assert cost == 1_247_59


def test_paying_back_less_than_was_used_has_no_rate_to_show():
    with pytest.raises(NoRate) as refusal:
        used_money(USED, [Flow(MATURITY, 1_00)])
    assert refusal.value.code == "not_repaid"


def test_the_periodic_rates_of_the_law():
    monthly = irr([10_000_00] + [-910_00] * 12)
    assert monthly == Decimal("0.013807")
    assert round(monthly * 12, 4) == Decimal("0.1657")
    assert round(compounded(monthly, periods=12), 4) == Decimal("0.1789")
    dated = [Flow(date(2024, 1, 15), 10_000_00)]
    dated += [Flow(due, -910_00) for due in due_dates(date(2024, 1, 15), count=12)]
    assert round(xirr(dated), 4) == Decimal("0.1788")

    with_fee = irr([9_700_00] + [-910_00] * 12)
    assert round(with_fee * 12, 4) == Decimal("0.2246")
    assert round(compounded(with_fee, periods=12), 4) == Decimal("0.2492")


def test_a_flat_fee_a_month_is_nearly_twice_its_name():
    monthly = irr([12_000_00] + [-1_072_00] * 12)

    assert monthly == Decimal("0.010862")
    assert round(monthly * 12, 4) == Decimal("0.1303")
    assert round(compounded(monthly, periods=12), 4) == Decimal("0.1384")


def test_money_that_moves_one_way_has_no_rate():
    with pytest.raises(NoRate) as refusal:
        xirr([Flow(FUNDED, LOAN), Flow(MATURITY, 1)])
    assert refusal.value.code == "one_sided"


def test_flows_without_any_root_are_named_so():
    with pytest.raises(NoRate) as refusal:
        irr([1_00, -2_00, 2_00])
    assert refusal.value.code == "no_root"


def test_nothing_held_has_no_simple_rate():
    with pytest.raises(NoRate) as refusal:
        simple_rate(1_00, principal_days=0, day_base=360)
    assert refusal.value.code == "no_principal"


def test_of_several_rates_the_nearest_to_the_guess_is_given():
    flows = [-100_00, 230_00, -132_00]

    assert irr_roots(flows) == (Decimal("0.1"), Decimal("0.2"))
    assert irr(flows) == Decimal("0.1")
    assert irr(flows, guess=Decimal("0.3")) == Decimal("0.2")


def test_a_negative_rate_is_found():
    flows = [Flow(date(2025, 1, 1), -100_00), Flow(date(2026, 1, 1), 90_00)]

    assert xirr_roots(flows) == (Decimal("-0.1"),)


def test_flows_may_come_in_any_order():
    flows = [Flow(MATURITY, -808_700_00), Flow(FUNDED, LOAN)]

    assert xirr(flows) == Decimal("0.044842")


@given(
    lent=st.integers(1_00, 10**12),
    backs=st.lists(
        st.tuples(st.integers(1, 1500), st.integers(1, 10**11)), min_size=1, max_size=12
    ),
)
def test_another_library_finds_the_same_rate(lent, backs):
    flows = [Flow(FUNDED, lent)]
    flows += [Flow(FUNDED + timedelta(days=days), -amount) for days, amount in backs]
    theirs = pyxirr.xirr([f.on for f in flows], [f.amount_minor for f in flows])
    if theirs is None or not -0.9 < theirs < 20:
        return
    assert abs(xirr(flows) - Decimal(str(theirs))) < Decimal("0.00001")
