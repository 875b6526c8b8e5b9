"""What was sent and what arrived: deliveries by the seller, receipts by the buyer, line by line."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from scf.core.actor import Actor
from scf.core.ids import new_id
from scf.trade.models.orders import Order, OrderLine, quantity_field, seen_by


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def visible_to(self, actor: Actor) -> "DeliveryQuerySet":
        """The deliveries on orders the actor's organization may see."""
        return self if actor.is_system else self.filter(seen_by(actor, "order__"))


class Delivery(models.Model):
    """One truck, ship or parcel of goods on one order, with the seller's evidence."""

    deal_id = None  # lines of several deals may travel together; their own facts carry the deal

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="deliveries")
    number = models.CharField(max_length=120)
    carrier = models.CharField(max_length=120, blank=True)
    vehicle = models.CharField(max_length=60, blank=True)
    batch = models.CharField(max_length=120, blank=True)
    seal = models.CharField(max_length=60, blank=True)
    shipped_at = models.DateTimeField()
    evidence_document_ids = ArrayField(models.UUIDField(), default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-shipped_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["order", "number"], name="delivery_number_in_order"),
        ]

    def __str__(self) -> str:
        return self.number

    def parties(self) -> Mapping[str, UUID]:
        """The parties of its order."""
        return self.order.parties()


class DeliveryLineQuerySet(models.QuerySet["DeliveryLine"]):
    def visible_to(self, actor: Actor) -> "DeliveryLineQuerySet":
        """The delivery lines on orders the actor's organization may see."""
        return self if actor.is_system else self.filter(seen_by(actor, "delivery__order__"))


class DeliveryLine(models.Model):
    """How much of an order line travels in a delivery."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="lines")
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="deliveries")
    shipped_quantity = quantity_field()

    objects: ClassVar[Any] = DeliveryLineQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["delivery", "order_line"], name="line_once_in_delivery"
            ),
            models.CheckConstraint(
                condition=Q(shipped_quantity__gt=0), name="shipped_quantity_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.order_line_id}"


class Receipt(models.Model):
    """收货确认书 of one delivery: its lines are signed together or one after the other."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    delivery = models.OneToOneField(Delivery, on_delete=models.PROTECT, related_name="receipt")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return str(self.delivery_id)


class ReceiptLineQuerySet(models.QuerySet["ReceiptLine"]):
    def visible_to(self, actor: Actor) -> "ReceiptLineQuerySet":
        """The receipt lines on orders the actor's organization may see."""
        return (
            self if actor.is_system else self.filter(seen_by(actor, "receipt__delivery__order__"))
        )


class ReceiptLine(models.Model):
    """What the buyer found of one delivery line; written once, never changed.

    ``value_minor`` is what this acceptance is worth: value of all accepted so far minus the value
    before (K7).
    """

    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="lines")
    delivery_line = models.OneToOneField(
        DeliveryLine, on_delete=models.PROTECT, related_name="receipt_line"
    )
    accepted_quantity = quantity_field()
    short_quantity = quantity_field(default=Decimal(0))
    damaged_quantity = quantity_field(default=Decimal(0))
    rejected_quantity = quantity_field(default=Decimal(0))
    value_minor = models.BigIntegerField()
    reason = models.CharField(max_length=500, blank=True)
    inspector = models.CharField(max_length=80, blank=True)
    signed_at = models.DateTimeField()
    is_silent = models.BooleanField(default=False)
    evidence_document_ids = ArrayField(models.UUIDField(), default=list, blank=True)

    objects: ClassVar[Any] = ReceiptLineQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    accepted_quantity__gte=0,
                    short_quantity__gte=0,
                    damaged_quantity__gte=0,
                    rejected_quantity__gte=0,
                ),
                name="receipt_quantities_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(
                    accepted_quantity__gt=-F("short_quantity")
                    - F("damaged_quantity")
                    - F("rejected_quantity")
                ),
                name="receipt_says_something",
            ),
            models.CheckConstraint(
                condition=Q(damaged_quantity=0, rejected_quantity=0) | ~Q(reason=""),
                name="receipt_refusal_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(value_minor__gte=0), name="receipt_value_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delivery_line_id} {self.accepted_quantity}"
