"""A subject to try the machine on: an order of a buyer, which its seller confirms."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

from scf.core.actor import SYSTEM, Actor
from scf.parties.models import Organization
from scf.parties.permissions import Permission
from scf.parties.services import register_organization
from scf.trade.inputs import OrderIn, OrderLineIn
from scf.trade.models import Order
from scf.trade.services import create_order

BUYER_USCC = "91990100MA0D00017M"
SELLER_USCC = "91990100MA0B00015A"


def member(uscc: str, name: str) -> Organization:
    """An enterprise that takes part in orders."""
    return register_organization(uscc, kind="member", name=name, by=SYSTEM)


def person_of(organization_id: UUID, *permissions: Permission) -> Actor:
    """Somebody new at the organization with just these permissions."""
    return Actor(
        person_id=uuid4(),
        organization_id=organization_id,
        name="某人",
        permissions=frozenset(permissions),
    )


def drafted_order(maker: Actor, *, buyer_id: UUID, seller_id: UUID) -> Order:
    """An order the maker has just written down."""
    line = OrderLineIn(name="PP 拉丝", unit="吨", quantity=Decimal(50), unit_price=Decimal(7600))
    given = OrderIn(
        number="PO-1",
        buyer_id=buyer_id,
        seller_id=seller_id,
        ordered_on=date(2026, 3, 5),
        lines=[line],
    )
    return create_order(given, by=maker)


def names(facts: Iterable[object]) -> list[str]:
    """The names of facts, in order."""
    return [fact.name for fact in facts]  # type: ignore[attr-defined]
