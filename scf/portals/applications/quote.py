"""The quote in words: what it costs in yuan first, then the rates and how they are reckoned."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from scf.core.money import PPM, format_yuan
from scf.credit.choices import FeeTaker, IdleCostOf, InterestFrom, ReleasePolicy
from scf.portals.applications.rates import rate_text, repayment_text
from scf.portals.fees import FeeRow, fee_rows
from scf.portals.parts import Fact, Words


@dataclass(frozen=True)
class PaperView:
    """A paper to be agreed to, each of its statements with its name."""

    title: str
    facts: Sequence[Fact]
    text: str


@dataclass(frozen=True)
class QuoteView:
    """Everything a buyer is shown before it applies (K23)."""

    total_minor: int
    own_funds_minor: int
    loan_minor: int
    deposit_minor: int
    days: int
    interest_minor: int
    fees_minor: int
    per_day_minor: int
    rate_ppm: int
    rate_365_ppm: int
    compound_ppm: int
    rate_words: Words
    cost_items: Sequence[Fact]
    cap_ppm: int
    is_within_cap: bool
    reference_ppm: int | None
    with_deposit_ppm: int | None
    method: str
    idle: Words
    interest_from: Words
    release: Words
    repayment: Words
    schedule: Sequence[dict[str, Any]]
    fees: Sequence[FeeRow]
    is_moved: bool
    years_without_table: str
    matures_on: Any
    expires_on: Any
    available_minor: int
    is_within_limit: bool
    programme_name: str
    papers: Sequence[PaperView]
    lenders: Sequence[dict[str, Any]] = ()


LABELS: dict[str, Words] = {
    "borrower": _("借款人"),
    "borrower_uscc": _("借款人统一社会信用代码"),
    "payee": _("收款人"),
    "payee_uscc": _("收款人统一社会信用代码"),
    "order": _("订单号"),
    "own_funds_minor": _("自有资金（首付款）"),
    "amount_minor": _("贷款金额"),
    "deposit_minor": _("保证金"),
    "deposit_text": _("保证金约定"),
    "lenders": _("贷款人及出资比例"),
    "lenders_text": _("联合贷款约定"),
    "interest_minor": _("按期利息"),
    "fees_minor": _("费用"),
    "fees": _("费用明细"),
    "rate": _("贷款利率"),
    "annual_rate_simple": _("年化利率（单利）"),
    "annual_rate_compound": _("年化利率（复利）"),
    "matures_on": _("还款日"),
    "repayment": _("还款方式"),
    "release_policy": _("支付方式"),
}


def quote_view(shown: dict[str, Any]) -> QuoteView:
    """What ``preview_application`` gave, as the page shows it; rates in ppm, money in fen."""
    quote, terms = shown["quote"], shown["terms"]
    return QuoteView(
        total_minor=shown["total_minor"],
        own_funds_minor=shown["own_funds_minor"],
        loan_minor=shown["loan_minor"],
        deposit_minor=shown["deposit_minor"],
        days=shown["days"],
        interest_minor=quote["interest_minor"],
        fees_minor=quote["fees_minor"],
        per_day_minor=quote["per_idle_day_minor"],
        rate_ppm=ppm_of(quote["annual_rate_simple"]),
        rate_365_ppm=ppm_of(quote["annual_rate_simple_365"]),
        compound_ppm=ppm_of(quote["annual_rate_compound"]),
        rate_words=rate_text(terms, quote.get("pricing")),
        cost_items=[_cost_item(item) for item in quote["cost"]["items"]],
        cap_ppm=ppm_of(quote["cost"]["cap"]),
        is_within_cap=quote["cost"]["is_within"],
        reference_ppm=_reference(quote["reference"], "annual_rate_simple"),
        with_deposit_ppm=_reference(quote["reference"], "annual_rate_with_deposit"),
        method=quote["method"],
        idle=_idle(quote, terms),
        interest_from=InterestFrom(terms["interest_from"]).label,
        release=ReleasePolicy(terms["release_policy"]).label,
        repayment=repayment_text(terms),
        schedule=quote["schedule"],
        fees=fee_rows(quote),
        is_moved=bool(quote["planned_dates"]),
        years_without_table="、".join(str(year) for year in quote["years_without_table"]),
        matures_on=shown["matures_on"],
        expires_on=shown["expires_on"],
        available_minor=shown["available_minor"],
        is_within_limit=shown["is_within_limit"],
        programme_name=shown["programme_name"],
        papers=[paper_view(paper, terms, quote) for paper in shown["papers"].values()],
        lenders=quote.get("lenders", ()),
    )


def ppm_of(rate: str) -> int:
    """A decimal fraction with six decimals as ppm: "0.043500" -> 43500."""
    return int(Decimal(rate) * PPM)


def paper_view(paper: dict[str, Any], terms: dict[str, Any], quote: dict[str, Any]) -> PaperView:
    """A paper with each statement named, money in yuan, rates and product in the reader's words."""
    said = {
        "rate": rate_text(terms, quote.get("pricing")),
        "repayment": repayment_text(terms),
    }
    paper = paper | {name: words for name, words in said.items() if name in paper}
    named = [(name, label) for name, label in LABELS.items() if name in paper]
    return PaperView(
        title=paper["title"],
        facts=[_fact(name, label, paper[name]) for name, label in named],
        text=paper.get("text", ""),
    )


def _fact(name: str, label: Words, value: Any) -> Fact:
    if name.endswith("_minor"):
        return Fact(label, amount_minor=value)
    if name in ("annual_rate_simple", "annual_rate_compound"):
        return Fact(label, f"{Decimal(value) * 100:.2f} %")
    if name == "release_policy":
        return Fact(label, ReleasePolicy(value).label)
    return Fact(label, str(value))


def _cost_item(item: dict[str, Any]) -> Fact:
    name = _("利息") if item["name"] == "interest" else item["name"]
    who = FeeTaker(item["taken_by"]).label
    label = _("%(name)s（%(who)s）") % {"name": name, "who": who}
    return Fact(label, amount_minor=item["amount_minor"])


def _reference(reference: dict[str, Any], name: str) -> int | None:
    rate = reference.get(name)
    return None if rate is None else ppm_of(rate)


def _idle(quote: dict[str, Any], terms: dict[str, Any]) -> Words:
    if terms["interest_from"] == InterestFrom.RELEASE:
        return _("钱在托管、尚未付给卖方的日子不计息。")
    words = _("钱在托管、货还没到的每一天，利息 %(yuan)s 元，由%(who)s。")
    who = IdleCostOf(terms["idle_cost_of"]).label
    return words % {"yuan": format_yuan(quote["per_idle_day_minor"]), "who": who}
