"""What stands before a scenario's first event: programme, limits, balances and the order."""

from uuid import UUID

from scf.rehearsal.cast import BANK, ENTERPRISE, doer, place_of
from scf.rehearsal.people import acting, organization
from scf.rehearsal.scenario import Scenario
from scf.rehearsal.stack import Stack
from scf.rehearsal.world import (
    ENTERPRISE_MINOR,
    ensure_limit,
    ensure_member,
    ensure_programme,
    issue,
    wallet,
)
from scf.trade.inputs import OrderIn
from scf.trade.models import Order
from scf.trade.services import confirm_order, create_order
from scf.wallets.models import Purpose


def ready_programme(scenario: Scenario, buyer: str, seller: str) -> UUID:
    """The scenario's programme in force, its member in it, and room at all levels; its id."""
    side = "buyer" if scenario.buyer_is_anchor else "seller"
    programme = ensure_programme(
        f"情景 {scenario.id}", anchor_side=side, terms=scenario.programme_terms()
    )
    ensure_member(programme, seller if scenario.buyer_is_anchor else buyer)
    limit = scenario.limit_minor
    ensure_limit("enterprise", ENTERPRISE, max(ENTERPRISE_MINOR, limit))
    revolves = bool(scenario.terms.get("is_revolving", True))
    ensure_limit("borrower", buyer, limit, revolves=revolves)
    return programme.pk


def open_balances(scenario: Scenario, stack: Stack, buyer: str, seller: str) -> None:
    places = {
        "bank": (BANK, Purpose.OWN),
        "seller": (seller, Purpose.GENERAL),
        "buyer_general": (buyer, Purpose.GENERAL),
        "buyer_collection": (buyer, Purpose.COLLECTION),
    }
    for name, minor in scenario.opening.items():
        key, purpose = places[name]
        issue(wallet(key, purpose), minor, key=f"opening:{name}")
    stack.rest()


def confirmed_order(scenario: Scenario, buyer: str, seller: str) -> Order:
    given = OrderIn(
        number=scenario.number,
        buyer_id=organization(buyer).pk,
        seller_id=organization(seller).pk,
        ordered_on=scenario.begins_on,
        lines=scenario.lines,
        delivery_place=place_of(buyer),
    )
    order = create_order(given, by=acting(doer(buyer, "order")))
    return confirm_order(order.pk, by=acting(doer(seller, "confirm_order")))
