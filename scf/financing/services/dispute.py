"""A dispute over one line: opened by buyer or seller, decided by the bank as arbiter of the
terms.
"""

from hashlib import sha256
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import Forbidden, RuleBroken
from scf.financing.access import get_application, require_party, require_permission
from scf.financing.models import Application
from scf.parties.checks import require_step_up, require_within_signing_limit
from scf.parties.permissions import Permission
from scf.payments import services as payments
from scf.payments.selectors import payment_of
from scf.workflow import facts


@transaction.atomic
def open_dispute(
    application_id: UUID, order_line_id: UUID, *, reason: str, by: Actor
) -> Application:
    """Freeze what is unpaid of one line; the other lines go on.

    Needs a fresh second factor. Raises Forbidden(not_your_side, step_up_required),
    RuleBroken(reason_missing), Conflict(wrong_state).
    """
    application = get_application(application_id, by=by, lock=True)
    if by.organization_id not in (application.buyer_id, application.seller_id):
        raise Forbidden(_("争议只能由买方或卖方提出"), code="not_your_side")
    require_permission(by, Permission.PAYMENT_SIGN)
    require_step_up(by)
    if not reason.strip():
        raise RuleBroken(_("请写明争议原因"), code="reason_missing")
    payments.dispute_line(
        payment_of(application.pk, by=by).pk,
        order_line_id,
        party=by.organization_id,
        reason_hash=_hash(reason),
        by=by,
    )
    facts.record(
        "application.disputed", application, by=by, line=str(order_line_id), reason=reason.strip()
    )
    return application


@transaction.atomic
def decide_dispute(
    application_id: UUID, order_line_id: UUID, *, payee_gets_minor: int, decision: str, by: Actor
) -> Application:
    """Say how much of the held amount the payee gets (fen); the rest waits for return or expiry.

    Needs a fresh second factor. Raises Forbidden(step_up_required, over_signing_limit),
    RuleBroken(over_release, reason_missing).
    """
    application = get_application(application_id, by=by, lock=True)
    require_party(application, "bank", by=by)
    require_permission(by, Permission.PAYMENT_SIGN)
    require_step_up(by)
    require_within_signing_limit(
        by, permission=Permission.PAYMENT_SIGN, amount_minor=payee_gets_minor
    )
    if not decision.strip():
        raise RuleBroken(_("请写明裁定理由"), code="reason_missing")
    payments.resolve_line(
        payment_of(application.pk, by=by).pk,
        order_line_id,
        payee_gets_minor=payee_gets_minor,
        decision_hash=_hash(decision),
        by=by,
    )
    facts.record(
        "application.dispute_decided",
        application,
        by=by,
        line=str(order_line_id),
        payee_gets_minor=payee_gets_minor,
        decision=decision.strip(),
    )
    return application


def _hash(text: str) -> str:
    return "0x" + sha256(text.strip().encode()).hexdigest()
