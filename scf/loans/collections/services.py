"""Opening, giving, noting and ending collection tasks. Nothing here moves money."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.core.actor import SYSTEM, Actor
from scf.core.errors import Conflict, Forbidden, NotFound, NotPermitted, RuleBroken
from scf.loans import machine as loans
from scf.loans.collections.machine import MACHINE, T
from scf.loans.collections.models import CollectionNote, CollectionTask, Outcome
from scf.loans.models import Loan
from scf.parties.models import Person
from scf.parties.permissions import Permission
from scf.parties.selectors import list_holders
from scf.workflow import clocks, facts
from scf.workflow.deals import lock_deal

FIRST_AFTER = timedelta(days=1)  # somebody is to have asked by the day after it was opened
MISSED_AFTER = timedelta(days=1)  # and again the day after a promise


@dataclass(frozen=True)
class NoteIn:
    """One attempt as it was made; a promise names its day and its fen, nothing else does.

    ``next_on`` is when the task is due again; without it the day after a promise, or tomorrow.
    """

    channel: str
    contact: str
    outcome: str
    text: str = ""
    promised_on: date | None = None
    promised_minor: int | None = None
    next_on: date | None = None


@transaction.atomic
def open_collection_task(loan_id: UUID, *, by: Actor = SYSTEM) -> CollectionTask:
    """A task for an overdue loan, nobody's yet. Harmless twice: the open one is returned.

    Fact ``collection_task.opened``. Raises NotFound for who is not its lender,
    Forbidden without the permission, Conflict(wrong_state) for a loan that is not overdue.
    """
    loan = _loan_of(loan_id, by)
    known: CollectionTask | None = loan.collection_tasks.filter(status=T.OPEN).first()
    if known:
        return known
    if loan.status != loans.S.OVERDUE:
        raise Conflict(_("贷款没有逾期"), code="wrong_state", status=loan.status)
    today = clocks.business_date()
    task: CollectionTask = CollectionTask.objects.create(
        status=T.OPEN,
        loan=loan,
        deal_id=loan.deal_id,
        bank_id=loan.bank_id,
        opened_on=today,
        due_on=today + FIRST_AFTER,
    )
    facts.record("collection_task.opened", task, by=by)
    return task


@transaction.atomic
def assign_collection_task(task_id: UUID, *, person_id: UUID, by: Actor) -> CollectionTask:
    """Give the task to a person of the bank who may collect, or take it oneself.

    Fact ``collection_task.assigned``. Raises NotFound, Forbidden, Conflict(wrong_state),
    RuleBroken(not_a_collector).
    """
    task = _open_task(task_id, by)
    holders = {
        person.pk for person in list_holders(task.bank_id, permission=Permission.LOAN_COLLECT)
    }
    if person_id not in holders:
        raise RuleBroken(_("此人不能催收：请选择有催收权限的同事"), code="not_a_collector")
    _set(task, assignee=Person.objects.get(pk=person_id))
    facts.record("collection_task.assigned", task, by=by, person_id=str(person_id))
    return task


@transaction.atomic
def add_collection_note(task_id: UUID, *, note: NoteIn, by: Actor) -> CollectionNote:
    """Keep an attempt and say when the next one is due; a task of nobody becomes the writer's.

    Fact ``collection_task.noted``. Raises NotFound, Forbidden, Conflict(wrong_state),
    RuleBroken(promise_incomplete, day_is_past), Forbidden(person_needed) for the system.
    """
    task = _open_task(task_id, by)
    today = clocks.business_date()
    _check(note, today)
    written = CollectionNote.objects.create(
        task=task,
        written_by=_person(by),
        on=today,
        channel=note.channel,
        contact=note.contact,
        outcome=note.outcome,
        promised_on=note.promised_on,
        promised_minor=note.promised_minor,
        text=note.text,
    )
    _set(task, due_on=_next(note, today), assignee=task.assignee or written.written_by)
    facts.record("collection_task.noted", task, by=by, outcome=note.outcome)
    return written


@transaction.atomic
def close_collection_task(task_id: UUID, *, reason: str, by: Actor) -> CollectionTask:
    """End the task though the loan is not paid up, with the reason. Fact
    ``collection_task.closed``.

    Raises NotFound, Forbidden, Conflict(wrong_state).
    """
    task = _open_task(task_id, by)
    MACHINE.fire(task, "closed", by=by, reason=reason)
    return _ended(task, reason)


@transaction.atomic
def lift_collection_tasks(loan_id: UUID) -> None:
    """The loan is paid up: its task ends by itself. Fact ``collection_task.lifted``. Harmless
    twice.
    """
    for task in CollectionTask.objects.filter(loan_id=loan_id, status=T.OPEN):
        lock_deal(task.deal_id)
        MACHINE.fire(task, "lifted", by=SYSTEM)
        _ended(task, "")


def _loan_of(loan_id: UUID, by: Actor) -> Loan:
    """The loan behind its deal's lock, for its lender's collectors."""
    loan: Loan | None = Loan.objects.visible_to(by).filter(pk=loan_id).first()
    if loan is None or not (by.is_system or loan.bank_id == by.organization_id):
        raise NotFound(_("没有这笔贷款"))
    _require_collector(by)
    lock_deal(loan.deal_id)
    loan.refresh_from_db()
    return loan


def _open_task(task_id: UUID, by: Actor) -> CollectionTask:
    task: CollectionTask | None = CollectionTask.objects.visible_to(by).filter(pk=task_id).first()
    if task is None:
        raise NotFound(_("没有这项催收任务"))
    _require_collector(by)
    lock_deal(task.deal_id)
    task.refresh_from_db()
    if task.status != T.OPEN:
        raise Conflict(_("这项催收任务已经结束"), code="wrong_state", status=task.status)
    return task


def _require_collector(by: Actor) -> None:
    if not by.can(Permission.LOAN_COLLECT):
        raise NotPermitted(Permission.LOAN_COLLECT)


def _check(note: NoteIn, today: date) -> None:
    is_promise = note.outcome == Outcome.PROMISED
    if is_promise != bool(note.promised_on and note.promised_minor):
        raise RuleBroken(_("承诺还款须写明日期和金额，其他结果不写"), code="promise_incomplete")
    days = [day for day in (note.promised_on, note.next_on) if day is not None]
    if any(day < today for day in days):
        raise RuleBroken(_("承诺日和下次跟进日不能早于今天"), code="day_is_past")


def _next(note: NoteIn, today: date) -> date:
    if note.next_on:
        return note.next_on
    if note.promised_on:
        return note.promised_on + MISSED_AFTER
    return today + FIRST_AFTER


def _person(by: Actor) -> Person:
    if by.person_id is None:
        raise Forbidden(_("此操作须由本人发起"), code="person_needed")
    return Person.objects.get(pk=by.person_id)


def _ended(task: CollectionTask, reason: str) -> CollectionTask:
    _set(task, ended_on=clocks.business_date(), reason=reason)
    return task


def _set(task: CollectionTask, **values: object) -> None:
    CollectionTask.objects.filter(pk=task.pk).update(**values)
    for name, value in values.items():
        setattr(task, name, value)
