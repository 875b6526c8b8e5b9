"""What the escrow's facts mean for the application, the limit and the order lines. Harmless
twice.
"""

from uuid import UUID

from scf.core.actor import SYSTEM
from scf.credit import services as limits
from scf.financing import machine
from scf.financing.models import Application
from scf.payments.machine import S as Escrow
from scf.payments.models import Payment
from scf.trade import services as trade
from scf.workflow.models import Fact


def application_of(fact: Fact) -> Application:
    """The application of the escrow a fact is about."""
    payment = Payment.objects.get(pk=fact.subject_id)
    return Application.objects.get(pk=payment.application_id)


def escrow_opened(fact: Fact) -> None:
    """All have signed and the agreement stands on the chain."""
    application = application_of(fact)
    if application.status == machine.S.APPROVED:
        machine.MACHINE.fire(application, "signed", by=SYSTEM, tx_hash=fact.details["tx_hash"])


def escrow_funded(fact: Fact) -> None:
    """The loan part is in the escrow: the application is funded and the limit used."""
    application = application_of(fact)
    if application.status == machine.S.FUNDED:
        return
    machine.MACHINE.fire(
        application,
        "funded",
        by=SYSTEM,
        amount_minor=fact.details["amount_minor"],
        tx_hash=fact.details["tx_hash"],
    )
    limits.use_limit(
        application.pk,
        amount_minor=application.loan_minor,
        key=f"fund:{fact.subject_id}",
        by=SYSTEM,
    )


def escrow_over(fact: Fact) -> None:
    """Nothing is left in the escrow: order lines that were not paid are free of this deal.

    Under PAY_ON_DRAWDOWN every line was paid before its goods moved, so each stays locked.
    """
    application = application_of(fact)
    if application.terms["release_policy"] == "PAY_ON_DRAWDOWN" and fact.name == "payment.settled":
        return
    if fact.name == "payment.cancelled":
        _end_unfunded(application)
    trade.release_lines(application.pk, by=SYSTEM)


def _end_unfunded(application: Application) -> None:
    """The escrow is gone before anybody ended the application: it ends with it."""
    steps = {"approved": "expired", "signed": "lapsed"}
    step = steps.get(application.status)
    if step:
        machine.MACHINE.fire(application, step, by=SYSTEM)


def act_failed(kind: str, payment_id: UUID, *, reason: str) -> None:
    """A pay-out that the chain or the signer refused goes back to where it may be tried again."""
    payment = Payment.objects.filter(pk=payment_id).first()
    if kind != "fund" or payment is None:
        return
    application = Application.objects.get(pk=payment.application_id)
    if application.status == machine.S.PAYING_OUT:
        machine.MACHINE.fire(application, "pay_out_failed", by=SYSTEM, reason=reason)
        if payment.status == Escrow.CANCELLED:
            _end_unfunded(application)


def principal_fell(fact: Fact) -> None:
    """Principal was repaid or the frame lowered: the limit follows it (K18)."""
    if fact.deal_id is None:
        return
    application = Application.objects.filter(deal_id=fact.deal_id).first()
    if application and fact.details["principal_minor"] > 0:
        limits.free_limit(
            application.pk,
            amount_minor=fact.details["principal_minor"],
            key=f"{fact.name}:{fact.details['key']}",
            by=SYSTEM,
        )
