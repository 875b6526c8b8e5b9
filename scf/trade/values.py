"""What accepted goods are worth: quantities turned to money by K7, in whole fen."""

from decimal import Decimal

from scf.core.money import PPM, half_up, line_value
from scf.trade.models import OrderLine


def value_of(line: OrderLine, quantity: Decimal) -> int:
    """What ``quantity`` of the line is worth in fen, never more than the line itself.

    q(quantity × unit price), or for a line whose amount leads the share of its amount, half-up
    (K7).
    """
    if quantity >= line.quantity:
        return line.amount_minor
    if line.is_pro_rata:
        return half_up(line.amount_minor * _micro(quantity), _micro(line.quantity))
    return min(line_value(quantity, line.unit_price), line.amount_minor)


def accepted_value_minor(line: OrderLine) -> int:
    """What all that was accepted of the line so far is worth, in fen (K7, cumulative).

    What a further acceptance is worth is this minus what was released before.
    """
    return value_of(line, line.accepted_quantity)


def shipped_value_minor(line: OrderLine) -> int:
    """What all that was shipped of the line so far is worth, in fen (K7, for PAY_ON_SHIPMENT)."""
    return value_of(line, line.shipped_quantity)


def within(quantity: Decimal, *, tolerance_ppm: int) -> Decimal:
    """The part of a quantity a tolerance lets be missing or too much, exactly (K8)."""
    return quantity * tolerance_ppm / PPM


def _micro(quantity: Decimal) -> int:
    return int(quantity.scaleb(6))
