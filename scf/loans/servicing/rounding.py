"""Rounding as a named policy: where a loan's numbers lose their tails, and how.

One object says it all, so that a contract in half-up fen and a contract in half-even cents run
through the same formulas.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal


@dataclass(frozen=True, slots=True)
class Rounding:
    """How intermediate results and amounts are rounded.

    ``decimals`` of the currency, ``mode`` a rounding mode of `decimal`, ``digits`` the significant
    digits of every intermediate result, ``multiple`` the step of a level instalment in minor units
    (0 = none, 100 = whole yuan).
    """

    decimals: int = 2
    mode: str = ROUND_HALF_EVEN
    digits: int = 19
    multiple: int = 0

    @property
    def context(self) -> Context:
        """Return the decimal context every intermediate result is calculated in."""
        return Context(prec=self.digits, rounding=self.mode)

    def minor(self, value: Decimal) -> int:
        """Round an amount in major units to whole minor units."""
        return int(value.scaleb(self.decimals).quantize(Decimal(1), rounding=self.mode))

    def major(self, minor: int) -> Decimal:
        """Return minor units as an exact amount in major units."""
        return Decimal(minor).scaleb(-self.decimals)

    def split(self, amount: int, parts: int) -> int:
        """Return one of ``parts`` equal shares of an amount, rounded to a minor unit."""
        return self.minor(self.context.divide(self.major(amount), Decimal(parts)))

    def percent(self, amount: int, percent: Decimal) -> int:
        """Return a percentage of an amount, rounded to a minor unit."""
        product = self.context.multiply(self.major(amount), percent)
        return self.minor(self.context.divide(product, Decimal(100)))

    def to_multiple(self, amount: int) -> int:
        """Return the nearest multiple of the instalment step, ties as the mode says."""
        if not self.multiple:
            return amount
        steps = Decimal(amount) / Decimal(self.multiple)
        return int(steps.quantize(Decimal(1), rounding=self.mode)) * self.multiple
