"""Creating, confirming, cancelling and sharing an order."""

from collections.abc import Callable
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from scf.core.actor import SYSTEM, Actor
from scf.core.errors import Conflict, NotFound, RuleBroken
from scf.core.money import MAX_MINOR, PPM, MoneyRefused, line_value
from scf.parties.models import OrganizationKind
from scf.parties.permissions import Permission
from scf.parties.selectors import get_organization
from scf.trade.access import lines_of, order_for, require, require_side
from scf.trade.inputs import OrderIn, OrderLineIn
from scf.trade.machine import LINE_MACHINE, ORDER_MACHINE, LineStatus, OrderStatus
from scf.trade.models import Order, OrderLine, OrderShare
from scf.trade.papers import papers_of, show_papers
from scf.workflow import facts

MAX_LINES = 5_000
LINES_AT_ONCE = 500


@transaction.atomic
def create_order(
    given: OrderIn, *, by: Actor, told: Callable[[int], None] = lambda _lines: None
) -> Order:
    """Write down an order of the actor's organization as buyer or seller; the seller still
    confirms.

    Lines are numbered from 1 in the order given; the total is their sum; ``told`` hears how many
    lines were written each time. Raises Forbidden without ``order:import``, NotFound for an order
    between others, Conflict(duplicate_order) when these parties have a live order of this number,
    RuleBroken (order_invalid, line_invalid).
    """
    require(by, Permission.ORDER_IMPORT)
    _check_parties(given, by)
    if not given.number.strip() or not 0 < len(given.lines) <= MAX_LINES:
        raise RuleBroken(_("订单须有编号和明细行（最多 5000 行）"), code="order_invalid")
    lines = [_line(number, each) for number, each in enumerate(given.lines, start=1)]
    order = _insert(given, total_minor=sum(line.amount_minor for line in lines))
    for line in lines:
        line.order = order
    for start in range(0, len(lines), LINES_AT_ONCE):
        written = OrderLine.objects.bulk_create(lines[start : start + LINES_AT_ONCE])
        told(len(written))
    show_papers(order, [given.document_id], by=by)
    facts.record("order.created", order, by=by, number=order.number, total_minor=order.total_minor)
    return order


def _check_parties(given: OrderIn, by: Actor) -> None:
    if not by.is_system and by.organization_id not in (given.buyer_id, given.seller_id):
        raise NotFound(_("没有这张订单"))
    if given.buyer_id == given.seller_id:
        raise RuleBroken(_("买方和卖方不能是同一家企业"), code="order_invalid")
    for party in (given.buyer_id, given.seller_id):
        if get_organization(party).kind not in (
            OrganizationKind.ENTERPRISE,
            OrganizationKind.MEMBER,
        ):
            raise RuleBroken(_("买方和卖方须是企业"), code="order_invalid")


def _insert(given: OrderIn, *, total_minor: int) -> Order:
    if total_minor > MAX_MINOR:
        raise RuleBroken(_("订单总额过大"), code="order_invalid")
    order = Order(
        number=" ".join(given.number.split()),
        buyer_id=given.buyer_id,
        seller_id=given.seller_id,
        contract_ref=given.contract_ref,
        currency=given.currency,
        total_minor=total_minor,
        ordered_on=given.ordered_on,
        delivery_place=given.delivery_place,
        delivery_from=given.delivery_from,
        delivery_until=given.delivery_until,
        note=given.note,
        document_id=given.document_id,
        import_job_id=given.import_job_id,
        status=OrderStatus.DRAFT,
        turn_party=given.seller_id,
        turn_role="sales",
    )
    try:
        with transaction.atomic():
            order.save(force_insert=True)
            OrderShare.objects.bulk_create(
                OrderShare(order=order, organization_id=party)
                for party in (order.buyer_id, order.seller_id)
            )
    except IntegrityError as clash:
        if "order_number_of_parties" not in str(clash):
            raise
        raise Conflict(
            _("订单 %(number)s 已存在"), code="duplicate_order", number=order.number
        ) from clash
    return order


def _line(number: int, given: OrderLineIn) -> OrderLine:
    amount = _amount(number, given)
    if not given.name.strip() or given.quantity <= 0 or not 0 <= given.tax_ppm <= PPM:
        raise RuleBroken(
            _("第 %(line)s 行须有品名、大于零的数量和正确的税率"), code="line_invalid", line=number
        )
    return OrderLine(
        line_number=number,
        status=LineStatus.DRAFT,
        reference=given.reference or str(number),
        sku=given.sku,
        name=given.name.strip(),
        spec=given.spec,
        unit=given.unit,
        quantity=given.quantity,
        unit_price=given.unit_price,
        tax_ppm=given.tax_ppm,
        amount_minor=amount,
        is_pro_rata=given.amount_minor is not None,
        planned_on=given.planned_on,
    )


def _amount(number: int, given: OrderLineIn) -> int:
    try:
        value = line_value(given.quantity, given.unit_price)
    except MoneyRefused as wrong:
        raise RuleBroken(
            _("第 %(line)s 行的数量或单价不正确：%(why)s"),
            code="line_invalid",
            line=number,
            why=str(wrong),
        ) from wrong
    amount = value if given.amount_minor is None else given.amount_minor
    if not 0 <= amount <= MAX_MINOR:
        raise RuleBroken(_("第 %(line)s 行的金额不正确"), code="line_invalid", line=number)
    return amount


@transaction.atomic
def confirm_order(order_id: UUID, *, by: Actor) -> Order:
    """The seller says yes to the order as it stands; its lines become ``confirmed``.

    Raises NotFound, Forbidden (not_your_side; four_eyes for the person who wrote it down), Conflict
    when it is not a draft.
    """
    lines = lines_of(order_id, by=by)
    order = order_for(order_id, by=by, lock=True)
    require_side(by, order.seller_id)
    ORDER_MACHINE.fire(order, "confirmed", by=by)
    for line in lines:
        LINE_MACHINE.fire(line, "confirmed", by=by)
    return order


@transaction.atomic
def cancel_order(order_id: UUID, *, by: Actor, reason: str) -> Order:
    """Take the order back: either side while it is a draft, the seller once it is confirmed.

    Raises NotFound, Forbidden(not_your_side), Conflict when a line is financed, shipped or
    cancelled.
    """
    lines = lines_of(order_id, by=by)
    order = order_for(order_id, by=by, lock=True)
    is_draft = order.status == OrderStatus.DRAFT
    require_side(by, order.seller_id, *([order.buyer_id] if is_draft else []))
    ORDER_MACHINE.fire(order, "cancelled", by=by, reason=reason)
    for line in lines:
        LINE_MACHINE.fire(line, "cancelled", by=by)
    return order


@transaction.atomic
def share_order(order_id: UUID, *, organization_id: UUID, by: Actor) -> OrderShare:
    """Let an organization, the bank asked to finance it, see the order from now on; harmless
    twice.

    The papers of the order are shown with it. Only buyer and seller may show it. Raises
    NotFound, Forbidden(not_your_side).
    """
    order = order_for(order_id, by=by, lock=True)
    require_side(by, order.buyer_id, order.seller_id)
    get_organization(organization_id)
    share, is_new = OrderShare.objects.get_or_create(order=order, organization_id=organization_id)
    if is_new:
        show_papers(order, papers_of(order), by=by)
        facts.record("order.shared", order, by=by, organization_id=organization_id)
    return share


def close_order_when_done(order: Order) -> None:
    """Close a confirmed order none of whose lines has anything left to happen."""
    open_lines = order.lines.exclude(status__in=[LineStatus.CLOSED, LineStatus.CANCELLED])
    if order.status == OrderStatus.CONFIRMED and not open_lines.exists():
        ORDER_MACHINE.fire(order, "closed", by=SYSTEM)
