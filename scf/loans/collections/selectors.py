"""What is to be collected and what was said: for the bank whose loans they are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import NotFound
from scf.loans.collections.machine import T
from scf.loans.collections.models import CollectionNote, CollectionTask
from scf.loans.models import Loan
from scf.workflow import clocks


class Promise(StrEnum):
    """What became of a promise to pay."""

    WAITING = "waiting"
    KEPT = "kept"
    BROKEN = "broken"


@dataclass(frozen=True)
class NoteView:
    """A note, and of a promise how much came since it was made, in fen, and what that means."""

    note: CollectionNote
    promise: Promise | None
    paid_minor: int


def get_collection_task(task_id: UUID, *, by: Actor) -> CollectionTask:
    """One task of the actor's bank. Raises NotFound."""
    found: CollectionTask | None = _tasks(by).filter(pk=task_id).first()
    if found is None:
        raise NotFound(_("没有这项催收任务"))
    return found


def list_collection_tasks(*, by: Actor, is_open: bool = True) -> Any:
    """The tasks of the actor's bank, the soonest due first."""
    return _tasks(by).filter(status=T.OPEN) if is_open else _tasks(by)


def list_my_collection_tasks(*, by: Actor) -> Any:
    """Open tasks of the actor, and those nobody has taken yet."""
    mine = Q(assignee_id=by.person_id) | Q(assignee=None)
    return list_collection_tasks(by=by).filter(mine)


def collection_tasks_of(loan: Loan, *, by: Actor) -> list[CollectionTask]:
    """Every task there was for a loan, newest first, with its notes."""
    rows = _tasks(by).filter(loan=loan).order_by("-id")
    return list(rows.prefetch_related("notes__written_by"))


def list_notes(task: CollectionTask) -> list[NoteView]:
    """The notes of a task, newest first; a promise is kept when its sum came by its day."""
    today = clocks.business_date()
    paid = list(task.loan.actions.filter(kind="repay").values_list("on", "amount_minor"))
    return [_view(note, paid, today) for note in task.notes.all()]


def last_notes(loans: Iterable[UUID], *, by: Actor) -> dict[UUID, CollectionNote]:
    """By loan the newest note of any of its tasks."""
    rows = CollectionNote.objects.filter(
        task__in=_tasks(by).filter(loan_id__in=list(loans)).order_by()
    )
    newest = rows.order_by("task__loan_id", "-id").distinct("task__loan_id")
    return {note.task.loan_id: note for note in newest.select_related("task", "written_by")}


def _tasks(by: Actor) -> Any:
    return CollectionTask.objects.visible_to(by).select_related("loan", "assignee")


def _view(note: CollectionNote, paid: list[tuple[date, int]], today: date) -> NoteView:
    if note.promised_on is None or note.promised_minor is None:
        return NoteView(note, None, 0)
    came = sum(amount for on, amount in paid if note.on <= on <= note.promised_on)
    if came >= note.promised_minor:
        return NoteView(note, Promise.KEPT, came)
    state = Promise.BROKEN if note.promised_on < today else Promise.WAITING
    return NoteView(note, state, came)
