"""The one place that saves a limit: the row with its new figures, and the movement that says
why.
"""

from uuid import UUID

from scf.core import clock
from scf.core.actor import Actor
from scf.credit.models import Limit, LimitMovement
from scf.workflow import clocks


def is_done(limit: Limit, key: str) -> bool:
    """True when this very movement happened before."""
    return LimitMovement.objects.filter(limit=limit, key=key).exists()


def locked(limit_ids: tuple[UUID, ...]) -> list[Limit]:
    """The limits, locked one by one in the order given: programme, enterprise, borrower."""
    rows = Limit.objects.select_for_update(no_key=True)
    return [rows.get(pk=limit_id) for limit_id in limit_ids]


def move(
    limit: Limit,
    action: str,
    amount_minor: int,
    *,
    key: str,
    by: Actor,
    application_id: UUID | None = None,
    deal_id: UUID | None = None,
) -> LimitMovement:
    """Save the limit as it stands and log the movement; the caller holds its lock.

    What stood above a lowered limit only falls, and only as far as the limit is still exceeded.
    """
    above = max(0, limit.taken_minor - limit.sanctioned_minor)
    limit.excess_minor = min(limit.excess_minor, above)
    limit.save()
    return LimitMovement.objects.create(
        limit=limit,
        key=key,
        action=action,
        amount_minor=amount_minor,
        application_id=application_id,
        deal_id=deal_id,
        sanctioned_minor=limit.sanctioned_minor,
        blocked_minor=limit.blocked_minor,
        used_minor=limit.used_minor,
        spent_minor=limit.spent_minor,
        business_date=clocks.business_date(),
        recorded_at=clock.now(),
        person_id=by.person_id,
    )
