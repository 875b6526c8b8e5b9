"""The cap on what a loan may cost a year, with every fee from anyone (助贷新规, 24 %).

Simple and compounded rates are both shown; the higher one must stay within the cap. The cap is a
parameter of the lender: 24 % for licensed ones, four times the one-year LPR for private lending.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

LICENSED_CAP = Decimal("0.24")
PRIVATE_TIMES_LPR = 4
_PPM = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class CostItem:
    """One part of the cost: what for, who takes it, fen."""

    name: str
    taken_by: str
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CostVerdict:
    """The two rates, the cap, the parts of the cost, and whether the loan may be made."""

    simple: Decimal
    compound: Decimal
    cap: Decimal
    items: tuple[CostItem, ...]

    @property
    def decisive(self) -> Decimal:
        """The stricter of the two rates."""
        return max(self.simple, self.compound)

    @property
    def is_within(self) -> bool:
        """Whether the stricter rate stays within the cap."""
        return self.decisive <= self.cap

    @property
    def total_minor(self) -> int:
        """The whole cost in fen."""
        return sum(item.amount_minor for item in self.items)


def judge_cost(
    *, simple: Decimal, compound: Decimal, items: Sequence[CostItem], cap: Decimal = LICENSED_CAP
) -> CostVerdict:
    """Return the verdict on rates that count every item as cost."""
    return CostVerdict(simple=simple, compound=compound, cap=cap, items=tuple(items))


def private_cap(lpr_1y_ppm: int) -> Decimal:
    """Return the cap of private lending: four times the one-year LPR at the contract date."""
    return PRIVATE_TIMES_LPR * lpr_1y_ppm / _PPM
