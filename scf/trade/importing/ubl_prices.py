"""Prices, discounts, charges, taxes and sums out of UBL, exactly as stated."""

from decimal import Decimal

from scf.trade.importing.documents import (
    AllowanceCharge,
    MonetaryTotals,
    Price,
    TaxCategory,
    TaxSubtotal,
    TaxTotal,
)
from scf.trade.importing.refusals import ImportRefused
from scf.trade.importing.ubl_values import amount_of, flag_of, leaves, number_of, quantity_of
from scf.trade.importing.xml_tree import Node


def price(parent: Node) -> Price | None:
    """The price element of a line; None when it is missing or holds no amount."""
    node = parent.first("Price")
    amount = amount_of(node, "PriceAmount") if node else None
    if node is None or amount is None:
        return None
    return Price(
        amount=amount,
        base_quantity=quantity_of(node, "BaseQuantity"),
        allowances_charges=allowances_charges(node),
        details=leaves(
            node,
            (
                "PriceChangeReason",
                "PriceTypeCode",
                "PriceType",
                "OrderableUnitFactorRate",
                "ValidityPeriod",
                "PriceList",
                "AlternativeCurrencyPrice",
                "PricingExchangeRate",
            ),
        ),
    )


def allowances_charges(parent: Node) -> tuple[AllowanceCharge, ...]:
    """The discounts and charges among the children of ``parent``."""
    return tuple(_allowance_charge(one) for one in parent.all("AllowanceCharge"))


def _allowance_charge(node: Node) -> AllowanceCharge:
    is_charge = flag_of(node, "ChargeIndicator")
    amount = amount_of(node, "Amount")
    base = amount_of(node, "BaseAmount")
    multiplier = number_of(node, "MultiplierFactorNumeric")
    if amount is None and base is not None and multiplier is not None:
        amount = base * multiplier / 100  # Peppol: the factor is a percentage
    if is_charge is None or amount is None:
        raise ImportRefused(
            "bad_allowance_charge",
            "折让或附加费缺少金额，或未说明是折让还是附加费",
            "an allowance or charge lacks its amount or does not say which of the two it is",
            where=node.path,
        )
    return AllowanceCharge(
        is_charge=is_charge,
        amount=amount,
        base_amount=base,
        multiplier=multiplier,
        reason_code=node.text_of("AllowanceChargeReasonCode"),
        reason=" / ".join(node.texts_of("AllowanceChargeReason")),
        tax_categories=tax_categories(node, "TaxCategory"),
        details=leaves(
            node,
            (
                "ID",
                "PrepaidIndicator",
                "SequenceNumeric",
                "AccountingCostCode",
                "AccountingCost",
                "PerUnitAmount",
                "TaxTotal",
                "PaymentMeans",
            ),
        ),
    )


def tax_categories(parent: Node, name: str) -> tuple[TaxCategory, ...]:
    """The tax classes of this name among the children of ``parent``."""
    return tuple(_tax_category(one) for one in parent.all(name))


def _percent(node: Node) -> Decimal | None:
    percent = number_of(node, "Percent")
    if percent is not None and not 0 <= percent <= 100:
        raise ImportRefused(
            "bad_tax_rate",
            f"税率 {percent}% 不在 0 至 100% 之间",
            f"a tax rate of {percent}% is not between 0 and 100%",
            where=node.path,
        )
    return percent


def _tax_category(node: Node) -> TaxCategory:
    scheme = node.first("TaxScheme")
    percent = _percent(node)
    code = node.first("ID")
    if code:
        code.attribute("schemeID")  # names the code list UNCL5305, the only one in use
    return TaxCategory(
        code=code.read() if code else "",
        percent=percent,
        scheme=scheme.text_of("ID") if scheme else "",
        exemption_code=node.text_of("TaxExemptionReasonCode"),
        exemption_reason=" / ".join(node.texts_of("TaxExemptionReason")),
        details=leaves(
            node, ("Name", "BaseUnitMeasure", "PerUnitAmount", "TierRange", "TierRatePercent")
        )
        + (leaves(scheme, ("Name", "TaxTypeCode", "CurrencyCode")) if scheme else ()),
    )


def tax_totals(parent: Node, name: str = "TaxTotal") -> tuple[TaxTotal, ...]:
    """The tax sums among the children of ``parent``, each in its own currency."""
    return tuple(_tax_total(one) for one in parent.all(name))


def _tax_total(node: Node) -> TaxTotal:
    amount = node.first("TaxAmount")
    return TaxTotal(
        amount=amount_of(node, "TaxAmount"),
        currency=amount.attribute("currencyID") if amount else "",
        subtotals=tuple(_tax_subtotal(one) for one in node.all("TaxSubtotal")),
        details=leaves(node, ("RoundingAmount", "TaxEvidenceIndicator", "TaxIncludedIndicator")),
    )


def _tax_subtotal(node: Node) -> TaxSubtotal:
    return TaxSubtotal(
        taxable=amount_of(node, "TaxableAmount"),
        tax=amount_of(node, "TaxAmount"),
        category=next(iter(tax_categories(node, "TaxCategory")), None),
        percent=_percent(node),
        details=leaves(
            node,
            (
                "CalculationSequenceNumeric",
                "TransactionCurrencyTaxAmount",
                "BaseUnitMeasure",
                "PerUnitAmount",
            ),
        ),
    )


def monetary_totals(root: Node) -> MonetaryTotals | None:
    """The document's own sums, under either of UBL's names; None when it states none."""
    node = root.first("AnticipatedMonetaryTotal") or root.first("LegalMonetaryTotal")
    if node is None:
        return None
    return MonetaryTotals(
        line_extension=amount_of(node, "LineExtensionAmount"),
        tax_exclusive=amount_of(node, "TaxExclusiveAmount"),
        tax_inclusive=amount_of(node, "TaxInclusiveAmount"),
        allowance_total=amount_of(node, "AllowanceTotalAmount"),
        charge_total=amount_of(node, "ChargeTotalAmount"),
        prepaid=amount_of(node, "PrepaidAmount"),
        rounding=amount_of(node, "PayableRoundingAmount"),
        payable=amount_of(node, "PayableAmount"),
        details=leaves(node, ("PayableAlternativeAmount",)),
    )
