"""How an order is delivered in a rehearsal: two part deliveries, one line short by its
tolerance.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from uuid import UUID

from scf.trade.models import OrderLine
from scf.trade.values import value_of, within

FINEST = Decimal("0.000001")
DIVIDED = 4  # lines that come in both deliveries; of longer orders the others come whole
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Shipped:
    """So much of a line in one delivery, and what of it does not arrive."""

    line_id: UUID
    quantity: Decimal
    short: Decimal = NOTHING


def two_deliveries(
    lines: Sequence[OrderLine], *, tolerance_ppm: int
) -> tuple[list[Shipped], list[Shipped]]:
    """Everything of these lines over two deliveries, one line short where that is worth a fen.

    A quantity that cannot be divided (a single piece is, into decimals) comes whole. The first
    delivery is empty only for one line that cannot be divided.
    """
    first, second = [], []
    for place, line in enumerate(lines):
        part = _first_part(line, divided=place < DIVIDED, early=place % 2 == 0)
        if part:
            first.append(Shipped(line.pk, part))
        if line.quantity - part:
            second.append(Shipped(line.pk, line.quantity - part))
    return first, _with_a_short_line(second, {line.pk: line for line in lines}, tolerance_ppm)


def _first_part(line: OrderLine, *, divided: bool, early: bool) -> Decimal:
    if not divided:
        return line.quantity if early else NOTHING
    whole = line.quantity == line.quantity.to_integral_value() and line.quantity >= 2
    unit = Decimal(1) if whole else FINEST
    half: Decimal = line.quantity / 2
    return half.quantize(unit, rounding=ROUND_DOWN)


def _with_a_short_line(
    shipped: list[Shipped], lines: dict[UUID, OrderLine], tolerance_ppm: int
) -> list[Shipped]:
    for place, each in enumerate(shipped):
        line = lines[each.line_id]
        allowed = within(line.quantity, tolerance_ppm=tolerance_ppm)
        short = min(allowed.quantize(FINEST, rounding=ROUND_DOWN), each.quantity)
        is_worth = line.amount_minor - value_of(line, line.quantity - short)
        # What arrives of the delivery must be something, and the line must be missing a fen.
        if NOTHING < short < each.quantity and is_worth > 0:
            marked = Shipped(each.line_id, each.quantity, short)
            return [*shipped[:place], marked, *shipped[place + 1 :]]
    return shipped
