"""Answering a machine's request once, however often and wherever it is asked again."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from scf.core import clock
from scf.core.errors import Conflict, RuleBroken
from scf.parties.models import AnsweredRequest

KEPT_FOR = timedelta(days=30)


@dataclass(frozen=True)
class Asked:
    """One request: whose, under which key, by which route, and the hash of what it says."""

    organization_id: UUID
    key: str
    route: str
    body_hash: str


@dataclass(frozen=True)
class Answer:
    """What was answered. ``is_kept`` says whether asking again gets the same."""

    status: int
    body: str
    is_kept: bool = True
    is_replayed: bool = False


@transaction.atomic
def answer_once(asked: Asked, *, run: Callable[[], Answer]) -> Answer:
    """Run the request, or give the answer it had when it was first asked.

    The answer is written in the transaction of the act: a process killed at any moment leaves both
    or neither, and whoever asks again does the act then. A lock that ends with the transaction, not
    a row, says that the first is still running. Raises Conflict(request_in_flight) meanwhile,
    RuleBroken(idempotency_key_reused) when the key said something else before.
    """
    if not _take_lock(asked):
        raise Conflict(_("同一幂等键的请求正在处理中：请稍后重试"), code="request_in_flight")
    known = AnsweredRequest.objects.filter(**_identity(asked)).first()
    if known is not None:
        return _replayed(known, asked)
    answer = run()
    if answer.is_kept:
        AnsweredRequest.objects.create(
            **_identity(asked), body_hash=asked.body_hash, status=answer.status, body=answer.body
        )
    return answer


def forget_answers(before_days: int = KEPT_FOR.days) -> int:
    """Remove the answers older than so many days; returns how many. Their keys are free again."""
    oldest = clock.now() - timedelta(days=before_days)
    removed, _kinds = AnsweredRequest.objects.filter(answered_at__lt=oldest).delete()
    return removed


def _replayed(known: AnsweredRequest, asked: Asked) -> Answer:
    if known.body_hash != asked.body_hash:
        raise RuleBroken(
            _("这个幂等键已用于另一个请求：请换一个新的幂等键"), code="idempotency_key_reused"
        )
    return replace(Answer(known.status, known.body), is_replayed=True)


def _identity(asked: Asked) -> dict[str, object]:
    return {
        "organization_id": asked.organization_id,
        "key": asked.key,
        "route": asked.route,
    }


def _take_lock(asked: Asked) -> bool:
    name = "\0".join(str(part) for part in _identity(asked).values())
    number = int.from_bytes(sha256(name.encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        return bool(cursor.fetchone()[0])
