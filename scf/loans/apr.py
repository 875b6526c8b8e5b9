"""Annual rates: simple, periodic and dated internal rates. Decimals throughout, rounded to 1e-6.

A dated rate counts actual/365 from the first flow (XIRR). Money lent and money paid back have
opposite signs; which one is positive does not matter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from scf.loans.rates.roots import NoRate, nearest
from scf.loans.rates.worth import DIGITS, Worth, dated

__all__ = [
    "Flow",
    "NoRate",
    "compounded",
    "irr",
    "irr_roots",
    "simple_rate",
    "xirr",
    "xirr_roots",
]

PLACES = Decimal("0.000001")
DEFAULT_GUESS = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Flow:
    """Money moving on a date, in fen: lent with one sign, paid back with the other."""

    on: date
    amount_minor: int


def simple_rate(interest_minor: int, *, principal_days: int, day_base: int) -> Decimal:
    """Return 年化利率(单利): interest over principal really held, a year of 360 or 365 days.

    ``principal_days`` is the sum of fen times days. Raises NoRate when nothing was held.
    """
    if principal_days <= 0:
        raise NoRate("没有占用本金，无利率 / no principal was held", code="no_principal")
    return _rounded_fraction(Fraction(interest_minor * day_base, principal_days))


def xirr(flows: Sequence[Flow], *, guess: Decimal = DEFAULT_GUESS) -> Decimal:
    """Return the annual rate (act/365, compounded) that makes dated flows worth nothing.

    Of several roots see ``Worth.rate`` for which; ``xirr_roots`` gives all. Raises NoRate.
    """
    return _rounded(_worth(flows).rate(guess=guess))


def xirr_roots(flows: Sequence[Flow]) -> tuple[Decimal, ...]:
    """Return every root found above -100 %, rising. Raises NoRate."""
    return tuple(_rounded(root) for root in _worth(flows).roots())


def irr(amounts: Sequence[int], *, guess: Decimal = DEFAULT_GUESS) -> Decimal:
    """Return the rate per period of flows one period apart, nearest ``guess``. Raises NoRate."""
    return nearest(irr_roots(amounts), guess)


def irr_roots(amounts: Sequence[int]) -> tuple[Decimal, ...]:
    """Return every rate per period found, rising. Raises NoRate."""
    worth = Worth.of((Fraction(nr), Decimal(amount)) for nr, amount in enumerate(amounts))
    return tuple(_rounded(root) for root in worth.roots())


def compounded(rate_per_period: Decimal, *, periods: int) -> Decimal:
    """Return the annual rate of ``periods`` compounded periods a year: (1+m)^n - 1."""
    with localcontext(prec=DIGITS):
        return _rounded((1 + rate_per_period) ** periods - 1)


def _worth(flows: Sequence[Flow]) -> Worth:
    return dated((flow.on, Decimal(flow.amount_minor)) for flow in flows)


def _rounded(rate: Decimal) -> Decimal:
    return rate.quantize(PLACES, rounding=ROUND_HALF_UP)


def _rounded_fraction(rate: Fraction) -> Decimal:
    with localcontext(prec=DIGITS):
        return _rounded(Decimal(rate.numerator) / rate.denominator)
