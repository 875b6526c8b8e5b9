"""Which application an actor may touch, read again after its deal is locked."""

from collections.abc import Collection
from hashlib import sha256
from uuid import UUID

import rfc8785
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import Conflict, Forbidden, NotFound, NotPermitted
from scf.financing.models import Application
from scf.workflow.deals import lock_deal

# Whose words these are: the others read the step without them.
INNER = {
    "application.approved": {"bank"},
    "application.cancelled": {"bank", "buyer"},
    "application.recommended": {"bank", "partner"},
    "application.rejected": {"bank", "buyer"},
    "application.returned": {"bank", "buyer"},
    "application.sent_back": {"bank"},
    "application.withdrawn": {"bank", "buyer"},
    "guarantee.declined": {"bank", "seller"},
    "guarantee.upheld": {"bank", "seller"},
    "guarantee.withdrawn": {"bank", "seller"},
    "lender_approval.given": {"bank", "partner"},
    "lender_approval.refused": {"bank", "partner"},
}


def may_read_words(fact_name: str, *, sides: Collection[str]) -> bool:
    """True when somebody on these sides of the deal (bank, buyer, seller) reads the words of a
    step: what reviewer and approver write to each other is the bank's own, why an application was
    given back is for the buyer too.
    """
    readers = INNER.get(fact_name)
    return readers is None or not readers.isdisjoint(sides)


def get_application(application_id: UUID, *, by: Actor, lock: bool = False) -> Application:
    """One application the actor may see, with ``lock`` after locking its deal. Raises NotFound."""
    found: Application | None = Application.objects.visible_to(by).filter(pk=application_id).first()
    if found is None:
        raise NotFound(_("没有这笔申请"))
    if lock:
        lock_deal(found.deal_id)
        found.refresh_from_db()
    return found


def sides_of(application: Application, *, by: Actor) -> set[str]:
    """What the actor's organization is on the deal: bank, buyer, seller, enterprise, or partner
    for a bank that lends beside.
    """
    parties = application.parties().items()
    return {name.partition("_")[0] for name, who in parties if who == by.organization_id}


def require_permission(by: Actor, permission: str) -> None:
    """Refuse an actor without the permission. Raises Forbidden."""
    if not by.can(permission):
        raise NotPermitted(permission)


def require_party(application: Application, role: str, *, by: Actor) -> None:
    """Refuse an actor whose organization is not the ``role`` of the application. Raises
    Forbidden.
    """
    if not by.is_system and application.parties()[role] != by.organization_id:
        raise Forbidden(_("此操作只能由本业务的另一方进行"), code="not_your_side")


def content_hash(application: Application) -> str:
    """The hash of everything a reviewer and an approver are shown and decide on (RFC 8785,
    SHA-256).

    Status, turn and deadlines are left out: they move without the content changing.
    """
    content = {
        "number": application.number,
        "order": str(application.order_id),
        "programme_version": application.programme_version,
        "terms": application.terms,
        "total_minor": application.total_minor,
        "own_funds_minor": application.own_funds_minor,
        "loan_minor": application.loan_minor,
        "purpose": application.purpose,
        "funding_planned_on": application.funding_planned_on.isoformat(),
        "matures_on": application.matures_on.isoformat(),
        "expires_on": application.expires_on.isoformat(),
        "quote": application.quote,
        "papers": application.papers,
        "opinion": application.opinion,
        "round": application.rounds,
        "lines": [
            [str(line.order_line_id), line.cap_minor]
            for line in application.lines.order_by("order_line_id")
        ],
    }
    if application.deposit_minor:
        content["deposit_minor"] = application.deposit_minor
    if application.attachments:
        content["attachments"] = application.attachments
    return sha256(rfc8785.dumps(content)).hexdigest()


def require_unchanged(application: Application, seen: str) -> None:
    """Refuse a decision on something other than what was shown. Raises
    Conflict(content_changed).
    """
    if content_hash(application) != seen:
        raise Conflict(_("申请内容在您阅读期间已变更：请刷新后重新查看"), code="content_changed")
