"""An agreement that is not to be funded: own funds go back to the buyer, nothing else has moved."""

from uuid import UUID

from django.db import transaction

from scf.core.actor import SYSTEM, Actor
from scf.payments import machine
from scf.payments.agreements import Action, escrow_act, terms_of
from scf.payments.models import Payment
from scf.payments.selectors import lock_payment
from scf.wallets.acts import ask_act, send_act


@transaction.atomic
def cancel_payment(payment_id: UUID, *, by: Actor) -> Payment:
    """The bank cancels before funding. What is not on the chain yet ends at once. Safe twice."""
    payment = lock_payment(payment_id, by=by)
    if payment.status == machine.S.PREPARED:
        machine.MACHINE.fire(payment, "cancelled", by=SYSTEM, amount_minor=0)
    elif payment.status != machine.S.CANCELLED:
        ask_act(
            escrow_act(
                payment,
                "cancel",
                f"cancel:{payment.pk}",
                "cancel",
                [
                    terms_of(payment).as_call(),
                    "instruction",
                    {"approval_of": str(payment.bank_id)},
                ],
                action=Action.CANCEL,
                parties=(payment.bank_id,),
            ),
            by=by,
        )
    return payment


@transaction.atomic
def lapse_payment(payment_id: UUID) -> Payment:
    """After ``fundBy`` anyone may cancel; the platform relays it, so that own funds never stay
    behind.
    """
    payment = lock_payment(payment_id, by=SYSTEM)
    if payment.status == machine.S.PREPARED:
        machine.MACHINE.fire(payment, "cancelled", by=SYSTEM, amount_minor=0)
    elif payment.status in (machine.S.OPEN, machine.S.OWN_FUNDS_IN):
        args: list[object] = [terms_of(payment).as_call()]
        send_act(escrow_act(payment, "cancel", f"lapse:{payment.pk}", "cancelLapsed", args))
    return payment
