"""From blocked to used at funding, and free again as principal falls (K18)."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.core.actor import SYSTEM, Actor
from scf.core.errors import RuleBroken
from scf.credit.machine import HOLD_MACHINE, HoldStatus
from scf.credit.models import Limit, LimitHold, LimitMovement
from scf.credit.movements import is_done, locked, move
from scf.credit.services.holds import hold_of
from scf.workflow import facts


@transaction.atomic
def use_limit(application_id: UUID, *, amount_minor: int, key: str, by: Actor) -> LimitHold:
    """The loan was funded: ``amount_minor`` (fen) goes from blocked to used, the rest is unblocked.

    Happens once per ``key`` (``fund:<payment id>``). A hold that ran out while the money was on its
    way is used all the same. Raises NotFound, Conflict(wrong_state) when it was released or used,
    RuleBroken(over_held) above what was held.
    """
    hold = hold_of(application_id, by=by)
    limits = locked(hold.limit_ids())
    if is_done(limits[0], key):
        return hold
    if not 0 < amount_minor <= hold.held_minor:
        raise RuleBroken(_("占用金额超过预占金额"), code="over_held")
    blocked = hold.held_minor if hold.status == HoldStatus.HELD else 0
    HOLD_MACHINE.fire(hold, "used", by=SYSTEM, amount_minor=amount_minor)
    for limit in limits:
        limit.blocked_minor -= blocked
        limit.used_minor += amount_minor
        # The money is out: a limit given away meanwhile is exceeded, and says by how much.
        above = limit.taken_minor - limit.sanctioned_minor
        limit.excess_minor = max(limit.excess_minor, above)
        _move(hold, limit, LimitMovement.Action.USE, amount_minor, key, by)
    hold.used_minor = amount_minor
    hold.save(update_fields=["used_minor"])
    return hold


@transaction.atomic
def free_limit(application_id: UUID, *, amount_minor: int, key: str, by: Actor) -> LimitHold:
    """Principal fell by ``amount_minor`` (fen): used falls; a revolving limit has the room again.

    Happens once per ``key`` (``return:<payment id>:<n>``, ``repaid:<transaction id>``). The hold is
    ``freed`` with its last fen. Raises NotFound, RuleBroken(over_used) above what is used.
    """
    hold = hold_of(application_id, by=by)
    limits = locked(hold.limit_ids())
    if is_done(limits[0], key):
        return hold
    if not 0 < amount_minor <= hold.used_minor:
        raise RuleBroken(_("释放金额超过已占用金额"), code="over_used")
    for limit in limits:
        _free(hold, limit, amount_minor, key, by)
    hold.used_minor -= amount_minor
    hold.freed_minor += amount_minor
    hold.save(update_fields=["used_minor", "freed_minor"])
    facts.record("limit_hold.lowered", hold, by=by, amount_minor=amount_minor)
    if hold.status == HoldStatus.USED and hold.used_minor == 0:
        HOLD_MACHINE.fire(hold, "freed", by=SYSTEM)
    return hold


def _free(hold: LimitHold, limit: Limit, amount_minor: int, key: str, by: Actor) -> None:
    limit.used_minor -= amount_minor
    if not limit.is_revolving:
        limit.spent_minor += amount_minor
    _move(hold, limit, LimitMovement.Action.FREE, -amount_minor, key, by)


def _move(
    hold: LimitHold, limit: Limit, action: str, amount_minor: int, key: str, by: Actor
) -> None:
    move(
        limit,
        action,
        amount_minor,
        key=key,
        by=by,
        application_id=hold.application_id,
        deal_id=hold.deal_id,
    )
