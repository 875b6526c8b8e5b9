"""Escrows as their parties may see them."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import NotFound
from scf.payments.models import Payment, PaymentLine
from scf.workflow.deals import lock_deal


def get_payment(payment_id: UUID, *, by: Actor) -> Payment:
    """One escrow; NotFound when the actor's organization is no party to it."""
    found = Payment.objects.visible_to(by).filter(pk=payment_id).first()
    if found is None:
        raise NotFound(_("没有这笔托管"))
    return found


def payment_of(application_id: UUID, *, by: Actor) -> Payment:
    """The escrow of an application; NotFound before its terms are prepared."""
    found = Payment.objects.visible_to(by).filter(application_id=application_id).first()
    if found is None:
        raise NotFound(_("这笔申请还没有托管"))
    return found


def payment_of_agreement(agreement_id: str) -> Payment | None:
    """The escrow of an agreement on the chain; None for a stranger's agreement."""
    return Payment.objects.filter(agreement_id=agreement_id).first()


def lock_payment(payment_id: UUID, *, by: Actor) -> Payment:
    """One escrow, read again after its deal is locked."""
    lock_deal(get_payment(payment_id, by=by).deal_id)
    return get_payment(payment_id, by=by)


def line_of(payment: Payment, order_line_id: UUID) -> PaymentLine:
    """The escrow's line of an order line. Raises NotFound when the agreement does not hold it."""
    found = payment.lines.filter(order_line_id=order_line_id).select_related("payment").first()
    if found is None:
        raise NotFound(_("这一行不在托管范围内"))
    return found


def line_by_chain_id(payment: Payment, line_id: str) -> PaymentLine:
    """The line an event speaks of."""
    return payment.lines.select_related("payment").get(line_id=line_id)


def list_expired(moment: object) -> list[Payment]:
    """The running escrows whose expiry has come, soonest first."""
    rows = Payment.objects.filter(status__in=["funded", "partial"], expires_at__lte=moment)
    return list(rows.order_by("expires_at"))


def list_lapsed(moment: object) -> list[Payment]:
    """The agreements that were not funded by their ``fundBy``, soonest first."""
    rows = Payment.objects.filter(
        status__in=["prepared", "open", "own_funds_in"], fund_by__lte=moment
    )
    return list(rows.order_by("fund_by"))
