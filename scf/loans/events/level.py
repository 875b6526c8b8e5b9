"""The level instalment: the same payment on every date redeems a sum with its interest."""

from collections.abc import Sequence
from decimal import Decimal

from scf.loans.events.terms import ONE


def level_instalment(
    notional: Decimal, *, accrued: Decimal, rate: Decimal, shares: Sequence[Decimal]
) -> Decimal:
    """Return the instalment that redeems ``notional`` and what is ``accrued`` on it.

    ``shares`` are the shares of a year from today to the first payment, from there to the second
    and so on. Interest is simple within a period and paid with each instalment; what is accrued
    already bears no interest until the first instalment pays it.
    """
    factors = [ONE + rate * share for share in shares]
    owed = notional * factors[0] + accrued
    discount, payments = ONE, ONE
    for factor in factors[1:]:
        discount /= factor
        payments += discount
    return owed / payments
