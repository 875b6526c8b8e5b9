"""The four components of what is owed, and sums of money by component. Minor units."""

from collections.abc import Iterable
from enum import IntEnum


class Component(IntEnum):
    """What an amount is owed for."""

    PRINCIPAL = 0
    INTEREST = 1
    FEE = 2
    PENALTY = 3


#: Principal, interest, fees, penalties.
Amounts = tuple[int, int, int, int]
NOTHING: Amounts = (0, 0, 0, 0)


def only(component: Component, amount: int) -> Amounts:
    """Return the amount under one component."""
    parts = [0, 0, 0, 0]
    parts[component] = amount
    return as_amounts(parts)


def plus(first: Iterable[int], second: Iterable[int]) -> Amounts:
    """Add two sums by component."""
    return as_amounts(a + b for a, b in zip(first, second, strict=True))


def as_amounts(parts: Iterable[int]) -> Amounts:
    """Freeze four numbers."""
    principal, interest, fee, penalty = parts
    return principal, interest, fee, penalty
