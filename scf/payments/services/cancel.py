"""An agreement that is not to be funded: own funds go back to the buyer, nothing else has moved."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.core.actor import SYSTEM, Actor
from scf.core.errors import Conflict
from scf.payments import machine
from scf.payments.agreements import Action, escrow_act, terms_of
from scf.payments.models import Payment
from scf.payments.selectors import lock_payment
from scf.wallets.acts import ActIn, ask_act, send_act
from scf.wallets.attempts import attempt_key
from scf.wallets.machine import A
from scf.wallets.models import Act
from scf.wallets.outcomes import end_overtaken

BEFORE_FUNDING = (machine.S.PREPARED, machine.S.OPEN, machine.S.OWN_FUNDS_IN)


@transaction.atomic
def cancel_payment(payment_id: UUID, *, by: Actor, standing: str = "") -> Payment:
    """The bank cancels before funding; own funds go back to the buyer. Safe twice.

    What is not on the chain yet ends at once, and signatures that are still gathered open nothing
    any more. ``standing`` names the bank's standing order when no person of it asks. Raises
    Conflict(wrong_state) once the loan part is in.
    """
    payment = lock_payment(payment_id, by=by)
    if payment.status == machine.S.CANCELLED:
        return payment
    if payment.status not in BEFORE_FUNDING:
        raise Conflict(_("托管资金已到位，不能再取消"), code="wrong_state", status=payment.status)
    if not _ended_before_opening(payment):
        ask_act(_cancellation(payment), by=by, standing=standing)
    return payment


@transaction.atomic
def lapse_payment(payment_id: UUID) -> Payment:
    """After ``fundBy`` anyone may cancel; the platform relays it, so that own funds never stay
    behind.
    """
    payment = lock_payment(payment_id, by=SYSTEM)
    if payment.status in (machine.S.OPEN, machine.S.OWN_FUNDS_IN):
        args: list[object] = [terms_of(payment).as_call()]
        key = attempt_key(f"lapse:{payment.pk}")
        send_act(escrow_act(payment, "cancel", key, "cancelLapsed", args))
    elif payment.status == machine.S.PREPARED:
        _ended_before_opening(payment)
    return payment


def _ended_before_opening(payment: Payment) -> bool:
    """End an agreement whose opening was not sent; False when the chain has it or soon may."""
    if payment.status != machine.S.PREPARED:
        return False
    openings = Act.objects.filter(subject_id=payment.pk, kind="open")
    if openings.filter(status=A.SENT).exists():
        return False
    end_overtaken(openings)
    machine.MACHINE.fire(payment, "cancelled", by=SYSTEM, amount_minor=0)
    return True


def _cancellation(payment: Payment) -> ActIn:
    approval = {"approval_of": str(payment.bank_id)}
    return escrow_act(
        payment,
        "cancel",
        attempt_key(f"cancel:{payment.pk}"),
        "cancel",
        [terms_of(payment).as_call(), "instruction", approval],
        action=Action.CANCEL,
        parties=(payment.bank_id,),
    )
