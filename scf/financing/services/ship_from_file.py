"""A despatch advice shipped: through its financing where the lines belong to one, else as trade."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import RuleBroken
from scf.financing.services.deliver import ship_delivery
from scf.trade import services as trade
from scf.trade.models import Delivery


@transaction.atomic
def ship_from_file(job_id: UUID, *, by: Actor) -> Delivery:
    """Record the delivery a checked despatch advice describes and confirm its import, both or none.

    Lines under one financing ship by its rules: funded first, within its tolerance, and paid on
    shipment where its terms say so. Raises RuleBroken(several_deals) for lines of two financings,
    what ``trade.take_shipment`` raises, and what ``ship_delivery`` or ``trade.ship`` raises.
    """
    shipment = trade.take_shipment(job_id, by=by)
    if len(shipment.application_ids) > 1:
        raise RuleBroken(_("发货单含有两笔以上融资的订单行，请按融资拆分"), code="several_deals")
    if not shipment.application_ids:
        return trade.ship(
            shipment.order_id,
            number=shipment.number,
            lines=shipment.lines,
            carrier=shipment.carrier,
            vehicle=shipment.vehicle,
            batch=shipment.batch,
            seal=shipment.seal,
            by=by,
        )
    return ship_delivery(
        shipment.application_ids[0],
        number=shipment.number,
        lines=shipment.lines,
        carrier=shipment.carrier,
        vehicle=shipment.vehicle,
        batch=shipment.batch,
        seal=shipment.seal,
        by=by,
    )
