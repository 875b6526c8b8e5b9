"""Money on a receivable: how much, what it costs, and what is really lent.

Interest taken up front lowers the sum lent: principal is what was received (民法典 §670), and the
rate shown is on that net sum.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from scf.core.money import PPM, half_up, interest_on
from scf.loans.apr import simple_rate

SHOWN_YEAR = 365  # 年化利率 is shown on calendar days


class Taken(StrEnum):
    """When the interest is taken."""

    UP_FRONT = "up_front"
    IN_ARREARS = "in_arrears"


@dataclass(frozen=True, slots=True, kw_only=True)
class Discount:
    """What financing a receivable means: all in fen, the rate simple on money received."""

    financed_minor: int
    interest_minor: int
    received_minor: int
    repaid_minor: int
    simple_rate: Decimal


def discount(
    receivable_minor: int,
    *,
    ratio_ppm: int,
    rate_ppm: int,
    days: int,
    taken: Taken,
    day_base: int = 360,
) -> Discount:
    """Return the terms of financing part of a receivable for so many days.

    Raises NoRate when nothing would be received.
    """
    financed = half_up(receivable_minor * ratio_ppm, PPM)
    interest = interest_on(financed * days, rate_ppm=rate_ppm, day_base=day_base)
    up_front = interest if taken is Taken.UP_FRONT else 0
    received = financed - up_front
    return Discount(
        financed_minor=financed,
        interest_minor=interest,
        received_minor=received,
        repaid_minor=financed + interest - up_front,
        simple_rate=simple_rate(interest, principal_days=received * days, day_base=SHOWN_YEAR),
    )
