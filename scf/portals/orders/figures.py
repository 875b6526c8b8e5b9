"""Quantities and amounts of orders as people read them, also in foreign currencies."""

from decimal import Decimal

from scf.trade.importing.currencies import decimals_of


def quantity_text(quantity: Decimal) -> str:
    """A quantity or unit price without idle zeros, thousands grouped: 7604.130000 -> 7,604.13."""
    return f"{quantity.normalize():,f}"


def price_text(price: Decimal) -> str:
    """A unit price with two decimals at least, as on a contract: 8120.500000 -> 8,120.50."""
    return f"{price:,.2f}" if price == round(price, 2) else quantity_text(price)


def amount_text(minor: int, currency: str) -> str:
    """An amount in its currency's unit, the currency named when it is not yuan: 12.50 EUR."""
    places = decimals_of(currency)
    figure = f"{Decimal(minor).scaleb(-places):,.{places}f}"
    return figure if currency == "CNY" else f"{figure} {currency}"
