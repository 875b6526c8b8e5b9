"""Recording a fact, reacting to it, and reading facts in an order that skips no late commit."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from typing import Any, Protocol
from uuid import UUID

from django.db import connection, transaction

from scf.core import clock
from scf.core.actor import Actor
from scf.workflow import clocks
from scf.workflow.models import Fact

Reaction = Callable[[Fact], None]
_reactions: dict[str, list[Reaction]] = defaultdict(list)


class HasFacts(Protocol):
    """What a fact can be about: a row with an id, perhaps of a deal, that names its parties."""

    pk: Any
    deal_id: Any

    def parties(self) -> Mapping[str, UUID]: ...


def on(*names: str) -> Callable[[Reaction], Reaction]:
    """Register a reaction to facts of these names; it runs in the same transaction and must be
    harmless twice.
    """

    def register(reaction: Reaction) -> Reaction:
        for name in names:
            _reactions[name].append(reaction)
        return reaction

    return register


def record(name: str, subject: HasFacts, *, by: Actor, **details: object) -> Fact:
    """Append one fact about ``subject`` and run the reactions to it, inside the caller's
    transaction.
    """
    return _append(name, subject, told=(), by=by, details=details)


def record_for(
    told: Collection[str], name: str, subject: HasFacts, *, by: Actor, **details: object
) -> Fact:
    """The same, read by the parties ``told`` names alone; by all of the subject's for none."""
    return _append(name, subject, told=told, by=by, details=details)


def _append(
    name: str,
    subject: HasFacts,
    *,
    told: Collection[str],
    by: Actor,
    details: Mapping[str, object],
) -> Fact:
    if not transaction.get_connection().in_atomic_block:
        raise AssertionError(f"fact {name} recorded outside a transaction")
    fact = Fact.objects.create(
        name=name,
        subject_kind=name.partition(".")[0],
        subject_id=subject.pk,
        deal_id=subject.deal_id,
        recorded_at=clock.now(),
        business_date=clocks.business_date(),
        person_id=by.person_id,
        user_id=by.user_id,
        organization_id=by.organization_id,
        actor_name=by.name,
        audience=_audience(subject, told),
        details=details,
    )
    _nudge(fact)
    for reaction in _reactions[name]:
        reaction(fact)
    return fact


def _audience(subject: HasFacts, told: Collection[str]) -> list[UUID]:
    parties = subject.parties().items()
    return sorted({who for name, who in parties if who and (not told or name in told)}, key=str)


def _nudge(fact: Fact) -> None:
    # A nudge for open pages; they read the rows themselves, so a lost nudge costs only time.
    if fact.deal_id:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify('facts', %s)", [str(fact.deal_id)])


def facts_after(cursor: tuple[int, int], *, limit: int = 500) -> list[Fact]:
    """The next facts after ``(xid, id)``, oldest first.

    Only rows below every running transaction are handed out, so a transaction that commits late can
    never land behind a reader's cursor.
    """
    xid, last_id = cursor
    settled = Fact.objects.extra(
        where=["xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"]
    )
    rows = settled.extra(where=["(xid, id) > (%s, %s)"], params=[xid, last_id])
    return list(rows.order_by("xid", "id")[:limit])
