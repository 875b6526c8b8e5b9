"""The bank's collection tasks: the list, one task with its notes, and what may be done with it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from scf.core.actor import Actor
from scf.loans.buckets import bucket_of
from scf.loans.collections import services
from scf.loans.collections.machine import T
from scf.loans.collections.models import Channel, CollectionTask, Outcome
from scf.loans.collections.selectors import (
    NoteView,
    Promise,
    collection_tasks_of,
    get_collection_task,
    list_collection_tasks,
    list_my_collection_tasks,
    list_notes,
)
from scf.loans.machine import S
from scf.loans.models import Loan
from scf.loans.portfolio import Glance, glance_at
from scf.loans.selectors import get_loan
from scf.parties.permissions import Permission
from scf.parties.selectors import get_organization, list_holders
from scf.portals import parts
from scf.portals.access import require_lender
from scf.portals.deal.forms import tried
from scf.portals.deal.words import Words
from scf.portals.forms import DateInput, ReasonForm, YuanField
from scf.portals.lists import page_at
from scf.portals.loans.words import bucket_words, claims_of
from scf.portals.names import short_names
from scf.portals.parts import Chip, Empty
from scf.portals.session import actor_of
from scf.workflow import clocks

P = Permission
TONES = {T.OPEN: "orange", T.CLOSED: "grey", T.LIFTED: "green"}
PROMISES: dict[Promise, Chip] = {
    Promise.WAITING: Chip(_("等待兑现"), "blue"),
    Promise.KEPT: Chip(_("已兑现"), "green"),
    Promise.BROKEN: Chip(_("未兑现"), "red"),
}


class NoteForm(forms.Form):
    """One attempt as it was made."""

    channel = forms.ChoiceField(label=_("方式"), choices=Channel.choices)
    contact = forms.CharField(label=_("联系人（姓名、电话）"), max_length=80)
    outcome = forms.ChoiceField(label=_("结果"), choices=Outcome.choices, initial=Outcome.INFORMED)
    promised_on = forms.DateField(
        label=_("承诺还款日（仅承诺还款时填）"), widget=DateInput(), required=False
    )
    promised = YuanField(label=_("承诺金额（元）"), max_length=30, required=False)
    text = forms.CharField(
        label=_("经过"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000, required=False
    )
    next_on = forms.DateField(
        label=_("下次跟进日（不填则自动）"), widget=DateInput(), required=False
    )

    def note(self) -> services.NoteIn:
        """What the service takes."""
        given = self.cleaned_data
        return services.NoteIn(
            channel=given["channel"],
            contact=given["contact"],
            outcome=given["outcome"],
            text=given["text"],
            promised_on=given["promised_on"],
            promised_minor=given["promised"],
            next_on=given["next_on"],
        )


class AssignForm(forms.Form):
    """Who follows it up."""

    person = forms.ChoiceField(label=_("负责人"))

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["person"]
        field.choices = people


@dataclass(frozen=True)
class NoteRow:
    """A note with what became of its promise."""

    view: NoteView
    promise: Chip | None


@dataclass(frozen=True)
class TaskView:
    """A task in words: whose turn it is by when, and every note, newest first."""

    task: CollectionTask
    chip: Chip
    turn: parts.Turn | None
    notes: Sequence[NoteRow]


@dataclass(frozen=True)
class TaskRow:
    """One line of the list."""

    task: CollectionTask
    glance: Glance
    borrower: str
    bucket: Words
    turn: parts.Turn | None


@require_GET
def tasks(request: HttpRequest) -> HttpResponse:
    """Open tasks, the soonest due first; ``mine`` keeps the reader's and nobody's."""
    by = actor_of(request)
    require_lender(by)
    mine = request.GET.get("mine", "") == "on"
    found = list_my_collection_tasks(by=by) if mine else list_collection_tasks(by=by)
    page = page_at(list(found), request)
    context = {
        "page": page,
        "rows": _rows(page.rows, by),
        "mine": mine,
        "section": "collections",
        "empty": Empty(_("没有催收任务"), _("贷款逾期时自动产生一项任务，还清时自动解除。")),
    }
    return render(request, "loans/tasks.html", context)


@require_GET
def task(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """One task: what is owed, whom to ask, what was said, and the next note."""
    by = actor_of(request)
    require_lender(by)
    return _page(request, get_collection_task(task_id, by=by), by)


@require_POST
def note(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Keep an attempt."""
    by, form = actor_of(request), NoteForm(request.POST)

    def act() -> object:
        return services.add_collection_note(task_id, note=form.note(), by=by)

    return _done(request, task_id, by, act, words=_("已记录"), note_form=form)


@require_POST
def assign(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Give the task to somebody."""
    by = actor_of(request)
    found = get_collection_task(task_id, by=by)
    form = AssignForm(request.POST, people=_people(found))

    def act() -> object:
        person = UUID(form.cleaned_data["person"])
        return services.assign_collection_task(task_id, person_id=person, by=by)

    return _done(request, task_id, by, act, words=_("已分派"), assign_form=form)


@require_POST
def close(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """End the task with its reason."""
    by, form = actor_of(request), ReasonForm(request.POST)

    def act() -> object:
        reason = form.cleaned_data["reason"]
        return services.close_collection_task(task_id, reason=reason, by=by)

    return _done(request, task_id, by, act, words=_("催收任务已结束"), close_form=form)


@require_POST
def open_task(request: HttpRequest, loan_id: UUID) -> HttpResponse:
    """Take an overdue loan up again whose last task was closed."""
    by = actor_of(request)
    made = services.open_collection_task(get_loan(loan_id, by=by).pk, by=by)
    messages.success(request, _("已开始催收"))
    return redirect("collection_task", task_id=made.pk)


def collection_of(loan: Loan, *, by: Actor) -> dict[str, Any]:
    """For the bank's page of a loan: its tasks, newest first, and whether one may be opened."""
    found = [task_view(each, by) for each in collection_tasks_of(loan, by=by)]
    is_open = any(each.task.status == T.OPEN for each in found)
    may_open = loan.status == S.OVERDUE and not is_open and by.can(P.LOAN_COLLECT)
    return {"tasks": found, "may_open_task": may_open}


def task_view(found: CollectionTask, by: Actor) -> TaskView:
    """A task in words."""
    notes = [
        NoteRow(each, PROMISES[each.promise] if each.promise else None)
        for each in list_notes(found)
    ]
    chip = Chip(found.status_label, TONES[T(found.status)])
    return TaskView(found, chip, _turn(found, by), notes)


def _turn(found: CollectionTask, by: Actor) -> parts.Turn | None:
    if found.status != T.OPEN:
        return None
    who: Words = found.assignee.name if found.assignee else _("催收人员（待分派）")
    is_mine = by.can(P.LOAN_COLLECT) and found.assignee_id in (by.person_id, None)
    what = _("%(day)s 前跟进") % {"day": found.due_on.isoformat()}
    return parts.Turn(who, what, None, is_mine, found.due_on < clocks.business_date())


def _rows(found: Sequence[CollectionTask], by: Actor) -> list[TaskRow]:
    glances = {each.loan.pk: each for each in glance_at([task.loan for task in found])}
    names = short_names({task.loan.buyer_id for task in found}, by=by)
    return [
        TaskRow(
            task=each,
            glance=(glance := glances[each.loan_id]),
            borrower=names.get(each.loan.buyer_id, ""),
            bucket=_bucket(glance),
            turn=_turn(each, by),
        )
        for each in found
    ]


def _bucket(glance: Glance) -> Words:
    bucket = bucket_of(glance.days_past_due)
    return bucket_words(bucket) if bucket else ""


def _people(found: CollectionTask) -> list[tuple[str, str]]:
    holders = list_holders(found.bank_id, permission=P.LOAN_COLLECT)
    return [(str(person.pk), person.name) for person in holders]


def _page(
    request: HttpRequest, found: CollectionTask, by: Actor, **sent: forms.Form
) -> HttpResponse:
    glance = glance_at([found.loan])[0]
    may_act = found.status == T.OPEN and by.can(P.LOAN_COLLECT)
    mine = {"person": str(found.assignee_id or by.person_id)}
    view = task_view(found, by)
    first: dict[str, date | str] = (
        {"contact": view.notes[0].view.note.contact} if view.notes else {}
    )
    context = {
        "view": view,
        "glance": glance,
        "borrower": get_organization(found.loan.buyer_id),
        "claims": claims_of(glance.due),
        "bucket": _bucket(glance),
        "may_act": may_act,
        "note_form": sent.get("note_form") or NoteForm(initial=first),
        "assign_form": sent.get("assign_form") or AssignForm(people=_people(found), initial=mine),
        "close_form": sent.get("close_form") or ReasonForm(),
        "section": "collections",
    }
    return render(request, "loans/task.html", context, status=400 if sent else 200)


def _done(
    request: HttpRequest,
    task_id: UUID,
    by: Actor,
    act: Callable[[], object],
    *,
    words: Words,
    **sent: forms.Form,
) -> HttpResponse:
    """Do it and go back to the task; what was wrong is said in the form it was typed into."""
    require_lender(by)
    form = next(iter(sent.values()))
    if form.is_valid() and tried(form, act):
        messages.success(request, str(words))
        return redirect("collection_task", task_id=task_id)
    return _page(request, get_collection_task(task_id, by=by), by, **sent)
