"""Quantities and amounts of orders as people read them, also in foreign currencies."""

from decimal import Decimal

from scf.trade.importing.currencies import decimals_of


def quantity_text(quantity: Decimal) -> str:
    """A quantity or unit price without idle zeros, thousands grouped: 7604.130000 -> 7,604.13."""
    return f"{quantity.normalize():,f}"


def amount_text(minor: int, currency: str) -> str:
    """An amount in its currency's unit, the currency named when it is not yuan: 12.50 EUR."""
    places = decimals_of(currency)
    figure = f"{Decimal(minor).scaleb(-places):,.{places}f}"
    return figure if currency == "CNY" else f"{figure} {currency}"
