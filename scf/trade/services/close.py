"""Closing lines on which nothing more will happen."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from scf.core.actor import Actor
from scf.trade.access import lines_for, require
from scf.trade.machine import LINE_MACHINE, LineStatus
from scf.trade.models import OrderLine
from scf.trade.services.orders import close_order_when_done


@transaction.atomic
def close_lines(line_ids: Sequence[UUID], *, by: Actor) -> list[OrderLine]:
    """Close accepted, rejected or invoiced lines, and the order with its last one.

    For the system alone, when a financing has ended; a line already closed stays closed. Raises
    Forbidden, NotFound, and Conflict for a line whose goods are still awaited.
    """
    require(by, LINE_MACHINE.steps["closed"].permission)
    lines = lines_for(line_ids, by=by)
    for line in lines:
        if line.status != LineStatus.CLOSED:
            LINE_MACHINE.fire(line, "closed", by=by)
    for order in {line.order_id: line.order for line in lines}.values():
        close_order_when_done(order)
    return lines
