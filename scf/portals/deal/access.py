"""Who may open which page of a deal: whoever may not finds nothing (404)."""

from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import NotFound
from scf.financing.access import sides_of
from scf.financing.models import Application
from scf.financing.selectors import get_deal
from scf.parties.permissions import Permission
from scf.portals.session import actor_of

SIDES = ("bank", "buyer", "seller")
READERS = (*SIDES, "partner")  # a bank that lends beside reads, and decides its own share alone


def open_deal(
    request: HttpRequest,
    deal_id: UUID,
    *,
    sides: tuple[str, ...] = SIDES,
    needs: str = Permission.APPLICATION_VIEW,
) -> tuple[Actor, Application]:
    """The asker and the deal's application.

    Raises NotFound for a stranger, for a party on none of these ``sides``, and for a person
    without the permission to see (a warehouse clerk sees goods, never the loan).
    """
    by = actor_of(request)
    application = get_deal(deal_id, by=by)
    if side_of(application, by) not in sides or (needs and not by.can(needs)):
        raise NotFound(_("没有这笔交易"))
    return by, application


def side_of(application: Application, by: Actor) -> str:
    """bank, buyer or seller, or partner for a bank that lends beside; empty for all others."""
    mine = sides_of(application, by=by)
    return next((name for name in READERS if name in mine), "")


def sees_cost(application: Application, by: Actor) -> bool:
    """Whether the reader is told what the loan costs: its lenders and its borrower."""
    return side_of(application, by) in ("bank", "buyer", "partner")


def sees_money(by: Actor) -> bool:
    """Whether the person sees amounts of loan and escrow."""
    return by.can(Permission.APPLICATION_VIEW)


def sees_prices(by: Actor) -> bool:
    """Whether the person sees prices of goods; a buyer's warehouse clerk does not."""
    return by.can(Permission.ORDER_VIEW) or sees_money(by)
