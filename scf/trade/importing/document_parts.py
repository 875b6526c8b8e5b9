"""The parts documents share: ids, periods, addresses, parties, references, deliveries.

A ``Detail`` keeps what has no field of its own (certificates, serial numbers, freight units …).
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Detail:
    """A leaf kept by its path below the thing it describes, with its attributes."""

    path: str
    value: str
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Identifier:
    """An id and the scheme that gave it (ISO 6523 code or name), as written."""

    value: str
    scheme: str = ""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of units; ``unit`` is the UN/ECE Rec 20 code as written. At most 6 decimals."""

    value: Decimal
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """From and until, both days included; ``kind`` is the element that named it."""

    kind: str
    start: date | None = None
    end: date | None = None
    details: tuple[Detail, ...] = ()


@dataclass(frozen=True, slots=True)
class Address:
    """Where something is."""

    street: str = ""
    additional_street: str = ""
    lines: tuple[str, ...] = ()
    city: str = ""
    postal_code: str = ""
    region: str = ""
    country: str = ""
    details: tuple[Detail, ...] = ()


@dataclass(frozen=True, slots=True)
class Contact:
    """A person or desk to ask; ``kind`` is the element that named it."""

    kind: str
    name: str = ""
    telephone: str = ""
    email: str = ""
    details: tuple[Detail, ...] = ()


@dataclass(frozen=True, slots=True)
class TaxRegistration:
    """A tax number with its scheme (VAT …)."""

    number: Identifier | None
    scheme: str = ""
    details: tuple[Detail, ...] = ()


@dataclass(frozen=True, slots=True)
class Party:
    """An organization in a role (``buyer``, ``seller``, ``accounting_customer`` …)."""

    role: str
    endpoint: Identifier | None = None
    ids: tuple[Identifier, ...] = ()
    names: tuple[str, ...] = ()
    legal_name: str = ""
    legal_id: Identifier | None = None
    legal_form: str = ""
    address: Address | None = None
    legal_address: Address | None = None
    tax_registrations: tuple[TaxRegistration, ...] = ()
    contacts: tuple[Contact, ...] = ()
    details: tuple[Detail, ...] = ()

    @property
    def name(self) -> str:
        """The registered name, or the trading name when no registered name is given."""
        return self.legal_name or next(iter(self.names), "")

    @property
    def all_ids(self) -> tuple[Identifier, ...]:
        """Every id this party is known by, the legal one first, without repetition."""
        tax = [entry.number for entry in self.tax_registrations]
        found = [self.legal_id, *self.ids, *tax, self.endpoint]
        return tuple(dict.fromkeys(one for one in found if one is not None))


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file or link that came with a reference; the bytes stay in the original document."""

    filename: str = ""
    mime: str = ""
    size_bytes: int = 0
    sha256: str = ""
    uri: str = ""
    details: tuple[Detail, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """Another document, contract or line this one speaks of; ``kind`` is the element's name."""

    kind: str
    number: Identifier | None = None
    line_id: str = ""
    issued_on: date | None = None
    document_type: str = ""
    attachments: tuple[Attachment, ...] = ()
    details: tuple[Detail, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where, when and to whom goods go."""

    location_id: Identifier | None = None
    location_name: str = ""
    address: Address | None = None
    party: Party | None = None
    carrier: Party | None = None
    quantity: Quantity | None = None
    delivered_on: date | None = None
    periods: tuple[Period, ...] = ()
    details: tuple[Detail, ...] = ()
