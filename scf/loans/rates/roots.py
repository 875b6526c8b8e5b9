"""Where a function is zero: every sign change over a grid of points, narrowed by Brent's method.

A pair of roots between two points of the grid shows as a dip towards zero and is looked for there.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import pairwise

Function = Callable[[Decimal], Decimal]
Point = tuple[Decimal, Decimal]  # an x and the function's value there

TOLERANCE = Decimal("1E-18")
_STEPS = 200
_DIP_STEPS = 60
_GOLDEN = Decimal("0.3819660112501051518")


class NoRate(ValueError):
    """No rate exists for what was asked; ``code`` names why."""

    def __init__(self, detail: str, *, code: str) -> None:
        super().__init__(detail)
        self.code = code


def roots_over(function: Function, grid: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """Return every root found between the first and the last point of a rising grid, rising.

    Empty when the function never touches zero there.
    """
    points = [(x, function(x)) for x in grid]
    found = [x for x, value in points if value == 0]
    found += [brent(function, one, two) for one, two in pairwise(points) if one[1] * two[1] < 0]
    for before, middle, after in zip(points, points[1:], points[2:], strict=False):
        if _dips(before, middle, after):
            found += _pair_in_dip(function, before, middle, after)
    return tuple(sorted(set(found)))


def brent(function: Function, low: Point, high: Point) -> Decimal:
    """Return the root between two points with values of different signs (Brent 1973)."""
    a, b = (low, high) if abs(low[1]) > abs(high[1]) else (high, low)
    c, last_step, was_bisected = a, Decimal(0), True
    for _ in range(_STEPS):
        if b[1] == 0 or abs(b[0] - a[0]) <= TOLERANCE * max(Decimal(1), abs(b[0])):
            break
        x = _interpolated(a, b, c)
        step_before = abs(b[0] - c[0]) if was_bisected else last_step
        is_between = min((3 * a[0] + b[0]) / 4, b[0]) < x < max((3 * a[0] + b[0]) / 4, b[0])
        was_bisected = not is_between or abs(x - b[0]) >= step_before / 2
        x = (a[0] + b[0]) / 2 if was_bisected else x
        tried = (x, function(x))
        last_step, c = abs(b[0] - c[0]), b
        a, b = (a, tried) if a[1] * tried[1] < 0 else (tried, b)
        a, b = (b, a) if abs(a[1]) < abs(b[1]) else (a, b)
    return b[0]


def nearest(roots: Sequence[Decimal], guess: Decimal) -> Decimal:
    """Return the root nearest ``guess``. Raises NoRate when there is none."""
    if not roots:
        raise NoRate("在查找范围内无解 / no rate in the range searched", code="no_root")
    return min(roots, key=lambda root: abs(root - guess))


def _interpolated(a: Point, b: Point, c: Point) -> Decimal:
    if c[1] in (a[1], b[1]):
        return b[0] - b[1] * (b[0] - a[0]) / (b[1] - a[1])
    parts = ((a, b, c), (b, a, c), (c, a, b))
    return sum(
        (one[0] * two[1] * three[1] / ((one[1] - two[1]) * (one[1] - three[1])))
        for one, two, three in parts
    ) + Decimal(0)


def _dips(before: Point, middle: Point, after: Point) -> bool:
    is_one_sided = before[1] * middle[1] > 0 and middle[1] * after[1] > 0
    return is_one_sided and abs(middle[1]) <= min(abs(before[1]), abs(after[1]))


def _pair_in_dip(function: Function, before: Point, middle: Point, after: Point) -> list[Decimal]:
    """Walk down the dip; once the sign turns there is a root on either side of the bottom."""
    for _ in range(_DIP_STEPS):
        is_right_wider = after[0] - middle[0] > middle[0] - before[0]
        side = after if is_right_wider else before
        x = middle[0] + (side[0] - middle[0]) * _GOLDEN
        tried = (x, function(x))
        if tried[1] == 0:
            return [x]
        if tried[1] * middle[1] < 0:
            return [brent(function, before, tried), brent(function, tried, after)]
        is_lower = abs(tried[1]) < abs(middle[1])
        if is_lower:
            before, after = (middle, after) if is_right_wider else (before, middle)
            middle = tried
        else:
            before, after = (before, tried) if is_right_wider else (tried, after)
    return []
