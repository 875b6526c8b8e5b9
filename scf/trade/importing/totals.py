"""Values a document's lines by K7 and compares the document's own sums with those of its lines.

K7: line value = q(line net after its allowances and charges x (1 + tax rate)), one rounding a line.
Document allowances and charges are taxed by their own tax category and spread over the lines of the
same rate, cumulatively, so that the lines' totals add up to the document's value to the last fen.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scf.core.money import half_up
from scf.trade.importing.currencies import decimals_of
from scf.trade.importing.decimals import AMOUNT_DIGITS, to_decimal, to_minor
from scf.trade.importing.documents import DocumentLine, TradeDocument
from scf.trade.importing.rates import Notice, line_rates, rate_of
from scf.trade.importing.refusals import ImportRefused
from scf.trade.importing.units import is_same_unit

_LARGEST = 10**AMOUNT_DIGITS  # in whole units of the currency


@dataclass(frozen=True, slots=True)
class PricedLine:
    """One line's money. ``*_minor`` are the currency's smallest units (fen for CNY).

    ``net`` is exact and before tax; ``value_minor`` is K7; ``adjustment_minor`` this line's part of
    the document's own allowances and charges, tax included. All three are None without a price.
    """

    id: str
    tax_rate: Fraction
    net: Fraction | None
    value_minor: int | None
    adjustment_minor: int | None

    @property
    def total_minor(self) -> int | None:
        """Value and adjustment together: what the buyer pays for this line."""
        if self.value_minor is None or self.adjustment_minor is None:
            return None
        return self.value_minor + self.adjustment_minor


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A document allowance (negative) or charge: before tax, its rate, with tax in minor units."""

    reason: str
    net: Decimal
    tax_rate: Fraction
    value_minor: int
    same_rate_only: bool


@dataclass(frozen=True, slots=True)
class Pricing:
    """The lines valued, and what was assumed for it."""

    currency: str
    lines: tuple[PricedLine, ...]
    adjustments: tuple[Adjustment, ...]
    notices: tuple[Notice, ...]

    @property
    def unpriced(self) -> tuple[str, ...]:
        """Ids of the lines that have neither price nor amount."""
        return tuple(line.id for line in self.lines if line.value_minor is None)

    @property
    def value_minor(self) -> int:
        """Sum of the lines' totals: the whole document, tax included, rounded line by line."""
        return sum(line.total_minor or 0 for line in self.lines)


def computed_net(line: DocumentLine) -> Fraction | None:
    """Quantity x price / base quantity + charges - allowances, exactly; None if either is missing.

    Raises ``bad_base_quantity`` for a price per zero or fewer units.
    """
    if line.price is None or line.quantity is None:
        return None
    base = line.price.base_quantity.value if line.price.base_quantity else Decimal(1)
    if base <= 0:
        raise ImportRefused(
            "bad_base_quantity",
            f"第 {line.id} 行的计价基数不大于零",
            f"line {line.id} has a price per zero or fewer units",
            where=line.id,
        )
    signed = sum((one.signed for one in line.allowances_charges), Decimal(0))
    value = Fraction(line.quantity.value) * Fraction(line.price.amount) / Fraction(base)
    return value + Fraction(signed)


def net_of(line: DocumentLine) -> Fraction | None:
    """The line's amount before tax: the stated one, or else the computed one."""
    return Fraction(line.net) if line.net is not None else computed_net(line)


def price_document(document: TradeDocument) -> Pricing:
    """Value every line by K7 in the smallest unit of the document's currency.

    Raises ``amount_too_large`` for a line of 10^15 or more, and what ``computed_net`` raises.
    """
    nets = [net_of(line) for line in document.lines]
    rates, notices = line_rates(document, nets)
    exponent = decimals_of(document.currency)
    values = [
        None if net is None else to_minor(_bounded(net * (1 + rate), line.id), exponent)
        for line, net, rate in zip(document.lines, nets, rates, strict=True)
    ]
    adjustments = _adjustments(document, nets, rates, exponent)
    shares = _spread_all(adjustments, values, rates)
    priced = tuple(
        PricedLine(line.id, rate, net, value, None if value is None else share)
        for line, rate, net, value, share in zip(
            document.lines, rates, nets, values, shares, strict=True
        )
    )
    notices += [found for line in document.lines if (found := _other_unit(line))]
    return Pricing(document.currency, priced, adjustments, tuple(notices))


def _other_unit(line: DocumentLine) -> Notice | None:
    # A price per kilogram of goods counted in tonnes is worth a thousand times less than it looks.
    base = line.price.base_quantity if line.price else None
    if base is None or line.quantity is None or is_same_unit(base.unit, line.quantity.unit):
        return None
    return Notice(
        "price_in_other_unit",
        f"第 {line.id} 行单价按“{base.unit}”计，数量按“{line.quantity.unit}”计，未作换算",
        f"line {line.id} is priced by “{base.unit}” but counted in “{line.quantity.unit}”;"
        " nothing was converted",
        line.id,
    )


def _bounded(amount: Fraction, where: str) -> Fraction:
    if abs(amount) >= _LARGEST:
        raise ImportRefused(
            "amount_too_large", f"第 {where} 行金额过大", f"line {where} is too large", where=where
        )
    return amount


def _adjustments(
    document: TradeDocument, nets: list[Fraction | None], rates: list[Fraction], exponent: int
) -> tuple[Adjustment, ...]:
    found = []
    for one in document.allowances_charges:
        own = rate_of(one.tax_categories)
        rate = _mean_rate(nets, rates) if own is None else own
        found.append(
            Adjustment(
                reason=one.reason or one.reason_code,
                net=one.signed,
                tax_rate=rate,
                value_minor=to_minor(Fraction(one.signed) * (1 + rate), exponent),
                same_rate_only=own is not None,
            )
        )
    return tuple(found)


def _mean_rate(nets: list[Fraction | None], rates: list[Fraction]) -> Fraction:
    # An allowance without a tax category is taxed as the lines are, weighted by their amounts.
    # Rounded, because thousands of exact fractions of odd base quantities take minutes to add.
    weights = [to_minor(abs(net or Fraction(0)), 6) for net in nets]
    whole = sum(weights)
    if not whole:
        return rates[0] if rates else Fraction(0)
    taxed = (weight * rate for weight, rate in zip(weights, rates, strict=True))
    return sum(taxed, Fraction(0)) / whole


def _spread_all(
    adjustments: tuple[Adjustment, ...], values: list[int | None], rates: list[Fraction]
) -> list[int]:
    shares = [0] * len(values)
    for adjustment in adjustments:
        weights = [
            abs(value) if value and _takes(adjustment, rate) else 0
            for value, rate in zip(values, rates, strict=True)
        ]
        if not any(weights):
            weights = [abs(value or 0) for value in values]
        for place, part in enumerate(spread(adjustment.value_minor, weights)):
            shares[place] += part
    return shares


def _takes(adjustment: Adjustment, rate: Fraction) -> bool:
    return not adjustment.same_rate_only or adjustment.tax_rate == rate


def spread(amount_minor: int, weights: list[int]) -> list[int]:
    """Split an amount by weights, cumulatively half-up, so that the parts sum to it exactly.

    With no weight at all the first place takes everything; with no place there is nothing to give.
    """
    whole = sum(weights)
    if not whole:
        return [amount_minor, *[0] * (len(weights) - 1)] if weights else []
    parts, given, so_far = [], 0, 0
    for weight in weights:
        so_far += weight
        upto = half_up(amount_minor * so_far, whole)
        parts.append(upto - given)
        given = upto
    return parts


def rounded(amount: Fraction, currency: str) -> Decimal:
    """An exact amount in the currency's own decimals, half-up."""
    return to_decimal(amount, decimals_of(currency))
