"""Plans of many loans at once: one pattern of dates and choices, a principal and a rate for each.

Every figure is the one ``schedule`` gives, to the fen, on columns of 64-bit integers. A loan whose
figures could leave them, or whose instalment lies too near half a fen to be told on 72 bits, is
planned by ``schedule`` itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from math import lcm
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from scf.loans.schedule import level_instalment, schedule
from scf.loans.terms import Product, Remainder, Residual, Terms

Ints: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]

_LIMIT = 2**62
_LIMB = 24  # bits; a factor is kept in three limbs, so a product of 2**37 fen is exact
_MASK = (1 << _LIMB) - 1
_HALF = 1 << (_LIMB - 1)
_LARGEST_MINOR = 2**37
_VECTORED = (Product.BULLET, Product.EQUAL_INSTALMENTS, Product.EQUAL_PRINCIPAL)


@dataclass(frozen=True, slots=True)
class Plans:
    """Principal and interest in fen: a line a due date, a column a loan."""

    principal_minor: Ints
    interest_minor: Ints

    @property
    def payment_minor(self) -> Ints:
        """What each loan pays on each due date."""
        return self.principal_minor + self.interest_minor


def plan_portfolio(pattern: Terms, *, principals_minor: Ints, rates_ppm: Ints) -> Plans:
    """Plan loans that share the dates and choices of ``pattern``, drawn whole on its first day.

    ``principals_minor`` (fen, above zero) and ``rates_ppm`` (a year) have one figure a loan; the
    frame and the rates of ``pattern`` itself are not looked at.
    """
    weights, scale = _weights(pattern)
    by_hand = _may_overflow(principals_minor, rates_ppm, weights, scale)
    levels = np.zeros_like(principals_minor)
    if pattern.product is Product.EQUAL_INSTALMENTS:
        levels, unsure = _levels(pattern, principals_minor, rates_ppm)
        by_hand |= unsure
    if pattern.product not in _VECTORED:
        by_hand |= True
    if by_hand.all():
        weights, scale = [0] * len(weights), 1
    balances = np.where(by_hand, 0, principals_minor)
    plans = _planned(pattern, balances, rates_ppm, levels, weights, scale)
    for place in np.flatnonzero(by_hand).tolist():
        _plan_one(plans, place, pattern, int(principals_minor[place]), int(rates_ppm[place]))
    return plans


def _weights(pattern: Terms) -> tuple[list[int], int]:
    """Interest of a period in fen is balance times ppm times its weight, over one scale."""
    one = _priced(pattern, 1)
    periods = pairwise((pattern.opened_on, *pattern.due_dates))
    shares = [one.interest(1, start, due) for start, due in periods]
    scale = lcm(*(share.denominator for share in shares))
    return [int(share * scale) for share in shares], scale


def _priced(pattern: Terms, rate_ppm: int) -> Terms:
    return replace(
        pattern,
        rate_ppm=rate_ppm,
        penalty_rate_ppm=max(rate_ppm, pattern.penalty_rate_ppm),
    )


def _may_overflow(principals: Ints, rates: Ints, weights: list[int], scale: int) -> Flags:
    # Twice the largest interest, the parts of a fen carried, and the scale stay below 2**62.
    room = max(0, _LIMIT - (len(weights) + 2) * scale)
    largest = room // np.maximum(2 * max(*weights, 1) * rates, 1)
    may_not: Flags = principals > np.minimum(largest, _LARGEST_MINOR)
    return may_not


def _levels(pattern: Terms, principals: Ints, rates: Ints) -> tuple[Ints, Flags]:
    """The level instalments, and which of them lie too near half a fen to be sure.

    A rate's factor is kept to 72 bits behind the point, so an instalment of up to 2**37 fen is
    wrong by less than 2**-35 of a fen.
    """
    each, which = np.unique(rates, return_inverse=True)
    count = len(pattern.due_dates)
    factors = [
        level_instalment(_priced(pattern, int(rate)), 1 << 3 * _LIMB, count=count) for rate in each
    ]
    high, middle, low = (
        np.array([(factor >> shift) & mask for factor in factors], np.int64)[which]
        for shift, mask in ((2 * _LIMB, (1 << _LIMB + 1) - 1), (_LIMB, _MASK), (0, _MASK))
    )
    total = principals * low >> _LIMB
    total = principals * middle + total >> _LIMB
    total = principals * high + total
    rest = total & _MASK
    too_steep = np.array([factor >> 3 * _LIMB + 1 > 0 for factor in factors])[which]
    unsure = (rest == _HALF) | (rest == _HALF - 1) | too_steep
    return (total >> _LIMB) + (rest >= _HALF), unsure


def _planned(
    pattern: Terms,
    balances: Ints,
    rates: Ints,
    levels: Ints,
    weights: list[int],
    scale: int,
) -> Plans:
    shape = (len(weights), len(balances))
    plans = Plans(np.empty(shape, np.int64), np.empty(shape, np.int64))
    parts = _parts(pattern, balances, len(weights))
    balance, carried = balances.copy(), np.zeros_like(balances)
    for row, weight in enumerate(weights):
        is_last = row == len(weights) - 1
        exact = balance * rates * weight
        if is_last and pattern.residual is Residual.CARRY:
            exact += carried
        interest = np.maximum((2 * exact + scale) // (2 * scale), 0)
        carried += exact - interest * scale
        if is_last:
            principal = balance
        elif pattern.product is Product.EQUAL_INSTALMENTS:
            principal = np.minimum(balance, np.maximum(levels - interest, 0))
        else:
            principal = np.minimum(balance, next(parts))
        plans.principal_minor[row], plans.interest_minor[row] = principal, interest
        balance = balance - principal
    return plans


def _parts(pattern: Terms, balances: Ints, count: int) -> Iterator[Ints]:
    """What each due date but the last takes of a principal that is not paid by a level sum."""
    if pattern.product is not Product.EQUAL_PRINCIPAL:
        part = first = np.zeros_like(balances)
    elif pattern.remainder is Remainder.FIRST:
        part = balances // count
        first = balances - part * (count - 1)
    else:
        part = first = (2 * balances + count) // (2 * count)
    yield first
    while True:
        yield part


def _plan_one(plans: Plans, place: int, pattern: Terms, principal: int, rate_ppm: int) -> None:
    terms = replace(_priced(pattern, rate_ppm), frame_minor=principal)
    for nr, row in enumerate(schedule(terms)):
        plans.principal_minor[nr, place] = row.principal_minor
        plans.interest_minor[nr, place] = row.interest_minor
