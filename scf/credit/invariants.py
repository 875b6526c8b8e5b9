"""What must always be true of credit: limits equal their holds and movements, terms their hash."""

from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

from scf.credit.machine import HoldStatus
from scf.credit.models import Limit, LimitFreeze, LimitHold, LimitMovement, ProgrammeVersion
from scf.workflow.invariants import Violation, invariant

FIGURES = ("sanctioned_minor", "blocked_minor", "used_minor", "spent_minor")


@invariant("credit.limits_equal_their_holds")
def limits_equal_their_holds() -> Iterator[Violation]:
    """What is blocked and used of a limit is the sum of the holds on it."""
    blocked: dict[UUID, int] = defaultdict(int)
    used: dict[UUID, int] = defaultdict(int)
    for hold in LimitHold.objects.order_by("pk").iterator():
        for limit_id in hold.limit_ids():
            used[limit_id] += hold.used_minor
            if hold.status == HoldStatus.HELD:
                blocked[limit_id] += hold.held_minor
    for limit in Limit.objects.order_by("pk").iterator():
        stands = (limit.blocked_minor, limit.used_minor)
        if stands != (blocked[limit.pk], used[limit.pk]):
            held = (blocked[limit.pk], used[limit.pk])
            yield Violation(f"limit {limit.pk}", {"stands": stands, "holds": held})


@invariant("credit.limits_stand_where_their_last_movement_left_them")
def limits_stand_where_their_last_movement_left_them() -> Iterator[Violation]:
    """Nothing changes a limit without a movement."""
    rows = LimitMovement.objects.order_by("id").values_list("limit_id", *FIGURES)
    last = {limit_id: figures for limit_id, *figures in rows.iterator()}
    for limit in Limit.objects.order_by("pk").iterator():
        stands = [getattr(limit, name) for name in FIGURES]
        if stands != last.get(limit.pk):
            details = {"stands": stands, "movement": last.get(limit.pk)}
            yield Violation(f"limit {limit.pk}", details)


@invariant("credit.limits_are_frozen_for_a_reason")
def limits_are_frozen_for_a_reason() -> Iterator[Violation]:
    """A limit is frozen exactly while a reason stands."""
    open_ones = LimitFreeze.objects.filter(lifted_at__isnull=True).order_by()
    reasons = set(open_ones.values_list("limit_id", flat=True))
    for pk, is_frozen in Limit.objects.order_by("pk").values_list("pk", "is_frozen"):
        if is_frozen != (pk in reasons):
            yield Violation(f"limit {pk}", {"is_frozen": is_frozen})


@invariant("credit.terms_have_their_hash")
def terms_have_their_hash() -> Iterator[Violation]:
    """The terms of every version are those that were hashed when it was proposed."""
    for version in ProgrammeVersion.objects.order_by("pk").iterator():
        if version.terms().content_hash() != version.hash:
            yield Violation(f"programme_version {version.pk}", {"hash": version.hash})
