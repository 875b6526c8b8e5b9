"""Attempts of one wish: when one fails the next may follow, and at most one ever takes effect.

The attempts of a wish are acts whose keys are ``base``, ``base#2`` … They share one instruction id,
and the contracts execute an id once: whoever still holds the signatures of a failed attempt can
relay it instead of a later one, never besides it.
"""

from collections.abc import Iterable
from hashlib import sha256
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from scf.core.errors import RuleBroken
from scf.wallets.machine import A
from scf.wallets.models import Act
from scf.wallets.outcomes import mark_failed
from scf.workflow import clocks

SEPARATOR = "#"


def base_of(key: str) -> str:
    """The wish that an act's key is an attempt of."""
    return key.partition(SEPARATOR)[0]


def instruction_id_of(key: str) -> str:
    """The 32 bytes that name a wish on the chain: the SHA-256 of the key of its first attempt."""
    return "0x" + sha256(base_of(key).encode()).hexdigest()


def attempts_of(bases: Iterable[str]) -> QuerySet[Act]:
    """All attempts of these wishes, the oldest first."""
    return Act.objects.filter(instruction_id__in=[instruction_id_of(base) for base in bases])


def latest_of(bases: Iterable[str]) -> dict[str, Act]:
    """By wish its newest attempt; wishes nobody had are left out. One query."""
    return {base_of(act.key): act for act in attempts_of(bases)}


def acts_under_way(kind: str, *, deal_id: UUID | None) -> list[Act]:
    """The acts of a kind on a deal that may still happen: asked for in time, or sent."""
    waiting = Act.objects.filter(kind=kind, deal_id=deal_id, status__in=(A.ASKED, A.SENT))
    return [act for act in waiting if act.status == A.SENT or not _is_too_late(act)]


def minor_under_way(kinds: Iterable[str], *, deal_id: UUID | None) -> int:
    """What acts of these kinds still bring on a deal, in fen."""
    waiting = Act.objects.filter(
        kind__in=tuple(kinds), deal_id=deal_id, status__in=(A.ASKED, A.SENT)
    )
    return sum(act.amount_minor for act in waiting if act.status == A.SENT or not _is_too_late(act))


def failed_wish(kind: str, *, deal_id: UUID | None) -> str | None:
    """The oldest wish of a kind on a deal of which every attempt failed; None without one.

    What is asked for next of the kind is that wish again: signatures of the failed attempt may
    still be relayed by others, instead of the new one then and never besides it.
    """
    alive = Act.objects.filter(instruction_id=OuterRef("instruction_id")).exclude(status=A.FAILED)
    failed = Act.objects.filter(~Exists(alive), kind=kind, deal_id=deal_id, status=A.FAILED)
    first = failed.order_by("id").first()
    return base_of(first.key) if first else None


def attempt_key(base: str) -> str:
    """The key under which a wish is asked for now: ``base``, then ``base#2`` … after each failure.

    An attempt whose time ran out before all had signed has failed with it. Raises
    RuleBroken(reference_invalid) for a wish that would read as an attempt of another one: people
    and systems name some wishes themselves.
    """
    if SEPARATOR in base:
        raise RuleBroken(_("编号不能含有 %(sign)s"), code="reference_invalid", sign=SEPARATOR)
    failed = 0
    for act in attempts_of([base]):
        if act.status == A.ASKED and _is_too_late(act):
            mark_failed(act.key, reason="too_late")
            failed += 1
        failed += act.status == A.FAILED
    return f"{base}{SEPARATOR}{failed + 1}" if failed else base


def _is_too_late(act: Act) -> bool:
    return bool(act.instruction["deadline"] < clocks.business_now().timestamp())
