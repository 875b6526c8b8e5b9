"""Locking lines for one application, and letting them go: a line is never financed twice."""

from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from scf.core import clock
from scf.core.actor import Actor
from scf.core.errors import Conflict, RuleBroken
from scf.trade.access import lines_for, require_side
from scf.trade.machine import LINE_MACHINE, LineStatus
from scf.trade.models import OrderLine, Reservation
from scf.workflow.deals import lock_deal


@transaction.atomic
def reserve_lines(
    line_ids: Sequence[UUID], *, application_id: UUID, deal_id: UUID, by: Actor
) -> list[OrderLine]:
    """Lock confirmed lines for one application: they carry its deal from now on.

    Safe to call twice for the same application. Of two applications at the same moment one gets
    the line: compare-and-swap on its status, and a unique constraint behind it.
    ``financed_minor`` becomes the whole amount, the most the escrow may pay for the line. Raises
    NotFound, Forbidden, Conflict (line_locked, wrong_state), RuleBroken(currency_not_financed,
    line_without_value).
    """
    lock_deal(deal_id)
    lines = lines_for(line_ids, by=by, with_deals=False)
    for line in lines:
        require_side(by, line.order.buyer_id, line.order.seller_id)
        if line.locked_by != application_id:
            _reserve(line, application_id=application_id, deal_id=deal_id, by=by)
    return lines


def _reserve(line: OrderLine, *, application_id: UUID, deal_id: UUID, by: Actor) -> None:
    _check_financeable(line)
    # The holder is written with the row still where it was; the machine then moves the status
    # alone.
    line.locked_by, line.deal_id, line.financed_minor = application_id, deal_id, line.amount_minor
    try:
        with transaction.atomic():
            Reservation.objects.create(line=line, application_id=application_id, deal_id=deal_id)
    except IntegrityError as clash:
        raise _locked(line) from clash
    line.save(update_fields=["locked_by", "deal_id", "financed_minor"])
    LINE_MACHINE.fire(line, "reserved", by=by, application_id=application_id)


def _check_financeable(line: OrderLine) -> None:
    if line.locked_by:
        raise _locked(line)
    if line.order.currency != "CNY":
        raise RuleBroken(_("只能融资人民币订单"), code="currency_not_financed")
    if line.amount_minor == 0:
        raise RuleBroken(
            _("第 %(line)s 行没有金额，不能融资"), code="line_without_value", line=line.line_number
        )


def _locked(line: OrderLine) -> Conflict:
    return Conflict(
        _("第 %(line)s 行已被另一笔融资锁定"), code="line_locked", line=line.line_number
    )


@transaction.atomic
def release_lines(application_id: UUID, *, by: Actor) -> list[OrderLine]:
    """Let go of every line the application holds; harmless twice.

    A line nobody has shipped can be financed again; a shipped one only loses its holder and goes on
    with its delivery. The deal stays on the line whose goods moved under it.
    """
    held = OrderLine.objects.filter(locked_by=application_id)
    line_ids = list(held.values_list("pk", flat=True))
    lines = lines_for(line_ids, by=by) if line_ids else []
    Reservation.objects.filter(application_id=application_id, released_at__isnull=True).update(
        released_at=clock.now()
    )
    for line in lines:
        _release(line, application_id=application_id, by=by)
    return lines


def _release(line: OrderLine, *, application_id: UUID, by: Actor) -> None:
    was_untouched = line.status == LineStatus.LOCKED
    if was_untouched:
        LINE_MACHINE.fire(line, "released", by=by, application_id=application_id)
        line.deal_id = None
    line.locked_by, line.financed_minor = None, 0
    line.save(update_fields=["locked_by", "deal_id", "financed_minor"])
