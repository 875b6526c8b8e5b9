"""Quantities as people write them."""

from decimal import Decimal

from django import template

register = template.Library()


@register.filter
def plain(quantity: Decimal | None) -> str:
    """No useless zeros and never an exponent: 50.000000 -> 50, 7604.130000 -> 7,604.13."""
    if quantity is None:
        return ""
    text = f"{quantity:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
