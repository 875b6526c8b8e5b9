"""The buyer says what arrived, line by line."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import Conflict, NotFound, RuleBroken
from scf.trade.access import lines_for, require_side
from scf.trade.inputs import NOTHING
from scf.trade.machine import LINE_MACHINE
from scf.trade.models import DeliveryLine, OrderLine, Receipt, ReceiptLine
from scf.trade.papers import show_papers
from scf.trade.selectors import open_quantity
from scf.trade.services.invoice import mark_invoiced
from scf.trade.values import accepted_value_minor, within
from scf.workflow import clocks


@transaction.atomic
def record_receipt(
    delivery_line_id: int,
    *,
    accepted: Decimal,
    by: Actor,
    short: Decimal = NOTHING,
    damaged: Decimal = NOTHING,
    rejected: Decimal = NOTHING,
    reason: str = "",
    inspector: str = "",
    signed_at: datetime | None = None,
    is_silent: bool = False,
    evidence_document_ids: Sequence[UUID] = (),
    tolerance_under_ppm: int = 0,
) -> ReceiptLine:
    """Record what the buyer found of one delivery line; once, for good.

    The four quantities together are what was shipped in this delivery, or everything still open of
    the order line (what never came is short, too). Accepted to the ordered quantity, or missing no
    more than ``tolerance_under_ppm`` of it with nothing damaged or rejected (K8), the order line
    becomes ``accepted``, otherwise ``part``, or ``rejected`` when nothing at all was accepted.
    ``value_minor`` of the row is the worth of this acceptance (K7). Raises NotFound,
    Forbidden(not_your_side), Conflict(already_received), RuleBroken(receipt_sum, reason_missing).
    """
    delivery_line, line = _locked(delivery_line_id, by)
    found = {"accepted": accepted, "short": short, "damaged": damaged, "rejected": rejected}
    _check(found, delivery_line, line, reason)
    before = accepted_value_minor(line)
    LINE_MACHINE.fire(line, "received", by=by, delivery_id=delivery_line.delivery_id)
    _count(line, found)
    receipt, _is_new = Receipt.objects.get_or_create(delivery_id=delivery_line.delivery_id)
    row = ReceiptLine.objects.create(
        receipt=receipt,
        delivery_line=delivery_line,
        value_minor=accepted_value_minor(line) - before,
        reason=reason.strip(),
        inspector=inspector or by.name,
        signed_at=signed_at or clocks.business_now(),
        is_silent=is_silent,
        evidence_document_ids=list(evidence_document_ids),
        **{f"{name}_quantity": quantity for name, quantity in found.items()},
    )
    show_papers(line.order, evidence_document_ids, by=by)
    step = _outcome(line, tolerance_under_ppm)
    LINE_MACHINE.fire(line, step, by=by, value_minor=row.value_minor, is_silent=is_silent, **found)
    mark_invoiced(line)
    return row


def _locked(delivery_line_id: int, by: Actor) -> tuple[DeliveryLine, OrderLine]:
    visible = DeliveryLine.objects.visible_to(by)
    delivery_line = visible.filter(pk=delivery_line_id).select_related("delivery").first()
    if delivery_line is None:
        raise NotFound(_("没有这张发货单"))
    (line,) = lines_for([delivery_line.order_line_id], by=by)
    require_side(by, line.order.buyer_id)
    if ReceiptLine.objects.filter(delivery_line=delivery_line).exists():
        raise Conflict(_("这一行已经验收过"), code="already_received")
    return delivery_line, line


def _check(
    found: dict[str, Decimal], delivery_line: DeliveryLine, line: OrderLine, reason: str
) -> None:
    total = sum(found.values(), NOTHING)
    shipped = delivery_line.shipped_quantity
    arrived = total - found["short"]
    whole = open_quantity(line) + shipped
    if min(found.values()) < 0 or total not in (shipped, whole) or arrived > shipped:
        raise RuleBroken(
            _("验收、短少、破损、拒收四项之和须等于本次发货 %(shipped)s 或该行未到的 %(open)s"),
            code="receipt_sum",
            shipped=f"{shipped.normalize():f}",
            open=f"{whole.normalize():f}",
        )
    if (found["damaged"] or found["rejected"]) and not reason.strip():
        raise RuleBroken(_("破损或拒收须写明原因"), code="reason_missing")


def _count(line: OrderLine, found: dict[str, Decimal]) -> None:
    columns = [f"{name}_quantity" for name in found]
    for column, quantity in zip(columns, found.values(), strict=True):
        setattr(line, column, getattr(line, column) + quantity)
    line.save(update_fields=columns)


def _outcome(line: OrderLine, tolerance_under_ppm: int) -> str:
    missing = line.quantity - line.accepted_quantity
    nothing_refused = not (line.damaged_quantity or line.rejected_quantity)
    may_miss = within(line.quantity, tolerance_ppm=tolerance_under_ppm) if nothing_refused else 0
    # Goods of the line that are still on their way are received before it counts as complete.
    is_more_coming = open_quantity(line) < missing
    if missing <= may_miss and not is_more_coming:
        return "accepted"
    return "part_accepted" if line.accepted_quantity else "rejected"
