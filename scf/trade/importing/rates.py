"""Which tax rate each line bears, and what had to be assumed to know it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from scf.trade.importing.decimals import to_decimal
from scf.trade.importing.documents import (
    DocumentLine,
    MonetaryTotals,
    TaxCategory,
    TaxSubtotal,
    TaxTotal,
    TradeDocument,
)
from scf.trade.importing.refusals import ImportRefused

# UNCL5305 classes that bear no tax, whatever percentage stands beside them.
UNTAXED = frozenset({"Z", "E", "O", "AE", "K", "G"})
_A_FEN_A_LINE = Decimal("0.01")  # what rounding leaves between the lines' taxes and their sum


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the reader should know that is neither an error nor a difference."""

    code: str
    zh: str
    en: str
    line: str = ""


@dataclass(frozen=True, slots=True)
class _Assumed:
    rate: Fraction
    zh: str
    en: str


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


def rate_of_subtotal(subtotal: TaxSubtotal) -> Fraction | None:
    """The rate of one class of a tax total, its percentage standing in the class or beside it."""
    return rate_of((_class_of(subtotal),))


def taxes_in_money_of(
    document: TradeDocument, totals: tuple[TaxTotal, ...]
) -> tuple[TaxTotal, ...]:
    """Those in the document's own currency: tax restated for the tax office counts nowhere."""
    return tuple(one for one in totals if one.currency in ("", document.stated_currency))


def stated_tax_of(document: TradeDocument, line: DocumentLine) -> Decimal | None:
    """The tax the line itself states; None when it states none."""
    if line.tax is not None:
        return line.tax
    totals = taxes_in_money_of(document, line.tax_totals)
    amounts = [one.amount for one in totals if one.amount is not None]
    return sum(amounts, Decimal(0)) if amounts else None


def line_rates(
    document: TradeDocument, nets: list[Fraction | None]
) -> tuple[list[Fraction], list[Notice]]:
    """The rate of each line, in the document's order, and a notice for each that was assumed.

    Raises ``bad_tax_rate`` when stated amounts of tax give a rate below nothing or above all.
    """
    stated = [_stated(document, line) for line in document.lines]
    if None not in stated:
        return [rate or Fraction(0) for rate in stated], []
    found, notices = [], []
    for line, rate, own in zip(
        document.lines, stated, _assumed(document, stated, nets), strict=True
    ):
        found.append(own.rate if rate is None else rate)
        # Without an amount the rate changes nothing.
        if rate is None and nets[len(found) - 1] is not None:
            notices.append(_notice(line, own))
    return found, notices


def percent_text(rate: Fraction) -> str:
    """A rate as a percentage for people: at most four decimals, no trailing zeros."""
    text = f"{to_decimal(rate * 100, 4):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _class_of(subtotal: TaxSubtotal) -> TaxCategory:
    category = subtotal.category or TaxCategory()
    if category.percent is None:
        return replace(category, percent=subtotal.percent)
    return category


def _stated(document: TradeDocument, line: DocumentLine) -> Fraction | None:
    # The class of the goods leads; else the classes in the tax of the line itself.
    rate = rate_of(line.item.tax_categories)
    if rate is not None:
        return rate
    totals = taxes_in_money_of(document, line.tax_totals)
    classes = tuple(_class_of(sub) for total in totals for sub in total.subtotals)
    is_whole = all(rate_of((one,)) is not None for one in classes)
    return rate_of(classes) if is_whole else None


def _notice(line: DocumentLine, own: _Assumed) -> Notice:
    percent = f"{percent_text(own.rate)}%"
    return Notice(
        "tax_rate_assumed",
        f"第 {line.id} 行未注明税率，{own.zh}（{percent}）",
        f"line {line.id} states no tax rate; {own.en} ({percent})",
        line.id,
    )


def _assumed(
    document: TradeDocument, stated: list[Fraction | None], nets: list[Fraction | None]
) -> list[_Assumed]:
    totals = taxes_in_money_of(document, document.tax_totals)
    whole = _stated_tax(document.totals, [one.amount for one in totals])
    taxes = [stated_tax_of(document, line) for line in document.lines]
    if whole is not None and not _add_up(taxes, whole):
        taxes = [None] * len(taxes)  # lines and sum contradict each other: the sum leads
    for_all = _for_all(document, stated, nets, whole)
    return [
        for_all if tax is None or not net else _from_tax(tax, net, line.id)
        for line, tax, net in zip(document.lines, taxes, nets, strict=True)
    ]


def _add_up(taxes: Sequence[Decimal | None], whole: Decimal) -> bool:
    given = [tax for tax in taxes if tax is not None]
    return abs(sum(given, Decimal(0)) - whole) <= _A_FEN_A_LINE * len(given)


def _from_tax(tax: Decimal, net: Fraction, where: str) -> _Assumed:
    rate = _bounded(Fraction(tax) / net, where)
    return _Assumed(rate, "按本行税额折算", "the rate that gives the line's own tax is taken")


def _for_all(
    document: TradeDocument,
    stated: list[Fraction | None],
    nets: list[Fraction | None],
    tax: Decimal | None,
) -> _Assumed:
    totals = taxes_in_money_of(document, document.tax_totals)
    of_classes = (rate_of_subtotal(sub) for total in totals for sub in total.subtotals)
    subtotal_rates = {rate for rate in of_classes if rate is not None}
    if len(subtotal_rates) == 1:
        return _Assumed(
            subtotal_rates.pop(), "按单据税额小计的税率", "the rate of the tax subtotal is taken"
        )
    known = {rate for rate in stated if rate is not None}
    if len(known) == 1:
        return _Assumed(known.pop(), "按其他行的税率", "the rate of the other lines is taken")
    signed = sum((one.signed for one in document.allowances_charges), Decimal(0))
    # Rounded first: thousands of exact fractions of odd base quantities take minutes to add.
    net = sum((to_decimal(net or Fraction(0), 6) for net in nets), Decimal(0))
    taxable = Fraction(net) + Fraction(signed)
    if not known and tax is not None and taxable:
        rate = _bounded(Fraction(tax) / taxable, "")
        return _Assumed(rate, "按单据总税额折算", "the rate that gives the stated tax is taken")
    return _Assumed(Fraction(0), "按不含税处理", "no tax is counted")


def _bounded(rate: Fraction, line: str) -> Fraction:
    if not 0 <= rate <= 1:
        zh, en = (f"第 {line} 行", f"line {line}") if line else ("单据", "the document")
        raise ImportRefused(
            "bad_tax_rate",
            f"{zh}所载税额折合税率 {percent_text(rate)}%，不在 0 至 100% 之间",
            f"the tax that {en} states is {percent_text(rate)}%, not between 0 and 100%",
            where=line,
        )
    return rate


def _stated_tax(totals: MonetaryTotals | None, amounts: list[Decimal | None]) -> Decimal | None:
    found = next((amount for amount in amounts if amount is not None), None)
    if found is not None or totals is None:
        return found
    if totals.tax_inclusive is None or totals.tax_exclusive is None:
        return None
    return totals.tax_inclusive - totals.tax_exclusive
