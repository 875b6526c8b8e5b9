"""The business day, the moment that counts for deadlines, and the pump that fires what fell due."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from scf.core import clock
from scf.core.actor import SYSTEM
from scf.core.errors import RuleBroken
from scf.workflow.deals import lock_deal
from scf.workflow.models import BusinessDay, Subject


def business_date() -> date:
    """The bank day that is open; today's Shanghai date before any was opened."""
    day = BusinessDay.objects.filter(pk=1).values_list("opened_on", flat=True).first()
    return day or clock.today()


def business_now() -> datetime:
    """The wall clock's time on the open bank day: what deadlines count from, also in a lived-
    through past.
    """
    opened = business_date()
    wall = clock.now().astimezone(clock.SHANGHAI)
    return wall if wall.date() == opened else datetime.combine(opened, wall.timetz())


@transaction.atomic
def open_day(day: date) -> None:
    """Make ``day`` the open bank day; days move forward only, and never past today.

    Raises RuleBroken(day_moves_forward) otherwise. Opening the same day twice changes nothing.
    """
    row = BusinessDay.objects.select_for_update().filter(pk=1).first()
    if day > clock.today() or (row and day < row.opened_on):
        raise RuleBroken(
            _("营业日只能向前，且不晚于今天：%(day)s 不可用"),
            code="day_moves_forward",
            day=day.isoformat(),
        )
    if row is None:
        BusinessDay.objects.update_or_create(pk=1, defaults={"opened_on": day})
    elif row.opened_on != day:
        row.opened_on = day
        row.save(update_fields=["opened_on"])


def subject_kinds() -> Iterator[type[Subject]]:
    """Every concrete kind of subject there is."""
    pending = list(Subject.__subclasses__())
    while pending:
        kind = pending.pop()
        pending.extend(kind.__subclasses__())
        if not kind._meta.abstract:
            yield kind


def fire_due(*, limit: int = 1_000) -> int:
    """Fire the ``on_silence`` step of every subject whose time ran out; returns how many moved."""
    kinds = tuple(subject_kinds())
    with connection.cursor() as sql:
        sql.execute(_due_sql(kinds), {"now": business_now(), "limit": limit})
        due = sql.fetchall()
    return sum(_fire_silence(kinds[number], pk) for number, pk in due)


@cache
def _due_sql(kinds: tuple[type[Subject], ...]) -> str:
    # One question for all kinds, written once: on most mornings nothing is due.
    quote = connection.ops.quote_name
    due = " UNION ALL ".join(
        f"SELECT {number} AS kind, id, due_at"  # noqa: S608
        f" FROM {quote(kind._meta.db_table)} WHERE due_at <= %(now)s"
        for number, kind in enumerate(kinds)
    )
    # Only names of our own tables and columns are in it.
    return f"SELECT kind, id FROM ({due}) AS due ORDER BY due_at LIMIT %(limit)s"  # noqa: S608


@transaction.atomic
def _fire_silence(kind: type[Subject], pk: UUID) -> bool:
    subject = kind._default_manager.get(pk=pk)
    lock_deal(subject.deal_id)
    subject.refresh_from_db()
    name = _silence_of(subject)
    if not name or subject.due_at is None or subject.due_at > business_now():
        return False
    subject.machine.fire(subject, name, by=SYSTEM)
    return True


def _silence_of(subject: Subject) -> str:
    # The step that led here says what silence does; of several leading here, any that names a
    # silence.
    rules = [rule for rule in subject.machine.steps.values() if rule.target == subject.status]
    return next((rule.on_silence for rule in rules if rule.on_silence), "")
