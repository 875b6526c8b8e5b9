"""免息期: days for which a loan bears no interest, always or only if it is settled within them."""

from datetime import date, timedelta
from enum import StrEnum

from scf.core.money import interest_on


class FreePeriod(StrEnum):
    """The two products with free days."""

    ALWAYS = "always"  # interest starts after them
    IF_SETTLED = "if_settled"  # not settled within them, interest counts from the first day


def interest_starts_on(
    opened_on: date, settled_on: date, *, free_days: int, kind: FreePeriod
) -> date:
    """Return the first day that bears interest; ``settled_on`` or later means none does."""
    free_until = opened_on + timedelta(days=free_days)
    if kind is FreePeriod.ALWAYS or settled_on <= free_until:
        return free_until
    return opened_on


def interest_with_free_days(
    principal_minor: int,
    *,
    rate_ppm: int,
    day_base: int,
    opened_on: date,
    settled_on: date,
    free_days: int,
    kind: FreePeriod,
) -> int:
    """Return the interest in fen of a loan held to ``settled_on``: q(P x rate x days / base)."""
    start = interest_starts_on(opened_on, settled_on, free_days=free_days, kind=kind)
    days = max(0, (settled_on - start).days)
    return interest_on(principal_minor * days, rate_ppm=rate_ppm, day_base=day_base)
