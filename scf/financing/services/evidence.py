"""Independent evidence by a one-time link: a carrier or warehouse confirms a delivery without an
account (K20).
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from hashlib import sha256
from uuid import UUID

import rfc8785
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from scf.core.actor import SYSTEM, Actor
from scf.core.errors import Conflict, Forbidden, NotFound, RuleBroken
from scf.financing.access import get_application, require_party, require_permission
from scf.financing.models import EvidenceLink
from scf.parties.permissions import Permission
from scf.trade.selectors import get_delivery_line
from scf.workflow import clocks, facts
from scf.workflow.deals import lock_deal

VALID_FOR = timedelta(days=7)
CODE_DIGITS = 6


@dataclass(frozen=True)
class IssuedLink:
    """What is shown once: the token of the link (for the QR) and the code told to the driver
    separately.
    """

    link: EvidenceLink
    token: str
    code: str


@transaction.atomic
def make_evidence_link(application_id: UUID, delivery_line_id: int, *, by: Actor) -> IssuedLink:
    """Make a one-time link for one delivered line; only hashes are kept, so it is shown this
    once.

    By the seller, who hands the goods to the carrier: evidence for the buyer's word must not come
    from the buyer (K20). Raises NotFound, Forbidden(not_your_side).
    """
    application = get_application(application_id, by=by, lock=True)
    require_party(application, "seller", by=by)
    require_permission(by, Permission.DELIVERY_SHIP)
    row = get_delivery_line(delivery_line_id, by=by)
    if row.order_line.locked_by != application.pk:
        raise NotFound(_("没有这张发货单"))
    token = secrets.token_urlsafe(24)
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    link = EvidenceLink.objects.create(
        application=application,
        delivery_line=row,
        token_hash=_hash(token),
        code_hash=_hash(f"{token}:{code}"),
        valid_until=clocks.business_now() + VALID_FOR,
    )
    line = {"line": str(row.order_line_id), "line_number": row.order_line.line_number}
    facts.record(
        "application.evidence_asked", application, by=by, delivery_line=delivery_line_id, **line
    )
    return IssuedLink(link, token, code)


def find_link(token: str) -> EvidenceLink:
    """The link of a token, whoever asks. Raises NotFound for an unknown, used or outdated one."""
    link = EvidenceLink.objects.filter(token_hash=_hash(token)).first()
    is_over = link is None or link.used_at or link.valid_until < clocks.business_now()
    if link is None or is_over or not link.attempts_left:
        raise _gone()
    return link


def _gone() -> NotFound:
    return NotFound(_("链接无效、已使用或已过期：请向发货方索取新的二维码"), code="link_gone")


def confirm_evidence(
    token: str, *, code: str, quantity: Decimal, vehicle: str, slip_number: str, name: str
) -> EvidenceLink:
    """The carrier or warehouse states what it handed over; the record's hash is the evidence.

    Works once. Five wrong codes end the link. Raises NotFound(link_gone), Forbidden(wrong_code),
    RuleBroken(quantity_invalid).
    """
    link = find_link(token)
    if not _takes_try(link):
        raise _gone()
    if _hash(f"{token}:{code}") != link.code_hash:
        raise Forbidden(_("验证码不正确"), code="wrong_code")
    EvidenceLink.objects.filter(pk=link.pk).update(attempts_left=F("attempts_left") + 1)
    if not quantity.is_finite() or quantity < 0:
        raise RuleBroken(_("数量须为不小于零的数字"), code="quantity_invalid")
    record = {
        "quantity": str(quantity),
        "vehicle": vehicle.strip(),
        "slip_number": slip_number.strip(),
        "name": name.strip(),
        "delivery": link.delivery_line.delivery.number,
        "line": str(link.delivery_line.order_line_id),
    }
    return _use(link, record)


@transaction.atomic
def _use(link: EvidenceLink, record: dict[str, str]) -> EvidenceLink:
    lock_deal(link.application.deal_id)
    record_hash = "0x" + sha256(rfc8785.dumps(record)).hexdigest()
    unused = EvidenceLink.objects.filter(pk=link.pk, used_at__isnull=True)
    if not unused.update(used_at=clocks.business_now(), record=record, record_hash=record_hash):
        raise Conflict(_("链接已使用"), code="link_gone")
    facts.record(
        "application.evidence_given",
        link.application,
        by=SYSTEM,
        record=record,
        record_hash=record_hash,
        line=str(link.delivery_line.order_line_id),
        line_number=link.delivery_line.order_line.line_number,
    )
    link.refresh_from_db()
    return link


def _takes_try(link: EvidenceLink) -> bool:
    """Use up one of the tries before the code is looked at: however many guess in one second, only
    so many are heard.
    """
    # Outside a transaction on purpose: the refusal that follows must not undo the count.
    left = EvidenceLink.objects.filter(pk=link.pk, attempts_left__gt=0)
    return bool(left.update(attempts_left=F("attempts_left") - 1))


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()
