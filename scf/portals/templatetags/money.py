"""Figures and times as people read them; all arithmetic is done before a template sees a value."""

from datetime import date, datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from scf.core.clock import SHANGHAI
from scf.core.money import format_yuan, half_up
from scf.documents.capitals import capital_yuan
from scf.portals.amount_words import english_yuan
from scf.portals.figures import shown_in_wan

register = template.Library()


@register.filter
def yuan(minor: int | None) -> str:
    """Fen as yuan: 37260237 -> 372,602.37; nothing for None.

    Where the reader chose 万 the figure carries it, 37.26 万, with the exact one in its title: so
    the unit written beside it (元) stays right.
    """
    if minor is None:
        return ""
    return in_wan(minor) if shown_in_wan(minor) else format_yuan(minor)


@register.filter
def exact_yuan(minor: int | None) -> str:
    """Fen as yuan to the fen, whatever the reader chose: where somebody is bound by the figure."""
    return "" if minor is None else format_yuan(minor)


@register.filter
def yuan_unit(minor: int | None) -> str:
    """The unit after a figure of ``yuan``, with the space that belongs between: 1.00 元, but
    133.69 万元.
    """
    if minor is None:
        return ""
    is_joined = shown_in_wan(minor) and str(get_language()).startswith("zh")
    return f"{'' if is_joined else ' '}{_('元')}"


def in_wan(minor: int) -> SafeString:
    """Fen in 万 with the exact figure in the title."""
    figure = _("%(figure)s 万") % {"figure": wan(minor)}
    exact = _("%(yuan)s 元") % {"yuan": format_yuan(minor)}
    return format_html('<span title="{}">{}</span>', exact, figure)


@register.filter
def wan(minor: int | None) -> str:
    """Fen as 万元 to two decimals, half-up, for display only: 37260237 -> 37.26."""
    return "" if minor is None else format_yuan(half_up(minor, 10_000))


@register.filter
def capital(minor: int | None) -> str:
    """Fen in words: 870000 -> 捌仟柒佰元整; in English, eight thousand seven hundred yuan only."""
    if minor is None:
        return ""
    is_chinese = str(get_language()).startswith("zh")
    return capital_yuan(minor) if is_chinese else english_yuan(minor)


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
