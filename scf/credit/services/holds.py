"""Blocking limits for an application at submit, and letting go of the block (K18)."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.core.actor import SYSTEM, Actor
from scf.core.errors import Conflict, NotFound, RuleBroken
from scf.core.money import format_yuan
from scf.credit.access import require_organization
from scf.credit.choices import LimitLevel
from scf.credit.machine import HOLD_MACHINE, HoldStatus
from scf.credit.models import Limit, LimitHold, LimitMovement
from scf.credit.models.movements import LIVE
from scf.credit.movements import locked, move
from scf.credit.selectors import limits_of, terms_for
from scf.workflow import clocks, facts
from scf.workflow.deals import lock_deal


@transaction.atomic
def hold_limit(
    application_id: UUID,
    *,
    programme_id: UUID,
    borrower_id: UUID,
    amount_minor: int,
    deal_id: UUID,
    by: Actor,
) -> LimitHold:
    """Block ``amount_minor`` (the loan, fen) at programme, core enterprise and borrower level.

    Safe to call twice with the same amount; after a release or expiry it blocks anew. Locks the
    deal, then the limits in that order. Ends by itself after the programme's ``hold_days``
    unless extended or used. Raises NotFound for a programme the borrower is not an active member
    of, RuleBroken(limit_missing, limit_frozen, limit_not_in_force, limit_exceeded) naming the
    level, Conflict(hold_changed).
    """
    lock_deal(deal_id)
    require_organization(by, borrower_id)
    existing = LimitHold.objects.filter(application_id=application_id, status__in=LIVE).first()
    if existing is not None:
        return _same(existing, amount_minor)
    if amount_minor <= 0:
        raise RuleBroken(_("申请金额须大于零"), code="amount_invalid")
    in_force = terms_for(programme_id, borrower_id=borrower_id, by=by)
    limits = locked(tuple(each.pk for each in limits_of(in_force, borrower_id=borrower_id)))
    for limit in limits:
        _check_room(limit, amount_minor)
    hold = LimitHold.objects.create(
        application_id=application_id,
        deal_id=deal_id,
        bank_id=in_force.bank_id,
        borrower_id=borrower_id,
        programme_limit=limits[0],
        enterprise_limit=limits[1],
        borrower_limit=limits[2],
        held_minor=amount_minor,
        status=HoldStatus.HELD,
        due_at=clocks.business_now() + timedelta(days=in_force.terms.hold_days),
    )
    for limit in limits:
        limit.blocked_minor += amount_minor
        _move(hold, limit, LimitMovement.Action.HOLD, amount_minor, by)
    facts.record("limit_hold.held", hold, by=by, amount_minor=amount_minor)
    return hold


def _same(hold: LimitHold, amount_minor: int) -> LimitHold:
    if hold.status != HoldStatus.HELD or hold.held_minor != amount_minor:
        raise Conflict(_("该申请已占用过额度，金额或状态不同"), code="hold_changed")
    return hold


def _move(hold: LimitHold, limit: Limit, action: str, amount_minor: int, by: Actor) -> None:
    move(
        limit,
        action,
        amount_minor,
        key=f"{action}:{hold.pk}",
        by=by,
        application_id=hold.application_id,
        deal_id=hold.deal_id,
    )


def _check_room(limit: Limit, amount_minor: int) -> None:
    """Refuse an amount (fen) the limit has no room for today.

    Raises RuleBroken: limit_frozen, limit_not_in_force, limit_exceeded, each with the level.
    """
    level = LimitLevel(limit.level).label
    today = clocks.business_date()
    if limit.is_frozen:
        raise RuleBroken(_("%(level)s已冻结"), code="limit_frozen", level=level)
    if today < limit.effective_on or (limit.expires_on and limit.expires_on < today):
        raise RuleBroken(_("%(level)s不在有效期内"), code="limit_not_in_force", level=level)
    if amount_minor > limit.available_minor:
        raise RuleBroken(
            _("%(level)s不足：可用 %(available)s 元，申请 %(asked)s 元"),
            code="limit_exceeded",
            level=level,
            available=format_yuan(limit.available_minor),
            asked=format_yuan(amount_minor),
        )


def hold_of(application_id: UUID, *, by: Actor) -> LimitHold:
    """The application's hold, behind its deal's lock. Raises NotFound."""
    rows = LimitHold.objects.visible_to(by).filter(application_id=application_id)
    deal_id = rows.values_list("deal_id", flat=True).first()
    if deal_id is None:
        raise NotFound(_("该申请没有占用额度"))
    lock_deal(deal_id)
    # The latest one: an earlier hold of the same application was released or ran out.
    found: LimitHold = rows.select_for_update(no_key=True).order_by("-created_at", "-pk")[0]
    return found


@transaction.atomic
def extend_hold(application_id: UUID, *, until: datetime, by: Actor) -> LimitHold:
    """Let the block live at least until a moment: the application went on. Raises NotFound,
    Conflict.
    """
    hold = hold_of(application_id, by=by)
    if hold.status == HoldStatus.HELD and hold.due_at and until <= hold.due_at:
        return hold
    HOLD_MACHINE.fire(hold, "extended", by=SYSTEM, until=until)
    hold.due_at = until
    hold.save(update_fields=["due_at"])
    return hold


@transaction.atomic
def release_hold(application_id: UUID, *, by: Actor) -> LimitHold:
    """Unblock what an application held that came to nothing; harmless twice.

    Raises NotFound, Conflict(wrong_state) when the limit is already used.
    """
    hold = hold_of(application_id, by=by)
    if hold.status not in (HoldStatus.RELEASED, HoldStatus.EXPIRED):
        HOLD_MACHINE.fire(hold, "released", by=SYSTEM)
        unblock(hold, by=by)
    return hold


@transaction.atomic
def expire_hold(hold_id: UUID, *, by: Actor) -> LimitHold:
    """Unblock what a hold whose time ran out had blocked; harmless twice."""
    hold: LimitHold = LimitHold.objects.get(pk=hold_id)
    unblock(hold, by=by)
    return hold


def unblock(hold: LimitHold, *, by: Actor) -> None:
    """Take the whole block of a hold off its three limits, once."""
    for limit in locked(hold.limit_ids()):
        key = f"{LimitMovement.Action.RELEASE}:{hold.pk}"
        if not limit.movements.filter(key=key).exists():
            limit.blocked_minor -= hold.held_minor
            _move(hold, limit, LimitMovement.Action.RELEASE, -hold.held_minor, by)
