"""Five tiers by days past due, and the floor of provisions (风险分类办法, in force 2023)."""

from enum import StrEnum

from scf.core.money import half_up


class Tier(StrEnum):
    """The five grades, best first. Days set the best one a loan may have; people may go lower."""

    NORMAL = "normal"  # 正常
    SPECIAL_MENTION = "special_mention"  # 关注
    SUBSTANDARD = "substandard"  # 次级
    DOUBTFUL = "doubtful"  # 可疑
    LOSS = "loss"  # 损失


_ABOVE_DAYS = (
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


def tier_by_days(days_past_due: int, *, is_technical: bool = False) -> Tier:
    """Return the best grade so many days past due allow: day 90 is still 关注, day 91 次级.

    ``is_technical`` is the exception two persons recorded, good for up to 7 days (K14).
    """
    if is_technical and days_past_due <= TECHNICAL_DAYS:
        return Tier.NORMAL
    return next((tier for above, tier in _ABOVE_DAYS if days_past_due > above), Tier.NORMAL)


def provision_floor(principal_minor: int, *, tier: Tier) -> int:
    """Return the regulatory floor of the provision in fen: 1, 2, 25, 50 or 100 %, half-up."""
    return half_up(principal_minor * _FLOOR_PERCENT[tier], 100)
