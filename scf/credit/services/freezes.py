"""Freezing a limit for a reason, and thawing it when the last reason is gone (K18)."""

from uuid import UUID

from django.db import transaction

from scf.core import clock
from scf.core.actor import Actor
from scf.credit.access import require, require_organization, visible
from scf.credit.models import Limit, LimitFreeze, LimitMovement
from scf.credit.movements import move
from scf.parties.permissions import Permission
from scf.workflow import facts


@transaction.atomic
def freeze_limit(limit_id: UUID, *, key: str, reason: str, by: Actor) -> Limit:
    """Nothing more may be held on the limit; what is used goes on. Once per ``key``.

    ``key`` names the reason (``overdue:<loan id>``): a limit with several stays frozen until
    each is lifted. A key lifted before may be used again. Raises NotFound, Forbidden without
    ``limit:approve``.
    """
    limit = _of_bank(limit_id, by)
    freeze, is_new = LimitFreeze.objects.get_or_create(
        limit=limit, key=key, defaults={"reason": reason}
    )
    if not is_new and freeze.lifted_at is None:
        return limit
    if not is_new:
        freeze.reason, freeze.lifted_at = reason, None
        freeze.save(update_fields=["reason", "lifted_at"])
    limit.is_frozen = True
    _log(limit, LimitMovement.Action.FREEZE, key, by)
    facts.record("limit.frozen", limit, by=by, reason=reason)
    return limit


@transaction.atomic
def unfreeze_limit(limit_id: UUID, *, key: str, by: Actor) -> Limit:
    """Lift one reason; the limit thaws with the last. Harmless twice. Raises as
    ``freeze_limit``.
    """
    limit = _of_bank(limit_id, by)
    lifted = limit.freezes.filter(key=key, lifted_at__isnull=True).update(lifted_at=clock.now())
    if not lifted:
        return limit
    limit.is_frozen = limit.freezes.filter(lifted_at__isnull=True).exists()
    _log(limit, LimitMovement.Action.UNFREEZE, key, by)
    if not limit.is_frozen:
        facts.record("limit.unfrozen", limit, by=by)
    return limit


def _of_bank(limit_id: UUID, by: Actor) -> Limit:
    require(by, Permission.LIMIT_APPROVE)
    limit: Limit = visible(Limit, limit_id, by=by, lock=True)
    require_organization(by, limit.bank_id)
    return limit


def _log(limit: Limit, action: str, key: str, by: Actor) -> None:
    # The same reason may come and go: its turns are counted, so that each leaves its movement.
    turn = limit.movements.filter(action=action, key__startswith=f"{action}:{key}#").count() + 1
    move(limit, action, 0, key=f"{action}:{key}#{turn}", by=by)
