"""Who may touch an order: permission, side, and the locks every writer takes first."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import Forbidden, NotFound, NotPermitted
from scf.trade.models import Order, OrderLine
from scf.workflow.deals import lock_deals


def require(by: Actor, permission: str) -> None:
    """Refuse an actor without the permission. Raises Forbidden."""
    if not by.can(permission):
        raise NotPermitted(permission)


def require_side(by: Actor, *sides: UUID) -> None:
    """Refuse an actor of another organization than these, who sees the order but is not that side.

    Raises Forbidden(not_your_side).
    """
    if not by.is_system and by.organization_id not in sides:
        raise Forbidden(_("此操作只能由订单的另一方进行"), code="not_your_side")


def order_for(order_id: UUID, *, by: Actor, lock: bool = False) -> Order:
    """The order if the actor may see it, locked on demand. Raises NotFound."""
    rows = Order.objects.visible_to(by)
    if lock:
        rows = rows.select_for_update(of=("self",), no_key=True)
    found: Order | None = rows.filter(pk=order_id).first()
    if found is None:
        raise NotFound(_("没有这张订单"))
    return found


def lines_for(line_ids: Sequence[UUID], *, by: Actor, with_deals: bool = True) -> list[OrderLine]:
    """The lines, with the deals they belong to and then themselves locked, in order of id.

    Without ``with_deals`` only the rows are locked: for one who holds another deal already.
    Raises NotFound when one of them does not exist for the actor.
    """
    wanted = sorted(set(line_ids))
    visible = OrderLine.objects.visible_to(by).filter(pk__in=wanted)
    if with_deals:
        lock_deals(visible.order_by().values_list("deal_id", flat=True))
    locked = visible.select_for_update(of=("self",), no_key=True).order_by("pk")
    related = locked.select_related("order__buyer", "order__seller")
    found: list[OrderLine] = list(related.prefetch_related("order__shares"))
    if not wanted or len(found) != len(wanted):
        raise NotFound(_("没有这些订单行"))
    return found


def lines_of(order_id: UUID, *, by: Actor) -> list[OrderLine]:
    """All lines of an order, locked as by ``lines_for``; deals and lines before the order itself.

    Raises NotFound for an order the actor may not see.
    """
    rows = OrderLine.objects.visible_to(by).filter(order_id=order_id)
    return lines_for(list(rows.values_list("pk", flat=True)), by=by)
