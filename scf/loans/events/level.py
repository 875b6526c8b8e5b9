"""The level instalment: the same payment on every date redeems a sum with its interest."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

from scf.loans.daycount import DayCount
from scf.loans.events.maturity import year_share
from scf.loans.events.terms import ONE


def level_instalment(
    notional: Decimal,
    *,
    accrued: Decimal,
    rate: Decimal,
    dates: tuple[date, ...],
    day_count: DayCount,
) -> Decimal:
    """Return the instalment due on each of ``dates`` but the first, which is today.

    Interest is simple within a period and paid with each instalment; ``accrued`` is owed already
    and bears no interest until the first instalment pays it.
    """
    factors = [
        ONE + rate * year_share(start, end, day_count, dates[-1]) for start, end in pairwise(dates)
    ]
    owed = notional * factors[0] + accrued
    discount, sum_of_discounts = ONE, ONE
    for factor in factors[1:]:
        discount /= factor
        sum_of_discounts += discount
    return owed / sum_of_discounts
