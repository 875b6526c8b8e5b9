"""Orders to list and the ways to list them: ours, the usual one, and a view that asks nothing."""

from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.db import connection
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import path
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import BasePermission
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from scf.core import clock
from scf.parties.models import ApiKey, Membership, Organization, Person
from scf.parties.permissions import Role
from scf.trade.models import Order

PREFIX, SECRET = "0" * 12, "1" * 64
ORDERS = """
    SET session_replication_role = replica;
    INSERT INTO trade_order (
        id, status, deal_id, turn_role, version, number, buyer_id, seller_id, contract_ref,
        currency, total_minor, ordered_on, delivery_place, note, created_at)
    SELECT uuidv7(), 'confirmed', uuidv7(), '', 0, 'PO' || nr, %s,
           %s, '', 'CNY', 1000000 + nr * 137, date '2026-03-02' + nr %% 200, '', '', now()
      FROM generate_series(1, %s) nr;
    INSERT INTO trade_ordershare (order_id, organization_id, shared_at)
    SELECT id, party, now() FROM trade_order, unnest(ARRAY[buyer_id, seller_id]) party
        ON CONFLICT DO NOTHING;
    SET session_replication_role = DEFAULT;
    ANALYZE trade_order, trade_ordershare
"""
PLAIN_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]


class PlainParty(serializers.ModelSerializer[Organization]):
    class Meta:
        model = Organization
        fields = ("id", "name", "uscc")


class PlainOrder(serializers.ModelSerializer[Order]):
    buyer, seller = PlainParty(), PlainParty()

    class Meta:
        model = Order
        fields = (
            "id", "number", "status", "buyer", "seller", "currency", "total_minor", "ordered_on",
            "created_at",
        )  # fmt: skip


class PlainKey(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[Any, Any]:
        prefix, secret = request.headers["Authorization"].removeprefix("Bearer scf_").split("_")
        key = ApiKey.objects.select_related("person").get(prefix=prefix)
        if key.secret_hash != sha256(secret.encode()).hexdigest():
            raise PermissionError
        return key.person, key


class PlainRight(BasePermission):
    def has_permission(self, request: Request, _view: Any) -> bool:
        held = Membership.objects.filter(
            organization_id=request.auth.organization_id, person_id=request.auth.person_id
        )
        return held.filter(is_active=True, role=Role.MEMBER_MAKER).exists()


class PlainPages(CursorPagination):
    ordering, page_size = "-id", 50


class PlainOrders(ListAPIView[Order]):
    """The list as a tutorial has it: ModelSerializer, CursorPagination, one filter."""

    authentication_classes = (PlainKey,)
    permission_classes = (PlainRight,)
    pagination_class = PlainPages
    renderer_classes = (JSONRenderer,)
    serializer_class = PlainOrder

    def get_queryset(self) -> Any:
        mine = self.request.auth.organization_id
        rows = Order.objects.filter(Q(buyer_id=mine) | Q(seller_id=mine))
        return rows.select_related("buyer", "seller")


def select_one(_request: HttpRequest) -> HttpResponse:
    """A view that asks the database for nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return HttpResponse(str(cursor.fetchone()[0]))


urlpatterns = [path("plain/", PlainOrders.as_view()), path("one/", select_one)]


def make_orders(orders: int) -> None:
    """Two companies, a key of a person of one of them, and so many orders between them."""
    buyer, seller = (
        Organization.objects.create(name=name, short_name=name[:2], uscc=uscc, kind="member")
        for name, uscc in (
            ("买方有限公司", "91310000MA1FL0000A"),
            ("卖方有限公司", "91310000MA1FL0001B"),
        )
    )
    person = Person.objects.create(name="接口")
    Membership.objects.create(organization=buyer, person=person, role=Role.MEMBER_MAKER)
    ApiKey.objects.create(
        organization=buyer,
        person=person,
        name="bench",
        prefix=PREFIX,
        secret_hash=sha256(SECRET.encode()).hexdigest(),
        scopes=["order:view"],
        expires_at=clock.now() + timedelta(days=1),
        requests_a_minute=10**9,
    )
    with connection.cursor() as cursor:
        cursor.execute(ORDERS, [buyer.pk, seller.pk, orders])
