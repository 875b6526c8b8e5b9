"""Five tiers by days past due, and the provision floor of golden deal 1."""

from dataclasses import replace
from datetime import date

import pytest

from scf.loans.classification import (
    ProvisionRange,
    Tier,
    coverage_ppm,
    provision_floor,
    provision_ratio_ppm,
    specific_provision,
    tier_by_days,
)
from scf.loans.observation import History, best_tier


@pytest.mark.parametrize(
    ("days", "tier"),
    [
        (0, Tier.NORMAL),
        (1, Tier.SPECIAL_MENTION),
        (90, Tier.SPECIAL_MENTION),
        (91, Tier.SUBSTANDARD),
        (270, Tier.SUBSTANDARD),
        (271, Tier.DOUBTFUL),
        (360, Tier.DOUBTFUL),
        (361, Tier.LOSS),
    ],
)
def test_the_tier_by_days(days, tier):
    assert tier_by_days(days) is tier


def test_a_recorded_technical_delay_excuses_a_week_and_no_more():
    assert tier_by_days(7, is_technical=True) is Tier.NORMAL
    assert tier_by_days(8, is_technical=True) is Tier.SPECIAL_MENTION


def test_the_provisions_of_the_golden_deal():
    assert provision_floor(800_000_00, tier=Tier.NORMAL) == 8_000_00
    assert provision_floor(627_919_30, tier=Tier.NORMAL) == 6_279_19
    assert provision_floor(235_995_51, tier=Tier.SPECIAL_MENTION) == 4_719_91


@pytest.mark.parametrize(
    ("tier", "least", "most"),
    [
        (Tier.NORMAL, 0, 0),
        (Tier.SPECIAL_MENTION, 2_000_00, 2_000_00),
        (Tier.SUBSTANDARD, 20_000_00, 30_000_00),
        (Tier.DOUBTFUL, 40_000_00, 60_000_00),
        (Tier.LOSS, 100_000_00, 100_000_00),
    ],
)
def test_the_specific_provision_by_tier(tier, least, most):
    assert specific_provision(100_000_00, tier=tier) == ProvisionRange(least, most)


def test_the_two_ratios_of_a_bank():
    assert coverage_ppm(150_00, bad_loans_minor=100_00) == 1_500_000
    assert provision_ratio_ppm(2_50, loans_minor=100_00) == 25_000
    assert coverage_ppm(1_00, bad_loans_minor=0) is None
    assert provision_ratio_ppm(1_00, loans_minor=0) is None


BAD = History(tier=Tier.SUBSTANDARD, has_arrears=True)


def test_a_bad_loan_stays_bad_until_all_arrears_are_paid():
    today = date(2026, 6, 1)

    assert best_tier(30, history=BAD, on=today) is Tier.SUBSTANDARD
    assert best_tier(300, history=BAD, on=today) is Tier.DOUBTFUL
    assert best_tier(0, history=replace(BAD, has_arrears=False), on=today) is Tier.NORMAL


@pytest.mark.parametrize(
    ("on", "has_arrears", "tier"),
    [
        (date(2026, 7, 14), False, Tier.SUBSTANDARD),
        (date(2026, 7, 15), False, Tier.NORMAL),
        (date(2026, 7, 15), True, Tier.SUBSTANDARD),
    ],
)
def test_a_restructured_loan_is_observed_for_six_months(on, has_arrears, tier):
    history = History(
        tier=Tier.SUBSTANDARD,
        has_arrears=has_arrears,
        restructured_on=date(2026, 1, 15),
        tier_at_restructure=Tier.SUBSTANDARD,
    )

    assert best_tier(0, history=history, on=on) is tier


def test_a_good_loan_once_restructured_is_at_least_special_mention():
    history = History(
        tier=Tier.NORMAL,
        has_arrears=False,
        restructured_on=date(2026, 1, 15),
        tier_at_restructure=Tier.NORMAL,
    )

    assert best_tier(0, history=history, on=date(2026, 2, 1)) is Tier.SPECIAL_MENTION
    assert best_tier(0, history=history, on=date(2026, 7, 15)) is Tier.NORMAL
