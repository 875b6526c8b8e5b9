"""What a UBL document says, as plain values: nothing computed, nothing rounded, nothing looked up.

Amounts are Decimal in the document's own currency, dates are dates, codes are text as written.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from scf.trade.importing.document_parts import (
    Delivery,
    Detail,
    Identifier,
    Party,
    Period,
    Quantity,
    Reference,
)


class DocumentKind(StrEnum):
    """The UBL documents that are read."""

    ORDER = "order"
    ORDER_RESPONSE = "order_response"
    DESPATCH_ADVICE = "despatch_advice"
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


@dataclass(frozen=True, slots=True)
class TaxCategory:
    """A tax class; ``percent`` is None when the document gives none."""

    code: str = ""
    percent: Decimal | None = None
    scheme: str = ""
    exemption_code: str = ""
    exemption_reason: str = ""
    details: tuple[Detail, ...] = ()


@dataclass(frozen=True, slots=True)
class AllowanceCharge:
    """A discount (``is_charge`` False) or an extra charge, before tax."""

    is_charge: bool
    amount: Decimal
    base_amount: Decimal | None = None
    multiplier: Decimal | None = None
    reason_code: str = ""
    reason: str = ""
    tax_categories: tuple[TaxCategory, ...] = ()
    details: tuple[Detail, ...] = ()

    @property
    def signed(self) -> Decimal:
        """The amount as it changes the price: charges add, allowances take away."""
        return self.amount if self.is_charge else -self.amount


@dataclass(frozen=True, slots=True)
class Price:
    """Price before tax of ``base_quantity`` units, price allowances already taken off."""

    amount: Decimal
    base_quantity: Quantity | None = None
    allowances_charges: tuple[AllowanceCharge, ...] = ()
    details: tuple[Detail, ...] = ()


@dataclass(frozen=True, slots=True)
class TaxSubtotal:
    """Tax of one class: what is taxed and how much tax. ``percent`` is the rate that stands beside
    the class instead of in it, as UBL also has it.
    """

    taxable: Decimal | None
    tax: Decimal | None
    category: TaxCategory | None = None
    percent: Decimal | None = None
    details: tuple[Detail, ...] = ()


@dataclass(frozen=True, slots=True)
class TaxTotal:
    """All tax, in ``currency`` (a second total may stand in the currency of the tax office)."""

    amount: Decimal | None
    currency: str = ""
    subtotals: tuple[TaxSubtotal, ...] = ()
    details: tuple[Detail, ...] = ()


@dataclass(frozen=True, slots=True)
class MonetaryTotals:
    """The sums the document states itself; None where it states none."""

    line_extension: Decimal | None = None
    tax_exclusive: Decimal | None = None
    tax_inclusive: Decimal | None = None
    allowance_total: Decimal | None = None
    charge_total: Decimal | None = None
    prepaid: Decimal | None = None
    rounding: Decimal | None = None
    payable: Decimal | None = None
    details: tuple[Detail, ...] = ()


@dataclass(frozen=True, slots=True)
class Classification:
    """A class of goods in a published list (for China the 税收分类编码)."""

    code: str
    list_id: str = ""
    list_version: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class ItemProperty:
    """A named quality of the goods: colour, size, grade."""

    name: str
    value: str
    details: tuple[Detail, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """The goods."""

    name: str = ""
    descriptions: tuple[str, ...] = ()
    seller_id: Identifier | None = None
    buyer_id: Identifier | None = None
    standard_id: Identifier | None = None
    classifications: tuple[Classification, ...] = ()
    tax_categories: tuple[TaxCategory, ...] = ()
    origin_country: str = ""
    properties: tuple[ItemProperty, ...] = ()
    references: tuple[Reference, ...] = ()
    details: tuple[Detail, ...] = ()


@dataclass(frozen=True, slots=True)
class Substitute:
    """Other goods offered or allowed in place of a line's."""

    kind: str
    id: str
    item: Item | None
    details: tuple[Detail, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """One line. ``net`` is the stated line amount before tax, after the line's own allowances;
    ``tax`` the stated tax on it, where the line says it in one sum.
    """

    id: str
    item: Item
    notes: tuple[str, ...] = ()
    quantity: Quantity | None = None
    net: Decimal | None = None
    tax: Decimal | None = None
    status_code: str = ""
    accounting_cost: str = ""
    price: Price | None = None
    allowances_charges: tuple[AllowanceCharge, ...] = ()
    tax_totals: tuple[TaxTotal, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    periods: tuple[Period, ...] = ()
    references: tuple[Reference, ...] = ()
    originator: Party | None = None
    substitutes: tuple[Substitute, ...] = ()
    details: tuple[Detail, ...] = ()


@dataclass(frozen=True, slots=True)
class TradeDocument:
    """A whole document. ``unread`` lists element paths whose text is in none of the fields.

    ``currency`` is what the amounts are to be taken as; ``stated_currency`` what the file says.
    Both are empty for a document without amounts.
    """

    kind: DocumentKind
    number: str
    issued_on: date
    currency: str
    stated_currency: str
    parties: tuple[Party, ...]
    lines: tuple[DocumentLine, ...]
    notes: tuple[str, ...] = ()
    type_code: str = ""
    response_code: str = ""
    due_on: date | None = None
    buyer_reference: str = ""
    accounting_cost: str = ""
    references: tuple[Reference, ...] = ()
    periods: tuple[Period, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    payment_terms: tuple[str, ...] = ()
    allowances_charges: tuple[AllowanceCharge, ...] = ()
    tax_totals: tuple[TaxTotal, ...] = ()
    totals: MonetaryTotals | None = None
    details: tuple[Detail, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def is_read_as(self) -> bool:
        """True when the amounts are taken in another currency than the file states."""
        return self.currency != self.stated_currency

    def party(self, *roles: str) -> Party | None:
        """The party of the first of ``roles`` that the document names."""
        named = {one.role: one for one in reversed(self.parties)}
        return next((named[role] for role in roles if role in named), None)

    @property
    def buyer(self) -> Party | None:
        """Who buys, by whatever name this kind of document calls it (K22)."""
        return self.party("buyer", "accounting_customer", "delivery_customer")

    @property
    def seller(self) -> Party | None:
        """Who sells, by whatever name this kind of document calls it (K22)."""
        return self.party("seller", "accounting_supplier", "despatch_supplier")
