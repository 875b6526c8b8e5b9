"""Which tax rate each line bears, and what had to be assumed to know it."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scf.trade.importing.decimals import to_decimal
from scf.trade.importing.documents import MonetaryTotals, TaxCategory, TradeDocument

# UNCL5305 classes that bear no tax, whatever percentage stands beside them.
UNTAXED = frozenset({"Z", "E", "O", "AE", "K", "G"})


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the reader should know that is neither an error nor a difference."""

    code: str
    zh: str
    en: str
    line: str = ""


def rate_of(categories: tuple[TaxCategory, ...]) -> Fraction | None:
    """The rate of a line's or charge's tax classes as a fraction; None when they give none.

    One percentage per tax scheme counts: VAT and an excise add up, VAT written twice does not.
    """
    rates: dict[str, Fraction] = {}
    for category in categories:
        if category.code in UNTAXED:
            rates.setdefault(category.scheme, Fraction(0))
        elif category.percent is not None:
            rates.setdefault(category.scheme, Fraction(category.percent) / 100)
    return sum(rates.values(), Fraction(0)) if rates else None


def line_rates(
    document: TradeDocument, nets: list[Fraction | None]
) -> tuple[list[Fraction], list[Notice]]:
    """The rate of each line, in the document's order, and a notice for each that was assumed."""
    stated = [rate_of(line.item.tax_categories) for line in document.lines]
    if None not in stated:
        return [rate or Fraction(0) for rate in stated], []
    assumed, zh, en = _assumed(document, stated, nets)
    percent = f"{percent_text(assumed)}%"
    notices = [
        Notice(
            "tax_rate_assumed",
            f"第 {line.id} 行未注明税率，{zh}（{percent}）",
            f"line {line.id} states no tax rate; {en} ({percent})",
            line.id,
        )
        for line, rate, net in zip(document.lines, stated, nets, strict=True)
        if rate is None and net is not None  # without an amount the rate changes nothing
    ]
    return [assumed if rate is None else rate for rate in stated], notices


def percent_text(rate: Fraction) -> str:
    """A rate as a percentage for people: at most four decimals, no trailing zeros."""
    text = f"{to_decimal(rate * 100, 4):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _assumed(
    document: TradeDocument, stated: list[Fraction | None], nets: list[Fraction | None]
) -> tuple[Fraction, str, str]:
    totals = [one for one in document.tax_totals if one.currency in ("", document.stated_currency)]
    classes = (sub.category for total in totals for sub in total.subtotals if sub.category)
    subtotal_rates = {rate for one in classes if (rate := rate_of((one,))) is not None}
    if len(subtotal_rates) == 1:
        return subtotal_rates.pop(), "按单据税额小计的税率", "the rate of the tax subtotal is taken"
    known = {rate for rate in stated if rate is not None}
    if len(known) == 1:
        return known.pop(), "按其他行的税率", "the rate of the other lines is taken"
    tax = _stated_tax(document.totals, [one.amount for one in totals])
    signed = sum((one.signed for one in document.allowances_charges), Decimal(0))
    # Rounded first: thousands of exact fractions of odd base quantities take minutes to add.
    net = sum((to_decimal(net or Fraction(0), 6) for net in nets), Decimal(0))
    taxable = Fraction(net) + Fraction(signed)
    if not known and tax is not None and taxable:
        return (
            Fraction(tax) / taxable,
            "按单据总税额折算",
            "the rate that gives the stated tax is taken",
        )
    return Fraction(0), "按不含税处理", "no tax is counted"


def _stated_tax(totals: MonetaryTotals | None, amounts: list[Decimal | None]) -> Decimal | None:
    found = next((amount for amount in amounts if amount is not None), None)
    if found is not None or totals is None:
        return found
    if totals.tax_inclusive is None or totals.tax_exclusive is None:
        return None
    return totals.tax_inclusive - totals.tax_exclusive
