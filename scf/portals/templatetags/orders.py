"""Amounts of orders, which may be in another currency than yuan."""

from django import template

from scf.portals.orders.figures import amount_text
from scf.portals.templatetags.money import yuan

register = template.Library()


@register.filter
def money_in(minor: int | None, currency: str) -> str:
    """An amount in its currency, named when it is not yuan: 1250 in EUR -> 12.50 EUR."""
    if minor is None:
        return ""
    return yuan(minor) if currency == "CNY" else amount_text(minor, currency)
