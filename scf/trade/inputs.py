"""What callers hand to trade's services: plain frozen values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

NOTHING = Decimal(0)


@dataclass(frozen=True)
class OrderLineIn:
    """A line to order. ``unit_price`` is tax included, in the currency's unit.

    Without ``amount_minor`` the line is worth q(quantity × unit price) (K7). With it, the amount
    leads (a document priced without tax, with allowances or charges) and parts are shares of it.
    """

    name: str
    unit: str
    quantity: Decimal
    unit_price: Decimal
    tax_ppm: int = 0
    sku: str = ""
    spec: str = ""
    reference: str = ""
    planned_on: date | None = None
    amount_minor: int | None = None


@dataclass(frozen=True)
class OrderIn:
    """An order to create; its total is the sum of its lines. ``reference`` of a line is its id
    in the document it came from.
    """

    number: str
    buyer_id: UUID
    seller_id: UUID
    ordered_on: date
    lines: Sequence[OrderLineIn]
    currency: str = "CNY"
    contract_ref: str = ""
    delivery_place: str = ""
    delivery_from: date | None = None
    delivery_until: date | None = None
    note: str = ""
    document_id: UUID | None = None
    import_job_id: UUID | None = None


@dataclass(frozen=True)
class ShipmentLineIn:
    """How much of an order line goes."""

    order_line_id: UUID
    quantity: Decimal


@dataclass(frozen=True)
class InvoiceLineIn:
    """A line of an invoice as printed: price and amount without tax; ``order_line_id`` when
    known.
    """

    name: str
    net_minor: int
    tax_ppm: int
    tax_minor: int
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    unit: str = ""
    spec: str = ""
    order_line_id: UUID | None = None


@dataclass(frozen=True)
class InvoiceIn:
    """An invoice as its verification shows it (domain.md 10). A red-letter one is negative and
    names the ``blue_invoice_id`` it takes back.
    """

    order_id: UUID
    kind: str
    number: str
    issued_on: date
    buyer_name: str
    buyer_tax_number: str
    seller_name: str
    seller_tax_number: str
    net_minor: int
    tax_minor: int
    gross_minor: int
    lines: Sequence[InvoiceLineIn]
    code: str = ""
    buyer_address_phone: str = ""
    buyer_bank_account: str = ""
    seller_address_phone: str = ""
    seller_bank_account: str = ""
    remark: str = ""
    check_code: str = ""
    machine_code: str = ""
    payee_name: str = ""
    reviewer_name: str = ""
    drawer_name: str = ""
    blue_invoice_id: UUID | None = None
    document_id: UUID | None = None
