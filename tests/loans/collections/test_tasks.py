"""A task to collect: opened by the overdue loan, noted by its bank, lifted when it is paid."""

from datetime import date, timedelta

import pytest

from scf.core.errors import Conflict, Forbidden, NotFound, RuleBroken
from scf.loans.collections.machine import T
from scf.loans.collections.selectors import (
    Promise,
    collection_tasks_of,
    list_collection_tasks,
    list_my_collection_tasks,
    list_notes,
)
from scf.loans.collections.services import (
    NoteIn,
    add_collection_note,
    assign_collection_task,
    close_collection_task,
    open_collection_task,
)
from scf.loans.selectors import quote_settlement
from scf.loans.services import record_repayment
from scf.workflow import clocks
from scf.workflow.models import Fact
from tests.factories.loans import moved, opened_loan
from tests.factories.parties import also, somebody
from tests.loans.deal import FUNDED, LATE
from tests.portals.loans.conftest import *  # noqa: F403 - the loans as fixtures

DAY = timedelta(days=1)


@pytest.fixture
def task(overdue):
    return overdue.collection_tasks.get()


def said(**changes: object) -> NoteIn:
    given = {"channel": "phone", "contact": "晏知远 1390000", "outcome": "not_reached"}
    return NoteIn(**(given | changes))


def promise(on: date, amount_minor: int) -> NoteIn:
    return said(outcome="promised", promised_on=on, promised_minor=amount_minor)


def test_a_loan_that_falls_overdue_opens_one_task_that_is_nobodys(overdue, task):
    assert (task.status, task.assignee, task.opened_on) == (T.OPEN, None, LATE - 5 * DAY)
    assert open_collection_task(overdue.pk) == task
    assert list(list_my_collection_tasks(by=somebody("zhou"))) == [task]


def test_a_note_makes_the_task_its_writers_and_says_when_it_is_due_again(task):
    zhou = somebody("zhou")
    add_collection_note(task.pk, note=said(), by=zhou)
    task.refresh_from_db()
    assert (task.assignee_id, task.due_on) == (zhou.person_id, LATE + DAY)
    add_collection_note(task.pk, note=said(next_on=LATE + 9 * DAY), by=somebody("chen"))
    task.refresh_from_db()
    assert (task.assignee_id, task.due_on) == (zhou.person_id, LATE + 9 * DAY)
    assert [fact.name for fact in Fact.objects.filter(subject_id=task.pk).order_by("id")] == [
        "collection_task.opened", "collection_task.noted", "collection_task.noted",
    ]  # fmt: skip


def test_a_promise_is_kept_when_its_sum_comes_by_its_day_and_broken_after(overdue, task):
    add_collection_note(task.pk, note=promise(LATE + 2 * DAY, 50_000_00), by=somebody("zhou"))
    (view,) = list_notes(task)
    assert (view.promise, view.paid_minor) == (Promise.WAITING, 0)

    clocks.open_day(LATE + DAY)
    record_repayment(overdue, moved=moved("repay", LATE + DAY, 20_000_00), cause="repay")
    (view,) = list_notes(task)
    assert (view.promise, view.paid_minor) == (Promise.WAITING, 20_000_00)
    clocks.open_day(LATE + 3 * DAY)
    assert list_notes(task)[0].promise is Promise.BROKEN

    record_repayment(overdue, moved=moved("repay", LATE + 2 * DAY, 30_000_00), cause="repay")
    assert list_notes(task)[0].promise is Promise.KEPT


def test_paying_up_lifts_the_task(overdue, task):
    owed = quote_settlement(overdue, on=LATE).total_minor
    record_repayment(overdue, moved=moved("repay", LATE, owed), cause="repay")
    task.refresh_from_db()
    assert (overdue.status, task.status, task.ended_on) == ("settled", T.LIFTED, LATE)
    assert list(list_collection_tasks(by=somebody("zhou"))) == []
    with pytest.raises(Conflict):
        add_collection_note(task.pk, note=said(), by=somebody("zhou"))


def test_a_closed_task_may_be_followed_by_another(overdue, task):
    close_collection_task(task.pk, reason="移交律师", by=somebody("zhou"))
    other = open_collection_task(overdue.pk, by=somebody("chen"))
    assert other != task
    tasks = collection_tasks_of(overdue, by=somebody("zhou"))
    assert [(each.status, each.reason) for each in tasks] == [(T.OPEN, ""), (T.CLOSED, "移交律师")]


def test_a_task_is_given_only_to_somebody_who_may_collect(task):
    chen, yi = somebody("chen"), somebody("yi")
    assign_collection_task(task.pk, person_id=chen.person_id, by=somebody("zhou"))
    task.refresh_from_db()
    assert task.assignee_id == chen.person_id
    with pytest.raises(RuleBroken) as refusal:
        assign_collection_task(task.pk, person_id=yi.person_id, by=chen)
    assert refusal.value.code == "not_a_collector"


@pytest.mark.parametrize(
    ("note", "code"),
    [
        (said(outcome="promised"), "promise_incomplete"),
        (said(promised_on=LATE, promised_minor=1), "promise_incomplete"),
        (promise(LATE - DAY, 1), "day_is_past"),
        (said(next_on=LATE - DAY), "day_is_past"),
    ],
)
def test_a_note_that_makes_no_sense_is_refused(task, note, code):
    with pytest.raises(RuleBroken) as refusal:
        add_collection_note(task.pk, note=note, by=somebody("zhou"))
    assert refusal.value.code == code
    assert list_notes(task) == []


def test_the_borrower_and_other_banks_never_see_how_it_is_collected(overdue, task):
    for key in ("ma", "sly"):
        stranger = also(somebody(key), "loan:collect")
        assert collection_tasks_of(overdue, by=stranger) == []
        with pytest.raises(NotFound):
            add_collection_note(task.pk, note=said(), by=stranger)
        with pytest.raises(NotFound):
            open_collection_task(overdue.pk, by=stranger)
    with pytest.raises(Forbidden):
        add_collection_note(task.pk, note=said(), by=somebody("yi"))
    audience = Fact.objects.get(name="collection_task.opened").audience
    assert audience == [overdue.bank_id]


def test_a_loan_that_is_not_overdue_has_nothing_to_collect(db):
    clocks.open_day(FUNDED)
    with pytest.raises(Conflict):
        open_collection_task(opened_loan().pk, by=somebody("zhou"))
