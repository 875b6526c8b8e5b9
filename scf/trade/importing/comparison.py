"""Compares what a document states with what its lines give; every difference with both figures."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scf.trade.importing.currencies import decimals_of
from scf.trade.importing.documents import (
    AllowanceCharge,
    DocumentLine,
    Price,
    TaxSubtotal,
    TradeDocument,
)
from scf.trade.importing.rates import (
    percent_text,
    rate_of_subtotal,
    stated_tax_of,
    taxes_in_money_of,
)
from scf.trade.importing.totals import PricedLine, Pricing, computed_net, rounded


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure as stated and as the lines give it. An empty ``line`` means the whole document."""

    field: str
    zh: str
    en: str
    stated: Decimal
    recomputed: Decimal
    line: str = ""


@dataclass(frozen=True, slots=True)
class Sums:
    """The document's sums from its lines: net rounded per line, tax per rate (EN 16931)."""

    line_extension: Decimal
    allowance_total: Decimal
    charge_total: Decimal
    tax_exclusive: Decimal
    tax: Decimal
    tax_inclusive: Decimal
    payable: Decimal
    by_rate: dict[Fraction, tuple[Decimal, Decimal]]


def sums_of(document: TradeDocument, pricing: Pricing) -> Sums:
    """Recompute every sum a document may state; ``payable`` takes its own prepaid and rounding."""
    money = pricing.currency
    taxable: dict[Fraction, Decimal] = defaultdict(Decimal)
    for line in pricing.lines:
        taxable[line.tax_rate] += rounded(line.net or Fraction(0), money)
    extension = sum(taxable.values(), Decimal(0))
    for adjustment in pricing.adjustments:
        taxable[adjustment.tax_rate] += adjustment.net
    by_rate = {rate: (net, rounded(Fraction(net) * rate, money)) for rate, net in taxable.items()}
    allowances = [one.amount for one in document.allowances_charges if not one.is_charge]
    charges = [one.amount for one in document.allowances_charges if one.is_charge]
    exclusive = extension + sum(charges, Decimal(0)) - sum(allowances, Decimal(0))
    tax = sum((tax for _, tax in by_rate.values()), Decimal(0))
    stated = document.totals
    prepaid = (stated.prepaid if stated else None) or Decimal(0)
    rounding = (stated.rounding if stated else None) or Decimal(0)
    return Sums(
        line_extension=extension,
        allowance_total=sum(allowances, Decimal(0)),
        charge_total=sum(charges, Decimal(0)),
        tax_exclusive=exclusive,
        tax=tax,
        tax_inclusive=exclusive + tax,
        payable=exclusive + tax - prepaid + rounding,
        by_rate=by_rate,
    )


def compare(document: TradeDocument, pricing: Pricing) -> tuple[Difference, ...]:
    """Every difference between the document's own figures and those of its lines.

    A despatch advice or an order response without prices has no figures, so no differences.
    """
    if pricing.unpriced and len(pricing.unpriced) == len(pricing.lines):
        return ()
    sums = sums_of(document, pricing)
    return (
        *(found for line in document.lines for found in _of_line(line, pricing.currency)),
        *(
            found
            for line, priced in zip(document.lines, pricing.lines, strict=True)
            for found in _of_line_tax(document, line, priced)
        ),
        *_of_totals(document, sums),
        *_of_taxes(document, sums),
        *_of_rounding(document, pricing, sums),
    )


def _of_line(line: DocumentLine, currency: str) -> Iterator[Difference]:
    computed = computed_net(line)
    if line.net is not None and computed is not None:
        # The stated amount may be the exact one or that one rounded to the currency.
        shown = rounded(computed, currency)
        if line.net not in (shown, computed):
            yield Difference(
                "line_extension",
                f"第 {line.id} 行金额与数量×单价及行折让不符",
                f"line {line.id}: amount differs from quantity x price and the line's allowances",
                line.net,
                shown,
                line.id,
            )
    for one in line.allowances_charges:
        yield from _of_allowance(one, line.id, currency)
    if line.price:
        yield from _of_price(line.price, line.id)


def _of_line_tax(
    document: TradeDocument, line: DocumentLine, priced: PricedLine
) -> Iterator[Difference]:
    stated = stated_tax_of(document, line)
    if stated is None or priced.net is None:
        return
    tax = priced.net * priced.tax_rate
    shown = rounded(tax, document.currency)
    if stated != tax and rounded(Fraction(stated), document.currency) != shown:
        yield Difference(
            "line_tax",
            f"第 {line.id} 行所载税额与金额×税率不符",
            f"line {line.id}: the stated tax differs from its amount x rate",
            stated,
            shown,
            line.id,
        )


def _of_allowance(one: AllowanceCharge, line: str, currency: str) -> Iterator[Difference]:
    if one.multiplier is None or one.base_amount is None:
        return
    # Peppol writes the factor as a percentage, plain UBL as a fraction.
    product = Fraction(one.multiplier) * Fraction(one.base_amount)
    percent, factor = rounded(product / 100, currency), rounded(product, currency)
    if one.amount not in (percent, factor, product / 100, product):
        yield Difference(
            "allowance_charge",
            "折让或附加费金额与基数×比例不符",
            "allowance or charge differs from base amount x factor",
            one.amount,
            percent,
            line,
        )


def _of_price(price: Price, line: str) -> Iterator[Difference]:
    for one in price.allowances_charges:
        if one.base_amount is not None and one.base_amount + one.signed != price.amount:
            yield Difference(
                "price",
                f"第 {line} 行净单价与原价减折让不符",
                f"line {line}: net price differs from gross price and its allowance",
                price.amount,
                one.base_amount + one.signed,
                line,
            )


_TOTALS = (
    ("line_extension", "行金额合计", "sum of line amounts"),
    ("allowance_total", "折让合计", "sum of allowances"),
    ("charge_total", "附加费合计", "sum of charges"),
    ("tax_exclusive", "不含税合计", "total without tax"),
    ("tax_inclusive", "价税合计", "total with tax"),
    ("payable", "应付金额", "amount payable"),
)


def _of_totals(document: TradeDocument, sums: Sums) -> Iterator[Difference]:
    for one in document.allowances_charges:
        yield from _of_allowance(one, "", document.currency)
    for field, zh, en in _TOTALS:
        stated: Decimal | None = getattr(document.totals, field, None)
        recomputed: Decimal = getattr(sums, field)
        if stated is not None and stated != recomputed:
            yield Difference(
                field, f"{zh}与各行不符", f"{en} differs from the lines", stated, recomputed
            )


def _of_taxes(document: TradeDocument, sums: Sums) -> Iterator[Difference]:
    for total in taxes_in_money_of(document, document.tax_totals):
        if total.amount is not None and total.amount != sums.tax:
            yield Difference(
                "tax",
                "税额合计与各行不符",
                "total tax differs from the lines",
                total.amount,
                sums.tax,
            )
        for rate, (stated_net, stated_tax) in _stated_by_rate(total.subtotals).items():
            net, tax = sums.by_rate.get(rate, (Decimal(0), Decimal(0)))
            percent = percent_text(rate)
            if stated_net != net:
                yield Difference(
                    "taxable",
                    f"税率 {percent}% 的计税金额与各行不符",
                    f"taxable amount at {percent}% differs from the lines",
                    stated_net,
                    net,
                )
            if stated_tax != tax:
                yield Difference(
                    "tax",
                    f"税率 {percent}% 的税额与各行不符",
                    f"tax at {percent}% differs from the lines",
                    stated_tax,
                    tax,
                )


def _stated_by_rate(
    subtotals: tuple[TaxSubtotal, ...],
) -> dict[Fraction, tuple[Decimal, Decimal]]:
    found: dict[Fraction, tuple[Decimal, Decimal]] = {}
    for one in subtotals:
        rate = rate_of_subtotal(one)
        if rate is None or one.taxable is None or one.tax is None:
            continue
        net_before, tax_before = found.get(rate, (Decimal(0), Decimal(0)))
        found[rate] = (net_before + one.taxable, tax_before + one.tax)
    return found


def _of_rounding(document: TradeDocument, pricing: Pricing, sums: Sums) -> Iterator[Difference]:
    # K7 rounds each line with its tax, a document its tax once a rate: a few fen lie between.
    value = Decimal(pricing.value_minor).scaleb(-decimals_of(pricing.currency))
    stated = document.totals.tax_inclusive if document.totals else None
    whole = sums.tax_inclusive if stated is None else stated
    if not pricing.unpriced and value != whole and sums.tax_inclusive == whole:
        yield Difference(
            "rounding",
            "逐行含税取整与单据按税率取整的尾差",
            "rounding: tax rounded line by line here, once per rate in the document",
            whole,
            value,
        )
