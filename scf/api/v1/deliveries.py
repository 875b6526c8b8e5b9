"""Deliveries of financed goods: ship, accept line by line, and the bank's confirmation."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from scf.api.door import Listed, Shown, Verb
from scf.api.fields import DecimalText, Fen, Strict, Text
from scf.api.pages import PageQuery
from scf.core.actor import Actor
from scf.financing import services
from scf.financing.models import Acceptance
from scf.parties.permissions import Permission
from scf.trade import selectors
from scf.trade.inputs import ShipmentLineIn
from scf.trade.models import Delivery, ReceiptLine

NOTHING = Decimal(0)


class ShippedLine(Strict):
    """How much of an order line goes."""

    order_line_id = serializers.UUIDField()
    quantity = DecimalText(is_positive=True)


class NewDelivery(Strict):
    """A delivery note of the seller; its number makes it happen once for an order."""

    application_id = serializers.UUIDField()
    number = Text(max_length=120)
    carrier = Text(max_length=120, default="", allow_blank=True)
    vehicle = Text(max_length=60, default="", allow_blank=True)
    lines = ShippedLine(many=True, allow_empty=False)


class NewReceipt(Strict):
    """What the buyer found; together what was shipped, or all that is still open of the line."""

    accepted = DecimalText()
    short = DecimalText(default=NOTHING)
    damaged = DecimalText(default=NOTHING)
    rejected = DecimalText(default=NOTHING)
    reason = Text(max_length=500, default="", allow_blank=True)


class ReceiptOut(serializers.Serializer[Any]):
    """What was found of one delivered line; once, for good."""

    delivery_line_id = serializers.IntegerField()
    accepted_quantity = DecimalText()
    short_quantity = DecimalText()
    damaged_quantity = DecimalText()
    rejected_quantity = DecimalText()
    reason = serializers.CharField()
    inspector = serializers.CharField()
    signed_at = serializers.DateTimeField()


class DeliveryLineOut(serializers.Serializer[Any]):
    """A line of a delivery with its receipt, null until the buyer spoke."""

    id = serializers.IntegerField()
    order_line_id = serializers.UUIDField()
    line_number = serializers.IntegerField(source="order_line.line_number")
    name = serializers.CharField(source="order_line.name")
    unit = serializers.CharField(source="order_line.unit")
    shipped_quantity = DecimalText()
    receipt = serializers.SerializerMethodField()

    @extend_schema_field(ReceiptOut(allow_null=True))
    def get_receipt(self, line: Any) -> Any:
        """The receipt, if there is one."""
        found = getattr(line, "receipt_line", None)
        return ReceiptOut(found).data if found else None


class DeliveryOut(serializers.Serializer[Any]):
    """A delivery with its lines; no prices, so that a warehouse may read it."""

    id = serializers.UUIDField()
    order_id = serializers.UUIDField()
    order_number = serializers.CharField(source="order.number")
    number = serializers.CharField()
    carrier = serializers.CharField()
    vehicle = serializers.CharField()
    shipped_at = serializers.DateTimeField()
    lines = DeliveryLineOut(many=True, source="lines.all")


class AcceptanceOut(serializers.Serializer[Any]):
    """An acceptance on its way to the chain, confirmed by the bank."""

    id = serializers.IntegerField()
    application_id = serializers.UUIDField()
    order_line_id = serializers.UUIDField()
    delivery_line_id = serializers.IntegerField()
    amount_minor = Fen()
    closing = serializers.CharField()
    evidence_hash = serializers.CharField()
    confirmed_by_bank = serializers.UUIDField(allow_null=True)


class DeliveryQuery(PageQuery):
    """Filters of the list."""

    order_id = serializers.UUIDField(required=False)


class Deliveries(Listed, Verb):
    """Deliveries on the organization's orders; a new one of financed lines."""

    reads = Permission.ORDER_VIEW
    reading, writing = "listDeliveries", "shipDelivery"
    asks, lists = DeliveryQuery, DeliveryOut
    takes, gives, answers = NewDelivery, DeliveryOut, 201

    def rows(self, given: dict[str, Any], *, by: Actor) -> Any:
        return selectors.list_deliveries(by=by, **given)

    def act(self, given: dict[str, Any], *, by: Actor, **_ids: Any) -> Delivery:
        application_id = given.pop("application_id")
        lines = [ShipmentLineIn(**line) for line in given.pop("lines")]
        # A key records what left; where that pays, a person signs in the portal (K24).
        return services.ship_delivery(application_id, lines=lines, is_signing=False, by=by, **given)


class OneDelivery(Shown):
    """One delivery with its lines and receipts."""

    reads, reading, gives = Permission.ORDER_VIEW, "getDelivery", DeliveryOut

    def find(self, *, by: Actor, **ids: UUID) -> Delivery:
        return selectors.get_delivery(ids["delivery_id"], by=by)


class AcceptDelivery(Verb):
    """The buyer says what arrived of one delivered line; where that pays, a person of the buyer
    signs it in the portal (K24).
    """

    takes, gives, answers = NewReceipt, ReceiptOut, 201

    def act(self, given: dict[str, Any], *, by: Actor, **ids: Any) -> ReceiptLine:
        return services.accept_delivery(
            ids["application_id"], ids["delivery_line_id"], is_signing=False, by=by, **given
        )


class ConfirmAcceptance(Verb):
    """The bank confirms an acceptance whose independent evidence it has seen (K20); always 403
    step_up_required for a key.
    """

    gives = AcceptanceOut

    def act(self, given: dict[str, Any], *, by: Actor, **ids: Any) -> Acceptance:
        return services.confirm_acceptance(
            ids["application_id"], ids["acceptance_id"], by=by, **given
        )
