"""The level instalment over unequal periods, and its re-tries.

A = P x product(1 + f) / sum of products (each step rounded to the policy's digits). When the last
instalment stands out too much the level is moved by the difference shared out, at most three
times, and kept only while the gap shrinks (rule read from published reference cases).
"""

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from scf.loans.servicing.periods import Period
from scf.loans.servicing.rounding import Rounding

if TYPE_CHECKING:
    from scf.loans.servicing.plan import Plan

TRIES = 3
ONE = Decimal(1)


class Unevenness(NamedTuple):
    """How far the last instalment stands from the one before it. Minor units."""

    level: int
    gap: int
    periods: int
    uncountable: int

    @property
    def is_too_much(self) -> bool:
        """Say whether the gap is worth another try: more than a minor unit per two periods."""
        half = self.periods // 2
        return half > 0 and abs(self.gap) > half

    def moved(self, rounding: Rounding) -> int:
        """Return the level moved by its share of the gap."""
        share = rounding.split(self.gap, max(1, self.periods - self.uncountable))
        return rounding.to_multiple(self.level + share)


def level_instalment(opening: int, periods: list[Period], rounding: Rounding) -> int:
    """Return the instalment that repays ``opening`` over the periods, in minor units."""
    context = rounding.context
    growth = [sum((segment.factor for segment in p.segments), ONE) for p in periods]
    product, series = ONE, ONE
    for factor in growth:
        product = context.multiply(product, factor)
    for factor in growth[1:]:
        series = context.add(ONE, context.multiply(series, factor))
    level = context.divide(context.multiply(product, rounding.major(opening)), series)
    return rounding.to_multiple(rounding.minor(level))


def unevenness(periods: list[Period]) -> Unevenness:
    """Measure the gap between the last two instalments that are both unpaid."""
    for last, before in zip(reversed(periods), reversed(periods[:-1]), strict=False):
        if not last.is_paid and not before.is_paid:
            level = before.instalment
            uncountable = sum(period.paid > level for period in periods)
            return Unevenness(level, last.instalment - level, len(periods), uncountable)
    return Unevenness(periods[0].instalment, 0, len(periods), 0)


def smooth(plan: "Plan", related: list[Period]) -> None:
    """Move the level until the last instalment no longer stands out, or it stops helping."""
    trial = None
    first = related[0].due
    for _ in range(TRIES):
        found = unevenness(related)
        level = found.moved(plan.rounding)
        if not found.is_too_much or level == found.level:
            return
        trial = trial or plan.copied()
        for period in trial.periods:
            if period.due >= first and level >= period.paid:
                period.instalment = period.level = level
        trial.settle()
        trial.close_gap(first)
        if abs(unevenness(trial.periods).gap) >= abs(found.gap):
            return
        for own, other in zip(related, trial.periods[-len(related) :], strict=True):
            own.instalment = own.level = other.instalment
        plan.settle()
