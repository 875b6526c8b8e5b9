"""Five tiers by days past due, and the provision floor of golden deal 1."""

import pytest

from scf.loans.classification import Tier, provision_floor, tier_by_days


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
