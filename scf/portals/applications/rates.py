"""The rate and the way of repaying in the reader's language; papers say them in Chinese alone."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from scf.core.money import half_up
from scf.credit.choices import (
    DueEvery,
    FreeKind,
    PrincipalRemainder,
    RateBase,
    RateReset,
    Repayment,
)
from scf.credit.terms import ProgrammeTerms
from scf.portals.parts import Words
from scf.portals.templatetags.money import percent


def rate_text(terms: dict[str, Any], pricing: dict[str, Any] | None) -> Words:
    """The yearly rate and where it comes from.

    ``terms`` are the programme's as an application keeps them, ``pricing`` the quote of LPR a
    floating rate was found with. Rates are ppm.
    """
    given = ProgrammeTerms(**terms)
    if given.repayment == Repayment.EQUAL_FEE:
        monthly = percent(half_up(given.rate_ppm, 12))
        return _("每月收费为初始本金的 %(rate)s") % {"rate": monthly}
    if pricing is None:
        return _("%(rate)s，固定利率") % {"rate": percent(given.rate_ppm)}
    margin = pricing["margin_ppm"]
    return _("%(base)s %(margin)s，即 %(rate)s；%(day)s 报价 %(quote)s，重定价：%(reset)s") % {
        "base": RateBase(pricing["tenor"]).label,
        "margin": f"{'-' if margin < 0 else '+'}{percent(abs(margin))}",
        "rate": percent(pricing["rate_ppm"]),
        "day": pricing["quoted_on"],
        "quote": percent(pricing["quote_ppm"]),
        "reset": RateReset(pricing["reset"]).label,
    }


def repayment_text(terms: dict[str, Any]) -> Words:
    """How the loan is repaid and how often, free days included."""
    given = ProgrammeTerms(**terms)
    said: list[Words] = [Repayment(given.repayment).label]
    if given.principal_remainder != PrincipalRemainder.LAST:
        said.append(PrincipalRemainder(given.principal_remainder).label)
    if given.repayment != Repayment.BULLET:
        said.append(DueEvery(given.due_every).label)
    if given.free_days:
        kind = FreeKind(given.free_kind).label
        free = _("免息期 %(days)s 天（%(kind)s）") % {"days": given.free_days, "kind": kind}
        said.append(free)
    return str(_("、")).join(str(each) for each in said)


def percent_text(rate: str) -> str:
    """A decimal fraction as a percentage, its useless zeros left out: 0.043500 -> 4.35 %."""
    text = f"{Decimal(rate) * 100:f}"
    whole, _point, decimals = text.partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')} %"
