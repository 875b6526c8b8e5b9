"""Buyer and seller agree that the rest of a line goes back before expiry (K9): finished, or
withdrawn.
"""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import Forbidden, OnePersonTwice, RuleBroken
from scf.financing.access import get_application, require_permission
from scf.financing.models import Application
from scf.financing.services.confirm import asked_minor
from scf.parties.checks import require_step_up
from scf.parties.permissions import Permission
from scf.payments import services as payments
from scf.payments.machine import L
from scf.payments.models import PaymentLine
from scf.payments.selectors import line_of, payment_of
from scf.payments.services.give_back import rest_of
from scf.trade.selectors import list_awaiting_receipt
from scf.workflow import facts
from scf.workflow.models import Fact

CLOSED = (L.SHORT_CLOSED, L.REJECTED)


@transaction.atomic
def agree_return(application_id: UUID, order_line_id: UUID, *, by: Actor) -> Application:
    """Agree for the actor's own side; when both have, the rest goes back by K6 and K11. Safe twice.

    A line is over when it is short-closed or rejected, and also when the seller withdraws it: both
    agree while none of its goods is on the way. Needs a fresh second factor. Raises
    Forbidden(not_your_side, step_up_required, four_eyes), RuleBroken(line_not_over) while goods
    travel or money is under way, RuleBroken(nothing_to_return) when it leaves no fen.
    """
    application = get_application(application_id, by=by, lock=True)
    if by.organization_id not in (application.buyer_id, application.seller_id):
        raise Forbidden(_("退回须由买卖双方同意"), code="not_your_side")
    require_permission(by, Permission.PAYMENT_SIGN)
    require_step_up(by)
    _require_no_other_side(application, order_line_id, by)
    payment = payment_of(application.pk, by=by)
    line = line_of(payment, order_line_id)
    if not _may_go_back(line, by):
        raise RuleBroken(_("这一行还有在途货物或在途款项，不能提前退回"), code="line_not_over")
    if rest_of(line) <= 0:
        raise RuleBroken(_("这一行没有剩余金额可退"), code="nothing_to_return")
    payments.return_line(payment.pk, order_line_id, party=by.organization_id, by=by)
    facts.record("application.return_agreed", application, by=by, line=str(order_line_id))
    return application


def _require_no_other_side(application: Application, order_line_id: UUID, by: Actor) -> None:
    """Who agreed for one side agrees for no other, whoever else employs that person."""
    agreed = Fact.objects.filter(
        subject_id=application.pk,
        name="application.return_agreed",
        person_id=by.person_id,
        details__line=str(order_line_id),
    )
    if by.person_id and any(fact.organization_id != by.organization_id for fact in agreed):
        raise OnePersonTwice


def _may_go_back(line: PaymentLine, by: Actor) -> bool:
    if line.status in CLOSED:
        return True
    travelling = list_awaiting_receipt(by=by).filter(order_line_id=line.order_line_id)
    return line.status == L.WAITING and not travelling.exists() and not asked_minor(line)
