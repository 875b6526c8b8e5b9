"""What the end of an application means for its deposit (K17)."""

from uuid import UUID

from scf.financing.machine import S
from scf.financing.models import Application
from scf.payments.models import Payment
from scf.payments.services import end_deposit

ENDED = (S.REJECTED, S.WITHDRAWN, S.EXPIRED, S.CANCELLED_BY_BANK)


def end_unfunded(application_id: UUID) -> None:
    """The application ended before the pay-out: what was pledged for it goes home."""
    payment = Payment.objects.filter(application_id=application_id).first()
    if payment:
        end_deposit(payment.pk)


def send_back_late(deal_id: UUID | None) -> None:
    """A deposit that was on its way while its application ended turns back."""
    if deal_id is None:
        return
    application = Application.objects.filter(deal_id=deal_id, status__in=ENDED).first()
    if application:
        end_unfunded(application.pk)
