"""An application that ends before funding: withdrawn by the buyer, cancelled by the bank, or run
out.
"""

from uuid import UUID

from django.db import transaction

from scf.core.actor import SYSTEM, Actor
from scf.financing import machine
from scf.financing.access import get_application, require_party
from scf.financing.models import Application
from scf.financing.services.review import let_go
from scf.parties.checks import require_step_up
from scf.payments import services as payments
from scf.payments.models import Payment
from scf.payments.services.cancel import BEFORE_FUNDING


@transaction.atomic
def withdraw_application(application_id: UUID, *, by: Actor, note: str = "") -> Application:
    """The buyer takes its application back before funding; own funds in the escrow come back."""
    application = get_application(application_id, by=by, lock=True)
    require_party(application, "buyer", by=by)
    machine.MACHINE.fire(application, "withdrawn", by=by, note=note)
    let_go(application, by=by)
    _give_own_funds_back(application)
    return application


@transaction.atomic
def cancel_application(application_id: UUID, *, by: Actor, note: str = "") -> Application:
    """The bank withdraws after approval and before funding; the escrow is cancelled with it, by the
    bank's signature where the chain has it. Needs a fresh second factor.
    """
    application = get_application(application_id, by=by, lock=True)
    require_party(application, "bank", by=by)
    require_step_up(by)
    machine.MACHINE.fire(application, "cancelled", by=by, note=note)
    let_go(application, by=by)
    payment = Payment.objects.filter(application_id=application.pk).first()
    if payment:
        payments.cancel_payment(payment.pk, by=by)
    return application


def end_before_signing(application: Application) -> None:
    """A lender said no after the approval: cancelled as by the bank, all it holds is free.

    By the system: the lender of record approved and takes nothing back. The deal is locked.
    """
    machine.MACHINE.fire(application, "cancelled", by=SYSTEM)
    let_go(application, by=SYSTEM)
    _give_own_funds_back(application)


@transaction.atomic
def end_expired(application_id: UUID) -> None:
    """Free what an expired application still holds, own funds too. Harmless twice."""
    application = get_application(application_id, by=SYSTEM, lock=True)
    if application.status == machine.S.EXPIRED:
        let_go(application, by=SYSTEM)
        _give_own_funds_back(application)


def _give_own_funds_back(application: Application) -> None:
    """Cancel what was agreed for an application that ended.

    The bank's standing order lets its signer do so: the only money that moves is the buyer's own,
    back to the buyer.
    """
    payment = Payment.objects.filter(application_id=application.pk).first()
    if payment and payment.status in BEFORE_FUNDING:
        payments.cancel_payment(payment.pk, by=SYSTEM, standing="ended_application")
