"""Rates that are reset, payments that follow an index, fees, and money paid back early."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from scf.loans.events.cycles import Cycle, Recurrence
from scf.loans.events.run import events
from scf.loans.events.state import EventType, Observed
from scf.loans.events.terms import FeeBasis, Fees, Kind, RateStep, Resets, Scaling
from tests.loans.contracts import BULLET, FROM_2025, YEAR_BY_YEAR, index, paid


@pytest.mark.parametrize(
    ("bounds", "rate"),
    [
        ({}, "0.19"),
        ({"period_cap": Decimal("0.02")}, "0.12"),
        ({"cap": Decimal("0.11"), "period_cap": Decimal("0.02")}, "0.11"),
        ({"floor": Decimal("0.2")}, "0.2"),
        ({"multiplier": Decimal(-1), "period_floor": Decimal("-0.01")}, "0.09"),
    ],
)
def test_a_reset_stays_between_its_caps_and_floors(bounds: dict[str, Decimal], rate: str):
    resets = Resets(
        recurrence=Recurrence(date(2025, 1, 1)), index="LPR", spread=Decimal("0.01"), **bounds
    )
    found = events(replace(BULLET, resets=resets), market=index(d2024_12_20="0.18"))

    assert found[-1].rate == Decimal(rate)


def test_a_reset_to_an_index_nobody_knows_is_refused():
    resets = Resets(recurrence=Recurrence(date(2025, 1, 1)), index="LPR")

    with pytest.raises(KeyError, match="LPR"):
        events(replace(BULLET, resets=resets))


def test_the_first_reset_may_be_known_already():
    resets = Resets(recurrence=FROM_2025, index="LPR", next_rate=Decimal("0.05"))

    found = events(replace(BULLET, resets=resets), market=index(d2026_01_01="0.02"))

    assert paid(found, EventType.INTEREST) == [100, 50, 20]


def test_payments_follow_an_index_but_the_sum_does_not():
    scaling = Scaling(
        recurrence=Recurrence(date(2025, 6, 1)),
        index="LPR",
        index_at_deal=Decimal(100),
        scales_interest=True,
        scales_notional=True,
    )
    terms = replace(YEAR_BY_YEAR, kind=Kind.LINEAR, notional=Decimal(1200), scaling=scaling)

    found = events(terms, market=index(d2025_06_01="150"))

    assert paid(found, EventType.REDEMPTION) == [400, 600]
    assert paid(found, EventType.INTEREST) == [120, 120, 60]
    assert [one.balance for one in found if one.type is EventType.REDEMPTION] == [800, 400]


@pytest.mark.parametrize(
    ("fees", "each"),
    [
        (Fees(recurrence=FROM_2025, rate=Decimal("0.01")), 10),
        (Fees(recurrence=FROM_2025, rate=Decimal(7), basis=FeeBasis.FIXED), 7),
    ],
)
def test_a_fee_is_a_share_of_the_sum_or_a_fixed_amount(fees: Fees, each: int):
    assert paid(events(replace(BULLET, fees=fees)), EventType.FEE) == [each] * 3


def test_a_fee_is_paid_after_the_interest_of_its_day():
    """As published ACTUS tests pam26 and pam27 show: nothing is accrued any more at the fee."""
    found = events(replace(BULLET, fees=Fees(recurrence=FROM_2025, rate=Decimal("0.01"))))

    of_a_year = [one for one in found if one.type in {EventType.INTEREST, EventType.FEE}]
    assert [one.type for one in of_a_year] == [EventType.INTEREST, EventType.FEE] * 3
    assert [one.accrued for one in of_a_year] == [0] * 6


def test_money_paid_back_early_lowers_the_interest_from_that_day():
    early = Observed(EventType.PREPAYMENT, date(2025, 7, 1), Decimal(400))

    found = events(BULLET, observed=[early])

    assert paid(found, EventType.INTEREST) == [100, 80, 60]
    assert paid(found, EventType.MATURES) == [600]


def test_steps_of_the_rate_are_fixed_or_follow_the_index():
    steps = (
        RateStep(recurrence=Recurrence(date(2025, 1, 1)), rate=Decimal("0.06"), is_fixed=True),
        RateStep(recurrence=Recurrence(date(2026, 1, 1)), rate=Decimal("0.01"), is_fixed=False),
    )
    terms = replace(BULLET, resets=Resets(steps=steps, index="LPR"))

    found = events(terms, market=index(d2026_01_01="0.03"))

    assert paid(found, EventType.INTEREST) == [100, 60, 40]


@pytest.mark.parametrize(("accrued", "owed"), [(None, 100), (Decimal(30), 80)])
def test_interest_runs_from_the_last_payment_or_from_what_is_said_to_be_owed(
    accrued: Decimal | None, owed: int
):
    later = replace(BULLET, as_of=date(2025, 7, 1), accrued=accrued)

    # Half a year at 10 % of 1,000 is 50, on top of what was owed on 1 July.
    assert paid(events(later), EventType.INTEREST)[0] == owed


def test_interest_of_an_annuity_has_its_own_dates_only_before_the_first_instalment():
    half_yearly = Recurrence(date(2024, 7, 1), Cycle(months=6))
    terms = replace(YEAR_BY_YEAR, kind=Kind.ANNUITY, interest=half_yearly)

    days = [one.day for one in events(terms) if one.type is EventType.INTEREST]

    assert days == [date(2024, 7, 1), date(2025, 1, 1), date(2026, 1, 1), date(2027, 1, 1)]


def test_a_level_instalment_knows_interest_paid_before_it():
    half_yearly = Recurrence(date(2024, 7, 1), Cycle(months=6))
    terms = replace(YEAR_BY_YEAR, kind=Kind.ANNUITY, interest=half_yearly, notional=Decimal(6620))

    found = events(terms)

    # On 1 January 2025 only half a year of interest is owed: 6620 x 1.05 = 6951, and
    # 6951 / (1 + 1/1.1 + 1/1.21) = 2541.
    for year in (2025, 2026, 2027):
        paid_then = sum(one.payoff for one in found if one.day == date(year, 1, 1))
        assert round(paid_then, 10) == 2541
