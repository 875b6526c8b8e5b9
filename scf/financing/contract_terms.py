"""The figures and choices of a loan contract (借款合同), from what application and agreement
froze; nothing is read from the programme of today.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy

from scf.core import clock
from scf.core.money import format_yuan, half_up
from scf.credit import choices
from scf.credit.terms import ProgrammeTerms
from scf.financing.fees import fee_sums
from scf.financing.loan_terms import given_terms, repayment_words
from scf.financing.models import Application
from scf.financing.paper_texts import percent
from scf.financing.pricing import rate_words
from scf.payments.models import Payment
from scf.payments.terms import (
    CONFIRM_BUYER_ALONE,
    CONFIRM_BUYER_AND_SECOND,
    CONFIRM_NOT_NEEDED,
    CONFIRM_SELLER_AND_BANK,
)

Both = tuple[str, str]  # Chinese, English

CONFIRMED_BY: dict[int, Both] = {
    CONFIRM_NOT_NEEDED: ("放款同时付款，无须另行确认", "nobody: paid with the pay-out"),
    CONFIRM_BUYER_AND_SECOND: (
        "借款人与第二方（贷款人或仓库）共同确认",
        "the borrower and a second party (lender or warehouse)",
    ),
    CONFIRM_BUYER_ALONE: ("借款人确认", "the borrower"),
    CONFIRM_SELLER_AND_BANK: ("收款人与贷款人共同确认", "the payee and the lender"),
}
CLAIMS: dict[str, Both] = {
    "costs": ("费用", "costs"),
    "penalty": ("罚息及复利", "penalty and compound interest"),
    "interest": ("利息", "interest"),
    "principal": ("本金", "principal"),
}


def figures_of(application: Application, payment: Payment) -> dict[str, str]:
    """Every figure and choice of the contract by its name in the words; ``*_en`` in English.

    Rates and periods are those the application keeps, clocks those of the signed agreement.
    """
    given, terms = given_terms(application), payment.terms
    return {
        **_rates(given, application.quote),
        **_days(application, payment),
        **_in_both(_choices(given, payment)),
        "penalty": percent(given.penalty_rate_ppm),
        "grace": str(given.grace_days),
        "under": percent(given.tolerance_under_ppm),
        "over": percent(given.tolerance_over_ppm),
        "inspection": str(given.inspection_days),
        "dispute": str(terms["dispute_days"]),
        "arbiter": str(terms["arbiter_days"]),
        "refund": str(terms["refund_days"]),
        "escrow_rate": percent(payment.interest_ppm),
        "free_days": str(given.free_days),
        "day_base": str(given.day_base),
        "idle": format_yuan(application.quote["per_idle_day_minor"]),
        "repayment": repayment_words(application),
        "repayment_en": _repayment_in_english(given),
    }


def agreed_in(application: Application, payment: Payment) -> set[str | None]:
    """What words may be said for: None always; policy, recourse and interest basis by name."""
    given = given_terms(application)
    one_or_other = {
        "grace": given.grace_days > 0,
        "compound": given.compound_on_interest,
        "escrow interest": payment.interest_ppm > 0,
        "deposit": application.deposit_minor > 0,
        "interest from release": given.interest_from == choices.InterestFrom.RELEASE,
        "floating": given.rate_reset != choices.RateReset.NEVER,
        "free": given.free_days > 0,
        "joint": bool(application.quote.get("lenders")),
        "fees": bool(fee_sums(application.quote)),
        "cost": "cost" in application.quote,  # a quote of before has none
    }
    return {
        None,
        payment.release_policy,
        given.recourse,
        given.interest_basis,
        "short returns" if payment.terms["return_short"] else "short waits",
        "pays on silence" if given.pays_on_silence else "asks on silence",
        *(name if is_so else f"no {name}" for name, is_so in one_or_other.items()),
    }


def both(words: object) -> Both:
    """A text of the catalogue in Chinese and in English."""
    with translation.override("zh-hans"):
        chinese = str(words)
    with translation.override("en"):
        return chinese, str(words)


def _rates(given: ProgrammeTerms, quote: dict[str, Any]) -> dict[str, str]:
    pricing, cost = quote.get("pricing"), quote.get("cost")
    method = both(gettext_lazy(quote["method"]))
    found = {
        "rate": rate_words(given, pricing),
        "rate_en": _rate_in_english(given, pricing),
        "simple": _share(quote["annual_rate_simple"]),
        "method": method[0],
        "method_en": method[1],
    }
    if cost is None:
        return found
    return found | {
        "compound": _share(quote["annual_rate_compound"]),
        "cost": format_yuan(cost["total_minor"]),
        "cost_simple": _share(cost["simple"]),
        "cost_compound": _share(cost["compound"]),
        "cap": _share(cost["cap"]),
    }


def _rate_in_english(given: ProgrammeTerms, pricing: dict[str, Any] | None) -> str:
    if given.repayment == choices.Repayment.EQUAL_FEE:
        return f"{percent(half_up(given.rate_ppm, 12))} of the first principal each month"
    if pricing is None:
        return f"{percent(given.rate_ppm)} a year, fixed"
    margin = f"{'-' if pricing['margin_ppm'] < 0 else '+'}{percent(abs(pricing['margin_ppm']))}"
    quoted = f"LPR {pricing['tenor']} of {pricing['quoted_on']} {percent(pricing['quote_ppm'])}"
    reset = _small(both(choices.RateReset(pricing["reset"]).label)[1])
    return f"{quoted} {margin} = {percent(pricing['rate_ppm'])} a year; reset: {reset}"


def _repayment_in_english(given: ProgrammeTerms) -> str:
    said = [both(choices.Repayment(given.repayment).label)[1]]
    if given.repayment != choices.Repayment.BULLET:
        said.append(_small(both(choices.DueEvery(given.due_every).label)[1]))
        said.append(f"on day {given.due_day}" if given.due_day else "on the day of the pay-out")
    if given.principal_remainder != choices.PrincipalRemainder.LAST:
        said.append(_small(both(choices.PrincipalRemainder(given.principal_remainder).label)[1]))
    return ", ".join(said)


def _days(application: Application, payment: Payment) -> dict[str, str]:
    # The last due date shown: a working-day rule may move it behind the day asked for.
    matures = date.fromisoformat(application.quote["schedule"][-1]["due_on"])
    return {
        "planned": application.funding_planned_on.isoformat(),
        "fund_by": _day_of(payment.terms["fund_by"]),
        "matures": matures.isoformat(),
        "tenor": str((matures - application.funding_planned_on).days),
        "expiry": _day_of(payment.terms["expiry"]),
        "long_stop": _day_of(payment.terms["long_stop"]),
    }


def _choices(given: ProgrammeTerms, payment: Payment) -> dict[str, Both]:
    labels = {
        "interest_from": choices.InterestFrom(given.interest_from),
        "free_kind": choices.FreeKind(given.free_kind),
        "due_date_rule": choices.DueDateRule(given.due_date_rule),
        "penalty_from": choices.PenaltyFrom(given.penalty_from),
        "policy": choices.ReleasePolicy(payment.release_policy),
        "escrow_to": choices.InterestTo(given.escrow_interest_to),
        "sweep": choices.Sweep(given.sweep),
        "early_interest": choices.EarlyInterest(given.early_interest),
        "after_early": choices.AfterEarly(given.after_early),
        "idle_of": choices.IdleCostOf(given.idle_cost_of),
        "recourse": choices.Recourse(given.recourse),
    }
    order = [CLAIMS[claim] for claim in given.waterfall]
    return {
        **{name: both(choice.label) for name, choice in labels.items()},
        "confirmed_by": CONFIRMED_BY[payment.terms["confirm_mode"]],
        "waterfall": ("、".join(zh for zh, _en in order), ", ".join(en for _zh, en in order)),
    }


def _in_both(said: dict[str, Both]) -> dict[str, str]:
    return {
        name + tail: words
        for name, (zh, en) in said.items()
        for tail, words in (("", zh), ("_en", _small(en)))
    }


def _share(rate: str) -> str:
    """A decimal fraction as a percentage of two decimals or more: 0.0435 -> 4.35 %."""
    whole, _point, decimals = f"{Decimal(rate) * 100:f}".partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')} %"


def _day_of(seconds: int) -> str:
    return clock.shanghai_date(clock.from_timestamp(seconds)).isoformat()


def _small(english: str) -> str:
    # A label of the catalogue stands within a row: it begins small.
    return english[:1].lower() + english[1:]
