"""Purchase orders: list, look, create, confirm, cancel."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from scf.api.door import Listed, Shown, Verb
from scf.api.fields import DecimalText, Fen, Strict, Text
from scf.api.pages import PageQuery
from scf.api.v1.actions import ActionOut, Way, actions_of
from scf.api.v1.parties import PartyOut
from scf.core.actor import Actor
from scf.core.money import PPM
from scf.parties.permissions import Permission
from scf.trade import selectors, services
from scf.trade.inputs import OrderIn, OrderLineIn
from scf.trade.machine import LineStatus, OrderStatus
from scf.trade.models import Order

STATUSES = tuple(OrderStatus.values)
LINE_STATUSES = tuple(LineStatus.values)
CURRENCIES = ("CNY", "USD", "EUR", "HKD", "JPY", "GBP")
WAYS = {
    "confirmed": Way("confirm", "seller"),
    "cancelled": Way("cancel", "seller"),
}


class NewOrderLine(Strict):
    """A line to order. Without ``amount_minor`` it is worth quantity × unit price (K7)."""

    name = Text(max_length=300)
    unit = Text(max_length=24)
    quantity = DecimalText(is_positive=True)
    unit_price = DecimalText()
    tax_ppm = serializers.IntegerField(min_value=0, max_value=PPM, default=0)
    sku = Text(max_length=120, default="", allow_blank=True)
    spec = Text(max_length=2000, default="", allow_blank=True)
    reference = Text(max_length=60, default="", allow_blank=True)
    planned_on = serializers.DateField(default=None, allow_null=True)
    amount_minor = Fen(default=None, allow_null=True)


class NewOrder(Strict):
    """An order of the key's organization as buyer or seller; its total is the sum of its lines."""

    number = Text(max_length=120)
    buyer_id = serializers.UUIDField()
    seller_id = serializers.UUIDField()
    ordered_on = serializers.DateField()
    currency = serializers.ChoiceField(choices=CURRENCIES, default="CNY")
    contract_ref = Text(max_length=120, default="", allow_blank=True)
    delivery_place = Text(max_length=300, default="", allow_blank=True)
    delivery_from = serializers.DateField(default=None, allow_null=True)
    delivery_until = serializers.DateField(default=None, allow_null=True)
    note = Text(max_length=2000, default="", allow_blank=True)
    lines = NewOrderLine(many=True, allow_empty=False)


class OrderLineOut(serializers.Serializer[Any]):
    """A line with what was shipped and accepted of it so far."""

    id = serializers.UUIDField()
    line_number = serializers.IntegerField()
    status = serializers.ChoiceField(choices=LINE_STATUSES)
    reference = serializers.CharField()
    sku = serializers.CharField()
    name = serializers.CharField()
    spec = serializers.CharField()
    unit = serializers.CharField()
    quantity = DecimalText()
    unit_price = DecimalText()
    tax_ppm = serializers.IntegerField()
    amount_minor = Fen()
    planned_on = serializers.DateField(allow_null=True)
    is_financed = serializers.SerializerMethodField()
    financed_minor = Fen()
    shipped_quantity = DecimalText()
    accepted_quantity = DecimalText()
    short_quantity = DecimalText()
    damaged_quantity = DecimalText()
    rejected_quantity = DecimalText()

    def get_is_financed(self, line: Any) -> bool:
        """True while an application holds the line."""
        return line.locked_by is not None


class OrderSummaryOut(serializers.Serializer[Any]):
    """An order in a list."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    status = serializers.ChoiceField(choices=STATUSES)
    buyer = PartyOut()
    seller = PartyOut()
    currency = serializers.CharField()
    total_minor = Fen()
    ordered_on = serializers.DateField()
    created_at = serializers.DateTimeField()


class OrderOut(OrderSummaryOut):
    """An order with its lines and what may be done with it now."""

    contract_ref = serializers.CharField()
    delivery_place = serializers.CharField()
    delivery_from = serializers.DateField(allow_null=True)
    delivery_until = serializers.DateField(allow_null=True)
    note = serializers.CharField()
    lines = serializers.SerializerMethodField()
    actions = serializers.SerializerMethodField()

    @extend_schema_field(OrderLineOut(many=True))
    def get_lines(self, order: Order) -> Any:
        """The lines in their order."""
        rows = selectors.list_lines(order.pk, by=self.context["by"]).order_by("line_number")
        return OrderLineOut(rows, many=True).data

    @extend_schema_field(ActionOut(many=True))
    def get_actions(self, order: Order) -> Any:
        """From the order's machine."""
        address = reverse("order", args=[order.pk])
        return actions_of(order, WAYS, address=address, by=self.context["by"])


class OrderQuery(PageQuery):
    """Filters of the list; amounts in fen."""

    status = serializers.ChoiceField(choices=STATUSES, required=False)
    search = serializers.CharField(max_length=80, required=False)
    party_id = serializers.UUIDField(required=False)
    least_minor = serializers.IntegerField(min_value=0, max_value=2**63 - 1, required=False)
    most_minor = serializers.IntegerField(min_value=0, max_value=2**63 - 1, required=False)


class Orders(Listed, Verb):
    """The orders the organization buys, sells or was shown; a new one."""

    reads = Permission.ORDER_VIEW
    reading, writing = "listOrders", "createOrder"
    asks, lists = OrderQuery, OrderSummaryOut
    takes, gives, answers = NewOrder, OrderOut, 201

    def rows(self, given: dict[str, Any], *, by: Actor) -> Any:
        return selectors.list_orders(by=by, **given)

    def act(self, given: dict[str, Any], *, by: Actor, **_ids: Any) -> Order:
        lines = tuple(OrderLineIn(**line) for line in given.pop("lines"))
        return services.create_order(OrderIn(lines=lines, **given), by=by)


class OneOrder(Shown):
    """One order with its lines."""

    reads, reading, gives = Permission.ORDER_VIEW, "getOrder", OrderOut

    def find(self, *, by: Actor, **ids: UUID) -> Order:
        return selectors.get_order(ids["order_id"], by=by)


class ConfirmOrder(Verb):
    """The seller says yes to the order as it stands."""

    gives = OrderOut

    def act(self, given: dict[str, Any], *, by: Actor, **ids: UUID) -> Order:
        return services.confirm_order(ids["order_id"], by=by, **given)


class Reason(Strict):
    """Why."""

    reason = Text(max_length=500)


class CancelOrder(Verb):
    """Either side takes a draft back; the seller a confirmed order nobody has financed."""

    takes, gives = Reason, OrderOut

    def act(self, given: dict[str, Any], *, by: Actor, **ids: UUID) -> Order:
        return services.cancel_order(ids["order_id"], by=by, **given)
