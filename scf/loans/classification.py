"""Five tiers by days past due, and the floor of provisions (风险分类办法, in force 2023)."""

from dataclasses import dataclass
from enum import StrEnum

from scf.core.money import PPM, half_up


class Tier(StrEnum):
    """The five grades, best first. Days set the best one a loan may have; people may go lower."""

    NORMAL = "normal"  # 正常
    SPECIAL_MENTION = "special_mention"  # 关注
    SUBSTANDARD = "substandard"  # 次级
    DOUBTFUL = "doubtful"  # 可疑
    LOSS = "loss"  # 损失


ABOVE_DAYS = (
    (360, Tier.LOSS),
    (270, Tier.DOUBTFUL),
    (90, Tier.SUBSTANDARD),
    (0, Tier.SPECIAL_MENTION),
)
_FLOOR_PERCENT = {
    Tier.NORMAL: 1,
    Tier.SPECIAL_MENTION: 2,
    Tier.SUBSTANDARD: 25,
    Tier.DOUBTFUL: 50,
    Tier.LOSS: 100,
}
TECHNICAL_DAYS = 7
_FLEXIBLE = (Tier.SUBSTANDARD, Tier.DOUBTFUL)
_FLEXIBLE_SHARES = (80, 120)  # per cent of the middle figure


def tier_by_days(days_past_due: int, *, is_technical: bool = False) -> Tier:
    """Return the best grade so many days past due allow: day 90 is still 关注, day 91 次级.

    ``is_technical`` is the exception two persons recorded, good for up to 7 days (K14).
    """
    if is_technical and days_past_due <= TECHNICAL_DAYS:
        return Tier.NORMAL
    return next((tier for above, tier in ABOVE_DAYS if days_past_due > above), Tier.NORMAL)


def tier_number(days_past_due: int) -> int:
    """Return the best grade so many days past due allow as a number: 1 (正常) to 5 (损失)."""
    return tuple(Tier).index(tier_by_days(days_past_due)) + 1


def provision_floor(principal_minor: int, *, tier: Tier) -> int:
    """Return the regulatory floor of the provision in fen: 1, 2, 25, 50 or 100 %, half-up."""
    return half_up(principal_minor * _FLOOR_PERCENT[tier], 100)


@dataclass(frozen=True, slots=True)
class ProvisionRange:
    """The least and the most of a specific provision, in fen."""

    least_minor: int
    most_minor: int


def specific_provision(principal_minor: int, *, tier: Tier) -> ProvisionRange:
    """Return the specific provision: 2 % 关注, 25 % 次级, 50 % 可疑 (these two +-20 %), 100 % 损失.

    A normal loan has the general provision alone (``provision_floor``).
    """
    if tier is Tier.NORMAL:
        return ProvisionRange(0, 0)
    middle = principal_minor * _FLOOR_PERCENT[tier]
    if tier not in _FLEXIBLE:
        exact = half_up(middle, 100)
        return ProvisionRange(exact, exact)
    low, high = (half_up(middle * share, 100 * 100) for share in _FLEXIBLE_SHARES)
    return ProvisionRange(low, high)


def coverage_ppm(provisions_minor: int, *, bad_loans_minor: int) -> int | None:
    """Return 拨备覆盖率 in ppm (1,500,000 = 150 %), None without bad loans."""
    return half_up(provisions_minor * PPM, bad_loans_minor) if bad_loans_minor else None


def provision_ratio_ppm(provisions_minor: int, *, loans_minor: int) -> int | None:
    """Return 贷款拨备率 in ppm (25,000 = 2.5 %), None without loans."""
    return half_up(provisions_minor * PPM, loans_minor) if loans_minor else None
