"""When a bad or restructured loan may be graded better again (风险分类办法, in force 2023).

The days past due allow a best grade; history may forbid it. Grades by people may always be worse.
"""

from dataclasses import dataclass
from datetime import date

from scf.loans.calendars import add_months
from scf.loans.classification import Tier, tier_by_days

OBSERVED_MONTHS = 6
_ORDER = tuple(Tier)
_BAD = frozenset({Tier.SUBSTANDARD, Tier.DOUBTFUL, Tier.LOSS})


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What a loan went through: its grade until now, arrears, and when it was restructured."""

    tier: Tier
    has_arrears: bool
    restructured_on: date | None = None
    tier_at_restructure: Tier | None = None


def worse(one: Tier, other: Tier) -> Tier:
    """Return the worse of two grades."""
    return max(one, other, key=_ORDER.index)


def is_bad(tier: Tier) -> bool:
    """Say whether a grade is 不良: substandard or worse."""
    return tier in _BAD


def observed_until(restructured_on: date) -> date:
    """Return the day the observation of a restructured loan ends, at least six months on."""
    return add_months(restructured_on, OBSERVED_MONTHS)


def best_tier(
    days_past_due: int, *, history: History, on: date, is_technical: bool = False
) -> Tier:
    """Return the best grade a loan may have on a day (``is_technical``: K14, up to 7 days).

    A bad loan stays bad until all arrears are paid; a restructured one is at least 关注, and no
    better than it was when restructured, until its observation has ended without arrears.
    """
    tier = tier_by_days(days_past_due, is_technical=is_technical)
    if is_bad(history.tier) and history.has_arrears:
        tier = worse(tier, history.tier)
    if history.restructured_on is None:
        return tier
    is_over = on >= observed_until(history.restructured_on) and not history.has_arrears
    if is_over:
        return tier
    return worse(tier, worse(Tier.SPECIAL_MENTION, history.tier_at_restructure or Tier.NORMAL))
