"""Annual rates: simple, periodic and dated internal rates. Decimals throughout, rounded to 1e-6.

A dated rate counts actual/365 from the first flow (XIRR). Money lent and money paid back have
opposite signs; which one is positive does not matter.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from itertools import pairwise

PLACES = Decimal("0.000001")
DIGITS = 34
LOWEST = Decimal("-0.999999")
HIGHEST = Decimal(1_000_000)
DEFAULT_GUESS = Decimal("0.1")

# Where roots are looked for when there may be several: every 2 % up to 200 %, then wider.
_GRID = tuple(
    [LOWEST]
    + [Decimal(step) / 50 - 1 for step in range(1, 150)]
    + [Decimal(2) * Decimal("1.3") ** step for step in range(50)]
    + [HIGHEST]
)
_WHOLE_RANGE = (LOWEST, Decimal(0), Decimal(1), HIGHEST)
_BISECTIONS = 200


class NoRate(ValueError):
    """No annual rate exists for these flows; ``code`` names why."""

    def __init__(self, detail: str, *, code: str) -> None:
        super().__init__(detail)
        self.code = code


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

    Of several roots the one nearest ``guess``; see ``xirr_roots`` for all. Raises NoRate.
    """
    return _nearest(xirr_roots(flows), guess)


def xirr_roots(flows: Sequence[Flow]) -> tuple[Decimal, ...]:
    """Return every root found between -99.9999 % and a millionfold, rising. Raises NoRate."""
    _refuse_one_sided([flow.amount_minor for flow in flows])
    first = min(flow.on for flow in flows)
    with localcontext(prec=DIGITS):
        timed = [
            (Decimal(flow.amount_minor), Decimal((flow.on - first).days) / 365) for flow in flows
        ]
        return _roots(timed)


def irr(amounts: Sequence[int], *, guess: Decimal = DEFAULT_GUESS) -> Decimal:
    """Return the rate per period of flows one period apart, nearest ``guess``. Raises NoRate."""
    return _nearest(irr_roots(amounts), guess)


def irr_roots(amounts: Sequence[int]) -> tuple[Decimal, ...]:
    """Return every rate per period found, rising. Raises NoRate."""
    _refuse_one_sided(amounts)
    with localcontext(prec=DIGITS):
        return _roots([(Decimal(amount), Decimal(nr)) for nr, amount in enumerate(amounts)])


def compounded(rate_per_period: Decimal, *, periods: int) -> Decimal:
    """Return the annual rate of ``periods`` compounded periods a year: (1+m)^n - 1."""
    with localcontext(prec=DIGITS):
        return _rounded((1 + rate_per_period) ** periods - 1)


def _refuse_one_sided(amounts: Sequence[int]) -> None:
    if not (any(one > 0 for one in amounts) and any(one < 0 for one in amounts)):
        raise NoRate(
            "现金流只有一个方向，无内部收益率 / all money moves one way: there is no rate",
            code="one_sided",
        )


def _roots(timed: Sequence[tuple[Decimal, Decimal]]) -> tuple[Decimal, ...]:
    """Return the rounded roots of the present value: each sign change of the grid, bisected."""

    def value(rate: Decimal) -> Decimal:
        growth = (1 + rate).ln()
        return sum((amount * (-time * growth).exp() for amount, time in timed), Decimal(0))

    # Money that changes its direction once has one root at most (Descartes): no need to search.
    grid = _WHOLE_RANGE if _turns(timed) == 1 else _GRID
    found = []
    for (low, at_low), (high, at_high) in pairwise((rate, value(rate)) for rate in grid):
        if at_low == 0:
            found.append(_rounded(low))
        elif at_low * at_high < 0:
            found.append(_rounded(_bisect(value, low, high, rising=at_high > 0)))
    if not found:
        raise NoRate(
            "在 -99.9999% 至百万倍之间无解 / no rate between -99.9999 % and a millionfold",
            code="no_root",
        )
    return tuple(sorted(set(found)))


def _turns(timed: Sequence[tuple[Decimal, Decimal]]) -> int:
    """Return how often the sign changes from one date with money moving to the next."""
    by_time: dict[Decimal, Decimal] = {}
    for amount, time in timed:
        by_time[time] = by_time.get(time, Decimal(0)) + amount
    signs = [by_time[time] > 0 for time in sorted(by_time) if by_time[time]]
    return sum(one != two for one, two in pairwise(signs))


def _bisect(
    value: Callable[[Decimal], Decimal], low: Decimal, high: Decimal, *, rising: bool
) -> Decimal:
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        if high - low < PLACES / 1000:
            break
        if (value(middle) > 0) == rising:
            high = middle
        else:
            low = middle
    return (low + high) / 2


def _nearest(roots: Sequence[Decimal], guess: Decimal) -> Decimal:
    return min(roots, key=lambda root: abs(root - guess))


def _rounded(rate: Decimal) -> Decimal:
    return rate.quantize(PLACES, rounding=ROUND_HALF_UP)


def _rounded_fraction(rate: Fraction) -> Decimal:
    with localcontext(prec=DIGITS):
        return _rounded(Decimal(rate.numerator) / rate.denominator)
