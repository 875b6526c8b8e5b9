"""Quantities as people write them."""

from decimal import Decimal

from django import template

from scf.trade.units import unit_words

register = template.Library()


@register.filter
def plain(quantity: Decimal | None) -> str:
    """No useless zeros and never an exponent: 50.000000 -> 50, 7604.130000 -> 7,604.13."""
    if quantity is None:
        return ""
    text = f"{quantity:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.filter
def unit(code: str) -> str:
    """A unit in the reader's words: TNE, 吨 -> 吨, t; as it was given when it is none of those."""
    return unit_words(code)
