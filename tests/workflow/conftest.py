"""An order between a buyer and a seller, and who acts on it."""

import pytest

from scf.core.actor import Actor
from scf.parties.permissions import Permission
from scf.trade.models import Order
from tests.workflow.orders import BUYER_USCC, SELLER_USCC, drafted_order, member, person_of


@pytest.fixture
def order(ma: Actor) -> Order:
    """Written down by the seller's own maker, ``ma``: it needs a second person of the seller."""
    buyer = member(BUYER_USCC, "丁公司")
    return drafted_order(ma, buyer_id=buyer.id, seller_id=ma.organization_id)


@pytest.fixture
def ma(db: None) -> Actor:
    organization = member(SELLER_USCC, "江城石化")
    return person_of(organization.id, Permission.ORDER_IMPORT, Permission.ORDER_CONFIRM)


@pytest.fixture
def seller(ma: Actor) -> Actor:
    """A second person of the seller, who confirms."""
    return person_of(ma.organization_id, Permission.ORDER_CONFIRM)


@pytest.fixture
def sly() -> Actor:
    """Somebody of an organization that has nothing to do with it."""
    return person_of(member("91990100MA0W000143", "外人").id, *Permission)
