"""Orders between a buyer and a seller, their lines, and who else may see them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest

from scf.core.actor import Actor
from scf.parties.models import Organization
from scf.trade.machine import LINE_MACHINE, ORDER_MACHINE, LineStatus, OrderStatus
from scf.trade.models.imports import NOBODY, ImportJob
from scf.workflow.machine import legal_status
from scf.workflow.models import Subject


def quantity_field(**options: Any) -> Any:
    """A column for quantities and unit prices: Decimal(18,6)."""
    return models.DecimalField(max_digits=18, decimal_places=6, **options)


def seen_by(actor: Actor, path: str = "") -> Q:
    """The orders shown to the actor's organization, its own among them; ``path`` leads to the
    order.
    """
    mine = actor.organization_id or NOBODY
    shown = OrderShare.objects.filter(organization_id=mine).values("order_id")
    return Q(**{f"{path}pk__in": shown})


class OrderQuerySet(models.QuerySet["Order"]):
    def visible_to(self, actor: Actor) -> "OrderQuerySet":
        """The orders the actor's organization buys, sells, or was shown for a financing."""
        return self if actor.is_system else self.filter(seen_by(actor))


class Order(Subject):
    """A purchase order with neutral roles (K22). Amounts in the currency's smallest unit, tax
    included.
    """

    machine: ClassVar[Any] = ORDER_MACHINE

    number = models.CharField(max_length=120)
    buyer = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    seller = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    contract_ref = models.CharField(max_length=120, blank=True)
    currency = models.CharField(max_length=3, default="CNY")
    total_minor = models.BigIntegerField()
    ordered_on = models.DateField()
    delivery_place = models.CharField(max_length=300, blank=True)
    delivery_from = models.DateField(null=True, blank=True)
    delivery_until = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    document_id = models.UUIDField(null=True, blank=True)
    import_job = models.ForeignKey(
        ImportJob, on_delete=models.PROTECT, null=True, blank=True, related_name="orders"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = OrderQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        triggers = [legal_status(ORDER_MACHINE)]
        indexes = [
            models.Index(fields=["buyer", "-id"], name="order_of_buyer"),
            models.Index(fields=["seller", "-id"], name="order_of_seller"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["buyer", "seller", "number"],
                condition=~Q(status=OrderStatus.CANCELLED),
                name="order_number_of_parties",
            ),
            models.CheckConstraint(condition=~Q(buyer=F("seller")), name="order_has_two_parties"),
            models.CheckConstraint(
                condition=Q(total_minor__gte=0), name="order_total_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def parties(self) -> Mapping[str, UUID]:
        """Buyer and seller, and every organization the order was shared with."""
        own = {"buyer": self.buyer_id, "seller": self.seller_id}
        shown = {f"share_{each.pk}": each.organization_id for each in self.shares.all()}
        return own | {name: party for name, party in shown.items() if party not in own.values()}


class OrderShare(models.Model):
    """An organization that may see the order: buyer and seller from the first, and the bank that is
    asked to finance it. One index then gives the newest orders of any organization, however many
    there are of others.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="shares")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    shared_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "order"], name="order_shared_once"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.organization_id}"


class OrderLineQuerySet(models.QuerySet["OrderLine"]):
    def visible_to(self, actor: Actor) -> "OrderLineQuerySet":
        """The lines of the orders the actor's organization may see."""
        return self if actor.is_system else self.filter(seen_by(actor, "order__"))


class OrderLine(Subject):
    """Goods ordered, with what was shipped, accepted and invoiced of them so far.

    ``unit_price`` is yuan (or the currency's unit) tax included. A line out of a document that
    prices without tax ``is_pro_rata``: its amount leads and a part of it is a share of the
    amount (K7).
    """

    machine: ClassVar[Any] = LINE_MACHINE

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    line_number = models.PositiveIntegerField()
    reference = models.CharField(max_length=60, blank=True)
    sku = models.CharField(max_length=120, blank=True)
    name = models.CharField(max_length=300)
    spec = models.TextField(blank=True)
    unit = models.CharField(max_length=24)
    quantity = quantity_field()
    unit_price = quantity_field()
    tax_ppm = models.PositiveIntegerField(default=0)
    amount_minor = models.BigIntegerField()
    is_pro_rata = models.BooleanField(default=False)
    planned_on = models.DateField(null=True, blank=True)
    locked_by = models.UUIDField(null=True, blank=True, db_index=True)
    financed_minor = models.BigIntegerField(default=0)
    shipped_quantity = quantity_field(default=Decimal(0))
    accepted_quantity = quantity_field(default=Decimal(0))
    short_quantity = quantity_field(default=Decimal(0))
    damaged_quantity = quantity_field(default=Decimal(0))
    rejected_quantity = quantity_field(default=Decimal(0))
    invoiced_quantity = quantity_field(default=Decimal(0))

    objects: ClassVar[Any] = OrderLineQuerySet.as_manager()

    class Meta:
        ordering = ["order", "line_number"]
        triggers = [legal_status(LINE_MACHINE)]
        constraints = [
            models.UniqueConstraint(fields=["order", "line_number"], name="line_number_in_order"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="line_quantity_positive"),
            models.CheckConstraint(
                condition=Q(unit_price__gte=0, amount_minor__gte=0), name="line_price_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(financed_minor__gte=0, financed_minor__lte=F("amount_minor")),
                name="line_financed_within_amount",
            ),
            models.CheckConstraint(
                condition=Q(locked_by__isnull=False) | Q(financed_minor=0),
                name="line_financed_only_when_locked",
            ),
            models.CheckConstraint(
                condition=~Q(status=LineStatus.LOCKED)
                | Q(locked_by__isnull=False, deal_id__isnull=False),
                name="line_lock_has_a_holder",
            ),
            models.CheckConstraint(
                condition=Q(
                    accepted_quantity__gte=0,
                    short_quantity__gte=0,
                    damaged_quantity__gte=0,
                    rejected_quantity__gte=0,
                    shipped_quantity__gte=F("accepted_quantity")
                    + F("damaged_quantity")
                    + F("rejected_quantity"),
                ),
                name="line_arrived_within_shipped",
            ),
            models.CheckConstraint(
                condition=Q(
                    invoiced_quantity__gte=0,
                    invoiced_quantity__lte=Greatest(F("quantity"), F("accepted_quantity")),
                ),
                name="line_invoiced_within_ordered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_number} {self.name}"

    def parties(self) -> Mapping[str, UUID]:
        """The parties of its order."""
        return self.order.parties()


class Reservation(models.Model):
    """An application's hold on a line; the constraint makes a second one at the same second
    impossible.
    """

    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="reservations")
    application_id = models.UUIDField(db_index=True)
    deal_id = models.UUIDField()
    reserved_at = models.DateTimeField(auto_now_add=True)
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["line"], condition=Q(released_at__isnull=True), name="line_reserved_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.application_id}"
