"""Where the money of an organization's deals is, as sums, and which money waits for goods."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, DecimalField, Exists, F, Max, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from scf.core.actor import Actor
from scf.financing.machine import BEFORE_APPROVAL, UNFUNDED, S
from scf.financing.models import Application
from scf.financing.selectors.applications import SIDES
from scf.payments.machine import LIVE, L
from scf.payments.models import Direction, Payment, PaymentLine, PaymentMovement
from scf.payments.selectors import kept_txs
from scf.trade.models import DeliveryLine, OrderLine

SHIPPABLE = ("locked", "shipped", "part", "rejected")
GOODS_TO_COME = (*SHIPPABLE, "received")


@dataclass(frozen=True)
class EscrowSums:
    """Sums over the escrows in which an organization stands on one side, in fen.

    ``awaiting_goods_minor`` is the part of what is in escrow that waits for goods to be shipped or
    accepted; the rest waits for money to come in, for the chain, for a decision or to go back.
    """

    in_escrow_minor: int
    released_minor: int
    returned_minor: int
    claimable_minor: int
    escrows: int
    awaiting_goods_minor: int = 0


@dataclass(frozen=True)
class ReadyToShip:
    """Money in escrow that waits for goods: how much at most, and until when it stays."""

    application: Application
    open_minor: int
    lines: int
    expires_at: datetime


@dataclass(frozen=True)
class LastRelease:
    """The latest money that reached a payee."""

    application_id: UUID
    amount_minor: int
    value_date: Any


def escrow_sums(*, by: Actor, side: str) -> EscrowSums:
    """Where the money is of the deals in which the actor's organization is ``side`` (buyer, seller
    or bank); two queries.
    """
    if side not in SIDES:
        raise AssertionError(f"no side {side}")
    mine = Payment.objects.visible_to(by).filter(**{f"{side}_id": by.organization_id})
    sums = mine.aggregate(
        own=_sum("own_funds_in_minor"),
        funded=_sum("funded_minor"),
        released=_sum("released_minor"),
        returned=_sum("returned_minor"),
        claimable=_sum("claimable_minor"),
        escrows=Count("pk"),
    )
    out = sums["released"] + sums["returned"]
    return EscrowSums(
        in_escrow_minor=sums["own"] + sums["funded"] - out,
        released_minor=sums["released"],
        returned_minor=sums["returned"],
        claimable_minor=sums["claimable"],
        escrows=sums["escrows"],
        awaiting_goods_minor=_awaiting_goods(mine),
    )


def _awaiting_goods(mine: Any) -> int:
    """What running escrows hold for lines of which goods are still to come or to be accepted."""
    goods = OrderLine.objects.filter(pk=OuterRef("order_line_id"), status__in=GOODS_TO_COME)
    lines = PaymentLine.objects.filter(
        Exists(goods), payment__in=mine.filter(status__in=LIVE), status=L.WAITING
    )
    left = F("cap_minor") - F("confirmed_minor") - F("returned_minor")
    return int(lines.aggregate(all=Coalesce(Sum(left), 0))["all"])


def list_escrows(application_ids: Iterable[UUID], *, by: Actor) -> dict[UUID, Payment]:
    """The escrows of these applications, as far as the actor may see them, by application."""
    mine = Payment.objects.visible_to(by).filter(application_id__in=tuple(application_ids))
    return {payment.application_id: payment for payment in mine}


def list_going(*, by: Actor, limit: int = 8) -> list[Application]:
    """The actor's deals that have not ended: before funding, with money still in escrow, or with
    money its payee could not receive; the newest first.
    """
    holds = Q(status__in=LIVE) | Q(claimable_minor__gt=0)
    live = Payment.objects.visible_to(by).filter(holds).values("application_id")
    before = (*BEFORE_APPROVAL, *UNFUNDED, S.PAYING_OUT)
    rows = Application.objects.visible_to(by).filter(Q(status__in=before) | Q(pk__in=live))
    related = rows.select_related("order", "order__buyer", "order__seller")
    return list(related.order_by("-created_at", "-pk")[:limit])


def list_ready_to_ship(*, by: Actor, limit: int = 50) -> list[ReadyToShip]:
    """The actor's sales whose money is in escrow and of which goods are still to be shipped, the
    soonest to expire first; two queries.
    """
    waiting = Q(lines__status="waiting", lines__order_line_id__in=_with_open_goods(by))
    left = F("lines__cap_minor") - F("lines__released_minor") - F("lines__returned_minor")
    mine = Payment.objects.visible_to(by).filter(_is_payee(by), status__in=LIVE)
    payments = mine.annotate(
        open_minor=Coalesce(Sum(left, filter=waiting), 0),
        open_lines=Count("lines", filter=waiting),
    ).filter(open_lines__gt=0)
    columns = ("application_id", "open_minor", "open_lines", "expires_at")
    found = list(payments.order_by("expires_at", "pk").values_list(*columns)[:limit])
    applications = _applications([row[0] for row in found], by)
    return [ReadyToShip(applications[row[0]], *row[1:]) for row in found]


def last_release(*, by: Actor) -> LastRelease | None:
    """What reached the actor's organization last as a payee: all of that deal on that day; None
    before the first.
    """
    mine = PaymentMovement.objects.filter(
        _is_payee(by, "payment__"), kind="release", direction=Direction.OUT
    ).exclude(tx_hash__in=_kept(by))
    newest = mine.aggregate(day=Max("value_date"))["day"]
    if newest is None:
        return None
    latest = mine.filter(value_date=newest).select_related("payment").order_by("-id")[0]
    same = mine.filter(value_date=newest, payment_id=latest.payment_id)
    total = same.aggregate(total=Sum("amount_minor"))["total"]
    return LastRelease(latest.payment.application_id, total, newest)


def _kept(by: Actor) -> set[str]:
    """By which transactions the actor's organization was paid what it could not receive yet."""
    waiting = Payment.objects.visible_to(by).filter(_is_payee(by), claimable_minor__gt=0)
    return kept_txs(waiting.values_list("agreement_id", flat=True))


def _is_payee(by: Actor, path: str = "") -> Q:
    return Q(**{f"{path}seller_id": by.organization_id})


def _with_open_goods(by: Actor) -> Any:
    on_its_way = (
        DeliveryLine.objects.filter(order_line=OuterRef("pk"), receipt_line__isnull=True)
        .order_by()
        .values("order_line")
        .annotate(all=Sum("shipped_quantity"))
        .values("all")
    )
    travelling = Coalesce(Subquery(on_its_way), 0, output_field=DecimalField())
    lines = OrderLine.objects.visible_to(by).filter(
        order__seller_id=by.organization_id, locked_by__isnull=False, status__in=SHIPPABLE
    )
    return (
        lines.annotate(travelling=travelling)
        .filter(quantity__gt=F("accepted_quantity") + F("travelling"))
        .order_by()
        .values("pk")
    )


def _applications(ids: Sequence[UUID], by: Actor) -> dict[UUID, Application]:
    rows = Application.objects.visible_to(by).filter(pk__in=ids)
    related = rows.select_related("order", "order__buyer", "order__seller")
    return {application.pk: application for application in related}


def _sum(name: str) -> Any:
    return Coalesce(Sum(name), 0)
