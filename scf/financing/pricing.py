"""The rate of an application: fixed by the programme, or LPR and a margin on the day of asking."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from scf.core.errors import RuleBroken
from scf.core.money import PPM, half_up
from scf.credit.choices import RateBase
from scf.credit.terms import ProgrammeTerms
from scf.loans.base_rate import NoQuote, Pricing, ResetOn, Tenor, fixing
from scf.loans.kept_quotes import quote_table

RESETS = {
    "fixed": "合同期内不重定价",
    "new_year": "每年 1 月 1 日重定价",
    "anniversary": "每年放款对应日重定价",
    "interest_day": "每个还款或付息日重定价",
}
TENORS = {"1Y": "1 年期", "5Y": "5 年期以上"}


def pricing_of(terms: ProgrammeTerms) -> Pricing | None:
    """How a floating rate is found; None for a fixed one."""
    if terms.rate_base == RateBase.FIXED:
        return None
    return Pricing(Tenor(terms.rate_base), terms.rate_margin_ppm, ResetOn(terms.rate_reset))


def price(terms: ProgrammeTerms, *, on: date) -> tuple[ProgrammeTerms, dict[str, Any] | None]:
    """The terms with the rate of a day, and the quote it comes from; a fixed rate has none.

    The penalty rate keeps the uplift the programme states over its reference rate (K13). Raises
    RuleBroken(no_base_rate) when no quote was published by then, or quote and margin leave no rate.
    """
    pricing = pricing_of(terms)
    if pricing is None:
        return terms, None
    try:
        found = fixing(pricing, quote_table().quotes, on=on)
    except NoQuote as missing:
        raise RuleBroken(_("没有可用的 LPR 报价：请银行核对"), code="no_base_rate") from missing
    if found.rate_ppm <= 0:
        raise RuleBroken(_("LPR 加点后利率不为正：请银行核对"), code="no_base_rate")
    penalty = half_up(found.rate_ppm * terms.penalty_rate_ppm, terms.rate_ppm)
    shown = {
        "tenor": pricing.tenor.value,
        "quoted_on": found.quote.published_on.isoformat(),
        "quote_ppm": found.quote.rate_ppm,
        "margin_ppm": pricing.margin_ppm,
        "rate_ppm": found.rate_ppm,
        "priced_on": on.isoformat(),
        "reset": pricing.reset_on.value,
    }
    return replace(terms, rate_ppm=found.rate_ppm, penalty_rate_ppm=penalty), shown


def rate_words(terms: ProgrammeTerms, pricing: dict[str, Any] | None) -> str:
    """The rate as a paper says it, with the quote it comes from. Papers are in Chinese."""
    rate = _percent(terms.rate_ppm)
    if terms.repayment == "equal_fee":
        return f"每月收费为初始本金的 {_percent(half_up(terms.rate_ppm, 12))}"
    if pricing is None:
        return f"{rate}，固定利率"
    margin = pricing["margin_ppm"]
    sign, points = "加" if margin >= 0 else "减", Decimal(abs(margin)).scaleb(-2).normalize()
    quoted = f"{pricing['quoted_on']} 公布的{TENORS[pricing['tenor']]} LPR"
    priced = f"{quoted} {_percent(pricing['quote_ppm'])} {sign} {points:f} 个基点"
    return f"{priced}，即 {rate}，{RESETS[pricing['reset']]}"


def _percent(rate_ppm: int) -> str:
    whole, rest = divmod(rate_ppm * 100, PPM)
    return f"{whole}.{f'{rest:06d}'.rstrip('0').ljust(2, '0')} %"
