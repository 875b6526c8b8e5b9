"""The signatures under an acceptance: the first side's, then the bank's who saw the evidence."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import Conflict, NotFound, OnePersonTwice, RuleBroken
from scf.financing.access import get_application, require_party, require_permission
from scf.financing.models import Acceptance, Application
from scf.parties.checks import require_step_up
from scf.parties.permissions import Permission
from scf.payments import services as payments
from scf.payments.models import PaymentLine
from scf.payments.selectors import payment_of
from scf.payments.services.confirm import confirmation_key
from scf.trade.models import ReceiptLine
from scf.wallets.attempts import attempts_of, latest_of
from scf.wallets.machine import A
from scf.wallets.models import Act

# Who signs first, by release policy, and what it takes: the seller says shipped, the buyer arrived.
FIRST: dict[str, tuple[str, Permission]] = {
    "PAY_ON_ACCEPTANCE": ("buyer", Permission.DELIVERY_ACCEPT),
    "PAY_ON_SHIPMENT": ("seller", Permission.DELIVERY_SHIP),
}


@transaction.atomic
def sign_acceptance(application_id: UUID, acceptance_id: int, *, by: Actor) -> Acceptance:
    """A person of the first side signs an acceptance that a machine recorded, or signs once more
    one whose confirmation failed; the bank then confirms it again.

    Needs a fresh second factor. Raises NotFound, Forbidden(not_your_side, step_up_required),
    Conflict(wrong_state) when it is signed, and when its line takes no confirmation any more.
    """
    application = get_application(application_id, by=by, lock=True)
    acceptance = _acceptance_of(application, acceptance_id)
    side, permission = first_of(application)
    require_party(application, side, by=by)
    require_permission(by, permission)
    require_step_up(by)
    key = confirmation_key(acceptance.key)
    if not wants_first(latest_of([key]).get(key), acceptance):
        raise Conflict(_("这笔验收已经签署"), code="wrong_state")
    ask_for(acceptance, by=by)
    return give_first_signature(acceptance, by=by)


@transaction.atomic
def confirm_acceptance(application_id: UUID, acceptance_id: int, *, by: Actor) -> Acceptance:
    """The bank's operations confirm an acceptance after seeing its independent evidence (K20).

    Needs a fresh second factor. Raises RuleBroken(evidence_missing) while neither a carrier or
    warehouse has confirmed the delivery by its one-time link, nor a document was attached to the
    receipt; Forbidden(step_up_required, four_eyes); Conflict(wrong_state) when its confirmation
    failed.
    """
    application = get_application(application_id, by=by, lock=True)
    require_party(application, "bank", by=by)
    require_permission(by, Permission.DELIVERY_CONFIRM)
    require_step_up(by)
    acceptance = _acceptance_of(application, acceptance_id)
    if by.person_id and acceptance.signed_by == by.person_id:
        # One person who works for both sides is still one person.
        raise OnePersonTwice
    _require_evidence(acceptance)
    payment = payment_of(application.pk, by=by)
    payments.sign_confirmation(payment.pk, key=acceptance.key, party=application.bank_id, by=by)
    acceptance.confirmed_by_bank = by.person_id
    acceptance.save(update_fields=["confirmed_by_bank"])
    return acceptance


def first_of(application: Application) -> tuple[str, Permission]:
    """The side that signs an acceptance first, and the permission it takes (K3).

    Under PAY_ON_DRAWDOWN deliveries only record and nothing is signed.
    """
    policy = application.terms["release_policy"]
    return FIRST.get(policy, FIRST["PAY_ON_ACCEPTANCE"])


def ask_for(acceptance: Acceptance, *, by: Actor) -> Act:
    """Ask the escrow to confirm the acceptance: once, and once more after a failure."""
    return payments.ask_confirmation(
        payment_of(acceptance.application_id, by=by).pk,
        acceptance.order_line_id,
        key=acceptance.key,
        amount_minor=acceptance.amount_minor,
        evidence_hash=acceptance.evidence_hash,
        closing=acceptance.closing,
        by=by,
    )


def give_first_signature(acceptance: Acceptance, *, by: Actor) -> Acceptance:
    """The first side's signature under what was asked for; the bank's own comes after it."""
    application = acceptance.application
    first = application.parties()[first_of(application)[0]]
    payment = payment_of(application.pk, by=by)
    payments.sign_confirmation(payment.pk, key=acceptance.key, party=first, by=by)
    acceptance.signed_by, acceptance.confirmed_by_bank = by.person_id, None
    acceptance.save(update_fields=["signed_by", "confirmed_by_bank"])
    return acceptance


def wants_first(act: Act | None, acceptance: Acceptance) -> bool:
    """True while the newest attempt lacks the first side's word, and after it failed."""
    if act is None or act.status == A.FAILED:
        return True
    first = acceptance.application.parties()[first_of(acceptance.application)[0]]
    is_open = act.status == A.ASKED and not act.approvals.get(str(first))
    return is_open and acceptance.signed_by is None


def asked_minor(line: PaymentLine) -> int:
    """What earlier acceptances of the line asked for and the chain has not yet confirmed (fen)."""
    asked = Acceptance.objects.filter(
        application_id=line.payment.application_id, order_line_id=line.order_line_id
    )
    keys = [confirmation_key(key) for key in asked.values_list("key", flat=True)]
    acts = attempts_of(keys).filter(status__in=(A.ASKED, A.SENT))
    return sum(acts.values_list("amount_minor", flat=True))


def is_closing(application: Application, order_line_id: UUID) -> bool:
    """True when an acceptance that was asked for before closes the line."""
    asked = Acceptance.objects.filter(application=application, order_line_id=order_line_id)
    closing = asked.exclude(closing="").values_list("key", flat=True)
    acts = attempts_of(confirmation_key(key) for key in closing)
    return acts.exclude(status=A.FAILED).exists()


def _acceptance_of(application: Application, acceptance_id: int) -> Acceptance:
    acceptance = Acceptance.objects.filter(pk=acceptance_id, application=application).first()
    if acceptance is None:
        raise NotFound(_("没有这笔待确认的验收"))
    return acceptance


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
