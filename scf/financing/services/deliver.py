"""Shipment and acceptance of financed goods, and what each is worth to the payee."""

from collections.abc import Sequence
from decimal import Decimal
from hashlib import sha256
from uuid import UUID

import rfc8785
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.core.actor import SYSTEM, Actor
from scf.core.errors import NotFound, RuleBroken
from scf.financing import machine
from scf.financing.access import get_application, require_party, require_permission
from scf.financing.models import Acceptance, Application
from scf.parties.permissions import Permission
from scf.payments import services as payments
from scf.payments.machine import L
from scf.payments.models import PaymentLine
from scf.payments.selectors import line_of, payment_of
from scf.payments.services.confirm import approve_confirmation, confirmers_of
from scf.trade import services as trade
from scf.trade.inputs import ShipmentLineIn
from scf.trade.models import Delivery, DeliveryLine, OrderLine, ReceiptLine
from scf.trade.selectors import list_awaiting_receipt
from scf.trade.values import shipped_value_minor, within
from scf.wallets.machine import A
from scf.wallets.models import Act

NOTHING = Decimal(0)
OPEN_LINES = (L.WAITING, L.CONFIRMED, L.PAID)


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
) -> Delivery:
    """The seller ships financed lines. Under PAY_ON_SHIPMENT the shipped value is asked to be
    confirmed (K3). Lines of the order that no deal holds may travel with them.

    Raises RuleBroken(not_funded) before the money is in the escrow, and what ``trade.ship`` raises.
    """
    application = get_application(application_id, by=by, lock=True)
    require_party(application, "seller", by=by)
    require_permission(by, Permission.DELIVERY_SHIP)
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
    if application.terms["release_policy"] == "PAY_ON_SHIPMENT":
        financed = delivery.lines.filter(order_line__locked_by=application.pk)
        for row in financed.select_related("order_line"):
            _confirm_shipment(application, row, by)
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
    by: Actor,
) -> ReceiptLine:
    """The buyer accepts one delivered line; under PAY_ON_ACCEPTANCE its worth is asked to be
    released (domain 1, 13).

    Above the programme's evidence amount the bank's second signature follows
    (``confirm_acceptance``).
    Raises what ``trade.record_receipt`` raises, and Forbidden for anyone but the buyer.
    """
    application = get_application(application_id, by=by, lock=True)
    require_party(application, "buyer", by=by)
    require_permission(by, Permission.DELIVERY_ACCEPT)
    _require_funded(application)
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
    if application.terms["release_policy"] == "PAY_ON_ACCEPTANCE":
        _confirm_receipt(application, receipt, by)
    return receipt


@transaction.atomic
def confirm_acceptance(application_id: UUID, acceptance_id: int, *, by: Actor) -> Acceptance:
    """The bank's operations confirm an acceptance after seeing its independent evidence (K20).

    Raises RuleBroken(evidence_missing) while neither a carrier or warehouse has confirmed the
    delivery
    by its one-time link, nor a document was attached to the receipt.
    """
    application = get_application(application_id, by=by, lock=True)
    require_party(application, "bank", by=by)
    require_permission(by, Permission.DELIVERY_CONFIRM)
    acceptance = Acceptance.objects.filter(pk=acceptance_id, application=application).first()
    if acceptance is None:
        raise NotFound(_("没有这笔待确认的验收"))
    _require_evidence(acceptance)
    payment = payment_of(application.pk, by=by)
    approve_confirmation(payment.pk, key=acceptance.key, party=application.bank_id, by=by)
    acceptance.confirmed_by_bank = by.person_id
    acceptance.save(update_fields=["confirmed_by_bank"])
    return acceptance


def _confirm_receipt(application: Application, receipt: ReceiptLine, by: Actor) -> None:
    line = receipt.delivery_line.order_line
    payment = payment_of(application.pk, by=by)
    escrow_line = line_of(payment, line.pk)
    if escrow_line.status not in OPEN_LINES or _is_closing(application, line.pk):
        return  # the line takes no more confirmations: what arrived is recorded, no money moves
    rest = escrow_line.cap_minor - escrow_line.confirmed_minor - asked_minor(escrow_line)
    amount = min(receipt.value_minor, rest)
    closing = _closing_of(application, receipt)
    if not amount and not closing:
        return
    evidence = "0x" + sha256(rfc8785.dumps(_record_of(receipt))).hexdigest()
    _ask(
        application, receipt.delivery_line, amount, closing, evidence, confirmers_of(payment)[0], by
    )


def _confirm_shipment(application: Application, row: DeliveryLine, by: Actor) -> None:
    payment = payment_of(application.pk, by=by)
    escrow_line = line_of(payment, row.order_line_id)
    line = row.order_line
    if escrow_line.status not in OPEN_LINES:
        return
    shipped = min(shipped_value_minor(line), escrow_line.cap_minor)
    asked = asked_minor(escrow_line) + escrow_line.confirmed_minor
    if shipped > asked:
        record = {
            "delivery": row.delivery.number,
            "line": str(line.pk),
            "shipped": str(row.shipped_quantity),
        }
        evidence = "0x" + sha256(rfc8785.dumps(record)).hexdigest()
        _ask(application, row, shipped - asked, "", evidence, application.seller_id, by)


def _ask(
    application: Application,
    row: DeliveryLine,
    amount_minor: int,
    closing: str,
    evidence_hash: str,
    first: UUID,
    by: Actor,
) -> None:
    key = f"{application.pk}:{row.pk}"
    payment = payment_of(application.pk, by=by)
    Acceptance.objects.create(
        application=application,
        order_line=row.order_line,
        delivery_line=row,
        key=key,
        amount_minor=amount_minor,
        closing=closing,
        evidence_hash=evidence_hash,
    )
    payments.confirm_line(
        payment.pk,
        row.order_line_id,
        key=key,
        amount_minor=amount_minor,
        evidence_hash=evidence_hash,
        closing=closing,
        first=first,
        by=by,
    )


def asked_minor(line: PaymentLine) -> int:
    """What earlier acceptances of the line asked for and the chain has not yet confirmed (fen)."""
    asked = Acceptance.objects.filter(
        application_id=line.payment.application_id, order_line_id=line.order_line_id
    )
    keys = [f"confirm:{key}" for key in asked.values_list("key", flat=True)]
    acts = Act.objects.filter(key__in=keys, status__in=(A.ASKED, A.SENT))
    return sum(acts.values_list("amount_minor", flat=True))


def _is_closing(application: Application, order_line_id: UUID) -> bool:
    """True when an acceptance that was asked for before closes the line."""
    asked = Acceptance.objects.filter(application=application, order_line_id=order_line_id)
    keys = [f"confirm:{key}" for key in asked.exclude(closing="").values_list("key", flat=True)]
    return Act.objects.filter(key__in=keys).exclude(status=A.FAILED).exists()


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


def _require_evidence(acceptance: Acceptance) -> None:
    link = acceptance.delivery_line.evidence_links.filter(used_at__isnull=False).exists()
    documents = ReceiptLine.objects.filter(delivery_line=acceptance.delivery_line).exclude(
        evidence_document_ids=[]
    )
    # Paid on shipment, it is the carrier's paper that the seller hands in with the goods (K3).
    is_shipment = acceptance.application.terms["release_policy"] == "PAY_ON_SHIPMENT"
    papers = is_shipment and bool(acceptance.delivery_line.delivery.evidence_document_ids)
    if not link and not papers and not documents.exists():
        raise RuleBroken(
            _("缺少独立证据：请承运方或仓库扫码确认，或上传磅单、签收单"), code="evidence_missing"
        )


def _require_funded(application: Application) -> None:
    if application.status != machine.S.FUNDED:
        raise RuleBroken(
            _("托管资金尚未到位，请等待放款后再发货或验收"),
            code="not_funded",
            status=application.status,
        )
