"""What dated money is worth at a rate, and the rates at which it is worth nothing.

Times are exact fractions of the unit the rate is for (years, periods, unit periods). All flows lie
on whole ticks of their common denominator, so one power a gap is enough however many flows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from math import lcm

from scf.loans.rates.roots import NoRate, nearest, roots_over

DIGITS = 34
#: Logarithms of 1 + rate: from a hundredth of a millionth of a millionth above -100 % to 10^12.
_FAR_LOW, _LOW, _HIGH, _FAR_HIGH = -32, -2, 2, 28
_WIDE = tuple(Decimal(x) for x in (_FAR_LOW, -8, _LOW, 0, _HIGH, 8, _FAR_HIGH))
_FINE = (
    *(Decimal(step) / 4 for step in range(_FAR_LOW * 4, _LOW * 4)),
    *(Decimal(step) / 50 for step in range(_LOW * 50, _HIGH * 50)),
    *(Decimal(step) / 4 for step in range(_HIGH * 4, _FAR_HIGH * 4 + 1)),
)
_NEWTON_STEPS = 50
HALF_LOST, NEARLY_ALL_LOST = Decimal("-0.5"), Decimal("-0.95")
#: What a double keeps of a number, and the share of the greatest flow a rate must balance to.
_DOUBLE, _BALANCED = Decimal(2) ** -53, Decimal("0.001")
_SETTLED = Decimal("1E-15")


@dataclass(frozen=True, slots=True)
class Worth:
    """Flows in order of time: amounts, and whole ticks; ``ticks`` of them make one unit."""

    flows: tuple[tuple[int, Decimal], ...]
    ticks: int

    @classmethod
    def of(cls, flows: Iterable[tuple[Fraction, Decimal]]) -> "Worth":
        """Build from (time, amount) in any order; flows of one time are added up.

        Raises NoRate (``one_sided``) unless money moves both ways.
        """
        by_time: dict[Fraction, Decimal] = {}
        for time, amount in flows:
            by_time[time] = by_time.get(time, Decimal(0)) + amount
        amounts = by_time.values()
        if not (any(one > 0 for one in amounts) and any(one < 0 for one in amounts)):
            raise NoRate(
                "现金流只有一个方向，无内部收益率 / all money moves one way: there is no rate",
                code="one_sided",
            )
        ticks = lcm(*(time.denominator for time in by_time))
        return cls(tuple((int(time * ticks), by_time[time]) for time in sorted(by_time)), ticks)

    def at(self, rate: Decimal) -> Decimal:
        """Return what the flows are worth at time 0 at a rate above -100 % per unit."""
        with localcontext(prec=DIGITS):
            return self._at_log((1 + rate).ln())

    def roots(self) -> tuple[Decimal, ...]:
        """Return every rate per unit found, rising. Raises NoRate (``no_root``)."""
        with localcontext(prec=DIGITS):
            # Money that turns once has one root at most (Descartes): no need to search finely.
            grid = _WIDE if self._turns() == 1 else _FINE
            found = tuple(x.exp() - 1 for x in roots_over(self._at_log, grid))
        if not found:
            raise NoRate(
                "在 -100% 至万亿倍之间无解 / no rate between -100 % and a million millionfold",
                code="no_root",
            )
        return found

    def rate(self, *, guess: Decimal) -> Decimal:
        """Return one rate of perhaps several, as spreadsheets choose it. Raises NoRate.

        Newton's steps from the guess are followed to where a dearer rate lowers the worth, as it
        does for money lent. If they end where it raises it, the root nearest nothing is given; if
        they end nowhere, the lowering one nearest the guess. Losses of more than half a unit (or,
        in the last case, of nearly all) are passed over while there are other roots. A loss at
        which old flows weigh so much that a spreadsheet's numbers cannot balance them is none.
        """
        found = tuple(root for root in self.roots() if self._balances(root))
        if not found:
            raise NoRate("内部收益率无法分辨 / no rate can be told from noise", code="no_root")
        if len(found) == 1:
            return found[0]
        followed = self._followed(guess)
        with localcontext(prec=DIGITS):
            if followed is None:
                lowering = [root for root in found if self._slope(root) < 0]
                return nearest(_above(NEARLY_ALL_LOST, lowering) or found, guess)
            if self._slope(followed) < 0:
                return nearest(found, followed)
            return nearest(_above(HALF_LOST, found) or found, Decimal(0))

    def _at_log(self, log: Decimal) -> Decimal:
        return self._sum((-log / self.ticks).exp(), [amount for _, amount in self.flows])

    def _balances(self, root: Decimal) -> bool:
        """Say whether sums of doubles could show that the flows are worth nothing at a root."""
        with localcontext(prec=DIGITS):
            amounts = [abs(amount) for _, amount in self.flows]
            weight = self._sum((-(1 + root).ln() / self.ticks).exp(), amounts)
            return weight * _DOUBLE <= _BALANCED * max(amounts)

    def _slope(self, rate: Decimal) -> Decimal:
        weighted = [-amount * tick / self.ticks for tick, amount in self.flows]
        return self._sum((-(1 + rate).ln() / self.ticks).exp(), weighted) / (1 + rate)

    def _sum(self, discount: Decimal, amounts: list[Decimal]) -> Decimal:
        powers: dict[int, Decimal] = {}
        total, after = Decimal(0), self.flows[-1][0]
        for (tick, _), amount in zip(reversed(self.flows), reversed(amounts), strict=True):
            gap = after - tick
            if gap not in powers:
                powers[gap] = discount**gap
            total, after = total * powers[gap] + amount, tick
        return total * discount**after

    def _turns(self) -> int:
        signs = [amount > 0 for _, amount in self.flows if amount]
        return sum(one != two for one, two in pairwise(signs))

    def _followed(self, guess: Decimal) -> Decimal | None:
        rate = guess
        with localcontext(prec=DIGITS):
            for _ in range(_NEWTON_STEPS):
                slope = self._slope(rate) if rate > -1 else Decimal(0)
                if slope == 0:
                    return None
                step = self.at(rate) / slope
                rate -= step
                if abs(step) < _SETTLED * max(Decimal(1), abs(rate)):
                    return rate
        return None


def _above(least: Decimal, roots: Iterable[Decimal]) -> list[Decimal]:
    return [root for root in roots if root > least]


def dated(flows: Iterable[tuple[date, Decimal]], *, days_in_year: int = 365) -> Worth:
    """Return the worth of dated flows on the first date, by actual days over ``days_in_year``.

    Raises NoRate (``one_sided``) unless money moves both ways.
    """
    given = list(flows)
    first = min((on for on, _ in given), default=date.min)
    return Worth.of((Fraction((on - first).days, days_in_year), amount) for on, amount in given)


def net_present_value(
    flows: Iterable[tuple[date, Decimal]], *, rate: Decimal, days_in_year: int = 365
) -> Decimal:
    """Return what dated flows are worth on the first row's date at an annual rate above -100 %."""
    given = list(flows)
    with localcontext(prec=DIGITS):
        log = (1 + rate).ln()
        first = given[0][0]
        shares = ((Decimal((on - first).days) / days_in_year, amount) for on, amount in given)
        return sum((amount * (-time * log).exp() for time, amount in shares), Decimal(0))
