"""Shipment and acceptance of financed goods, and what each is worth to the payee."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from hashlib import sha256
from uuid import UUID

import rfc8785
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.core.actor import SYSTEM, Actor
from scf.core.errors import Conflict, NotFound, RuleBroken
from scf.financing import machine
from scf.financing.access import get_application, require_party, require_permission
from scf.financing.models import Acceptance, Application
from scf.financing.services.confirm import (
    ask_for,
    asked_minor,
    give_first_signature,
    is_closing,
)
from scf.parties.checks import require_step_up
from scf.parties.permissions import Permission
from scf.payments.selectors import line_of, payment_of
from scf.payments.services.confirm import takes_confirmations
from scf.trade import services as trade
from scf.trade.inputs import ShipmentLineIn
from scf.trade.models import Delivery, DeliveryLine, OrderLine, ReceiptLine
from scf.trade.selectors import get_delivery_line, list_awaiting_receipt
from scf.trade.values import shipped_value_minor, within

NOTHING = Decimal(0)


@transaction.atomic
def ship_delivery(
    application_id: UUID,
    *,
    number: str,
    lines: Sequence[ShipmentLineIn],
    by: Actor,
    carrier: str = "",
    vehicle: str = "",
    batch: str = "",
    seal: str = "",
    evidence_document_ids: Sequence[UUID] = (),
    is_signing: bool = True,
) -> Delivery:
    """The seller ships financed lines. Under PAY_ON_SHIPMENT the shipped value is asked to be
    confirmed (K3), by the seller's signature in the same act, which needs a fresh second factor.
    Lines of the order that no deal holds may travel with them.

    Without ``is_signing`` the goods are only recorded, as a machine may; a person signs then
    (``sign_acceptance``, K24). Raises RuleBroken(not_funded) before the money is in the escrow,
    Forbidden(step_up_required), and what ``trade.ship`` raises.
    """
    application = get_application(application_id, by=by, lock=True)
    require_party(application, "seller", by=by)
    require_permission(by, Permission.DELIVERY_SHIP)
    pays_now = application.terms["release_policy"] == "PAY_ON_SHIPMENT"
    if pays_now and is_signing:
        require_step_up(by)
    _require_funded(application)
    delivery = trade.ship(
        application.order_id,
        number=number,
        lines=lines,
        carrier=carrier,
        vehicle=vehicle,
        batch=batch,
        seal=seal,
        evidence_document_ids=evidence_document_ids,
        tolerance_over_ppm=application.terms["tolerance_over_ppm"],
        by=by,
    )
    _require_no_other_financing(application, delivery.lines.select_related("order_line"))
    if pays_now:
        financed = delivery.lines.filter(order_line__locked_by=application.pk)
        for row in financed.select_related("order_line"):
            acceptance = _of_shipment(application, row, by)
            if acceptance and is_signing:
                give_first_signature(acceptance, by=by)
    return delivery


@transaction.atomic
def accept_delivery(
    application_id: UUID,
    delivery_line_id: int,
    *,
    accepted: Decimal,
    short: Decimal = NOTHING,
    damaged: Decimal = NOTHING,
    rejected: Decimal = NOTHING,
    reason: str = "",
    evidence_document_ids: Sequence[UUID] = (),
    is_signing: bool = True,
    by: Actor,
) -> ReceiptLine:
    """The buyer accepts one delivered line; under PAY_ON_ACCEPTANCE its worth is asked to be
    released (domain 1, 13), by the buyer's signature in the same act, which needs a fresh second
    factor.

    Above the programme's evidence amount the bank's second signature follows
    (``confirm_acceptance``). Without ``is_signing`` what arrived is only recorded, as a machine
    may; a person signs then (``sign_acceptance``, K24). Raises what ``trade.record_receipt``
    raises, Forbidden for anyone but the buyer and Forbidden(step_up_required).
    """
    application = get_application(application_id, by=by, lock=True)
    require_party(application, "buyer", by=by)
    require_permission(by, Permission.DELIVERY_ACCEPT)
    pays_now = pays_on_acceptance(application)
    if pays_now and is_signing:
        require_step_up(by)
    _require_funded(application)
    _require_no_other_financing(application, [get_delivery_line(delivery_line_id, by=by)])
    receipt = trade.record_receipt(
        delivery_line_id,
        accepted=accepted,
        short=short,
        damaged=damaged,
        rejected=rejected,
        reason=reason,
        evidence_document_ids=evidence_document_ids,
        tolerance_under_ppm=application.terms["tolerance_under_ppm"],
        by=by,
    )
    acceptance = _of_receipt(application, receipt, by) if pays_now else None
    if acceptance and is_signing:
        give_first_signature(acceptance, by=by)
    return receipt


def pays_on_acceptance(application: Application) -> bool:
    """True when the buyer's acceptance is what releases the money (K3)."""
    return bool(application.terms["release_policy"] == "PAY_ON_ACCEPTANCE")


def _of_receipt(application: Application, receipt: ReceiptLine, by: Actor) -> Acceptance | None:
    """What the receipt asks of the escrow; None when it moves no money and closes nothing."""
    line = receipt.delivery_line.order_line
    escrow_line = line_of(payment_of(application.pk, by=by), line.pk)
    if not takes_confirmations(escrow_line) or is_closing(application, line.pk):
        return None  # what arrived is recorded all the same
    rest = escrow_line.cap_minor - escrow_line.confirmed_minor - asked_minor(escrow_line)
    amount = min(receipt.value_minor, rest)
    closing = _closing_of(application, receipt)
    if not amount and not closing:
        return None
    return _written(application, receipt.delivery_line, amount, closing, _record_of(receipt), by)


def _of_shipment(application: Application, row: DeliveryLine, by: Actor) -> Acceptance | None:
    """What the shipped goods ask of the escrow, beyond what was asked for before."""
    escrow_line = line_of(payment_of(application.pk, by=by), row.order_line_id)
    line = row.order_line
    if not takes_confirmations(escrow_line):
        return None
    shipped = min(shipped_value_minor(line), escrow_line.cap_minor)
    asked = asked_minor(escrow_line) + escrow_line.confirmed_minor
    if shipped <= asked:
        return None
    record = {
        "delivery": row.delivery.number,
        "line": str(line.pk),
        "shipped": str(row.shipped_quantity),
    }
    return _written(application, row, shipped - asked, "", record, by)


def _written(
    application: Application,
    row: DeliveryLine,
    amount_minor: int,
    closing: str,
    record: dict[str, str],
    by: Actor,
) -> Acceptance:
    acceptance = Acceptance.objects.create(
        application=application,
        order_line=row.order_line,
        delivery_line=row,
        key=f"{application.pk}:{row.pk}",
        amount_minor=amount_minor,
        closing=closing,
        evidence_hash="0x" + sha256(rfc8785.dumps(record)).hexdigest(),
    )
    ask_for(acceptance, by=by)
    return acceptance


def _closing_of(application: Application, receipt: ReceiptLine) -> str:
    """short_closed within the tolerance by quantity, rejected when the rest was refused, else still
    open (K8).
    """
    line = receipt.delivery_line.order_line
    missing = line.quantity - line.accepted_quantity
    if missing <= 0 or _is_more_coming(line):
        return ""
    refused = line.damaged_quantity + line.rejected_quantity
    if not refused and missing <= within(
        line.quantity, tolerance_ppm=application.terms["tolerance_under_ppm"]
    ):
        return "short_closed"
    is_over = line.accepted_quantity + refused + line.short_quantity >= line.quantity
    return "rejected" if refused and is_over else ""


def _is_more_coming(line: OrderLine) -> bool:
    """True while goods of the line are on their way: the last of them says how the line ends."""
    return bool(list_awaiting_receipt(by=SYSTEM).filter(order_line=line).exists())


def _record_of(receipt: ReceiptLine) -> dict[str, str]:
    return {
        "delivery": receipt.delivery_line.delivery.number,
        "line": str(receipt.delivery_line.order_line_id),
        "accepted": str(receipt.accepted_quantity),
        "short": str(receipt.short_quantity),
        "damaged": str(receipt.damaged_quantity),
        "rejected": str(receipt.rejected_quantity),
        "signed_at": receipt.signed_at.isoformat(),
        "documents": ",".join(str(each) for each in receipt.evidence_document_ids),
    }


def _require_no_other_financing(application: Application, rows: Iterable[DeliveryLine]) -> None:
    """Refuse goods that another financing pays for: what left or came of them is said there, where
    it moves that one's money. Raises NotFound, Conflict(line_locked).
    """
    for line in (row.order_line for row in rows):
        if line.order_id != application.order_id:
            raise NotFound(_("没有这张发货单"))
        if line.locked_by not in (None, application.pk):
            raise Conflict(
                _("第 %(line)s 行已被另一笔融资锁定"), code="line_locked", line=line.line_number
            )


def _require_funded(application: Application) -> None:
    if application.status != machine.S.FUNDED:
        raise RuleBroken(
            _("托管资金尚未到位，请等待放款后再发货或验收"),
            code="not_funded",
            status=application.status,
        )
