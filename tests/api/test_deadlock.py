"""Two requests that wait for each other in the database: both are done, each once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import OperationalError, connection, connections, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from scf.api.idempotency import TRIES, answer_patiently
from scf.parties.models import AnsweredRequest, Organization
from scf.parties.services import Answer, Asked
from scf.portals.middleware import RetryMiddleware


class Opposite:
    """Locks two rows one after the other; the first time it waits until the other has one too."""

    def __init__(self, rows: list[UUID], together: Barrier) -> None:
        self.rows, self.together, self.tries = rows, together, 0

    def __call__(self) -> None:
        self.tries += 1
        first, second = self.rows
        self._lock(first)
        if self.tries == 1:
            self.together.wait(30)
        self._lock(second)

    def _lock(self, row: UUID) -> None:
        Organization.objects.select_for_update().get(pk=row)


def both(acts: list[Callable[[], object]]) -> list[object]:
    def run(act: Callable[[], object]) -> object:
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result(60) for future in [pool.submit(run, act) for act in acts]]


def crossing(one: UUID, other: UUID) -> list[Opposite]:
    together = Barrier(2)
    return [Opposite([one, other], together), Opposite([other, one], together)]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_requests_of_the_api_that_deadlock_are_both_done_once(jinhe, hengyan):
    locks = crossing(jinhe.pk, hengyan.pk)

    def asking(lock: Opposite) -> Callable[[], Answer]:
        asked = Asked(jinhe.pk, uuid4().hex, "POST x", "0" * 64)

        def act() -> Answer:
            lock()
            return Answer(201, "done")

        return lambda: answer_patiently(asked, run=act)

    answers = both([asking(lock) for lock in locks])

    assert [(answer.status, answer.is_replayed) for answer in answers] == [(201, False)] * 2
    assert sum(lock.tries for lock in locks) == 3
    assert AnsweredRequest.objects.count() == 2


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_forms_that_deadlock_are_both_handed_in(jinhe, hengyan):
    locks = crossing(jinhe.pk, hengyan.pk)

    def handing_in(lock: Opposite) -> Callable[[], object]:
        def view(_request: HttpRequest) -> HttpResponse:
            with transaction.atomic():
                lock()
            return HttpResponse("done")

        request = RequestFactory().post("/deals/")
        return lambda: RetryMiddleware(HttpResponse).process_view(request, view, (), {})

    answers = both([handing_in(lock) for lock in locks])

    assert [answer.content for answer in answers] == [b"done", b"done"]
    assert sum(lock.tries for lock in locks) == 3


@pytest.mark.django_db(transaction=True)
def test_what_clashes_each_time_is_not_tried_for_ever(jinhe):
    tries = []

    def clash() -> Answer:
        tries.append(1)
        with connection.cursor() as cursor:
            cursor.execute("DO $$ BEGIN RAISE 'lost' USING ERRCODE = '40001'; END $$")
        return Answer(200, "never")

    with pytest.raises(OperationalError) as refusal:
        answer_patiently(Asked(jinhe.pk, uuid4().hex, "POST x", "0" * 64), run=clash)

    assert isinstance(refusal.value.__cause__, psycopg.errors.SerializationFailure)
    assert len(tries) == TRIES
    assert not AnsweredRequest.objects.exists()
