"""Figures and times as people read them; all arithmetic is done before a template sees a value."""

from datetime import date, datetime

from django import template

from scf.core.clock import SHANGHAI
from scf.core.money import format_yuan, half_up
from scf.documents.capitals import capital_yuan

register = template.Library()


@register.filter
def yuan(minor: int | None) -> str:
    """Fen as yuan: 37260237 -> 372,602.37; nothing for None."""
    return "" if minor is None else format_yuan(minor)


@register.filter
def wan(minor: int | None) -> str:
    """Fen as 万元 to two decimals, half-up, for display only: 37260237 -> 37.26."""
    return "" if minor is None else format_yuan(half_up(minor, 10_000))


@register.filter
def capital(minor: int | None) -> str:
    """Fen in capital numerals: 870000 -> 捌仟柒佰元整."""
    return "" if minor is None else capital_yuan(minor)


@register.filter
def percent(ppm: int | None) -> str:
    """Parts per million as a percentage with two to four decimals: 43500 -> 4.35 %, 65250 ->
    6.525 %.
    """
    if ppm is None:
        return ""
    whole, rest = divmod(abs(ppm), 10_000)
    decimals = f"{rest:04d}"
    decimals = decimals[:2] + decimals[2:].rstrip("0")
    return f"{'-' if ppm < 0 else ''}{whole}.{decimals} %"


@register.filter
def local_time(moment: datetime | None) -> str:
    """A moment in Shanghai with its zone: 2026-03-23 14:05 UTC+8."""
    return "" if moment is None else f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M} UTC+8"


@register.filter
def day(given: date | datetime | None) -> str:
    """A date, or the Shanghai date of a moment: 2026-03-23."""
    if isinstance(given, datetime):
        return given.astimezone(SHANGHAI).date().isoformat()
    return "" if given is None else given.isoformat()


@register.filter
def short_hash(value: str) -> str:
    """The two ends of a hash: 0x1234…abcd; the whole stands in the title and is copied."""
    return value if len(value) <= 14 else f"{value[:6]}…{value[-4:]}"
