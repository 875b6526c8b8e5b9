"""One key, one act: asked twice, asked by fifty threads, asked after the first was killed."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection, connections, transaction

from scf.parties.models import AnsweredRequest
from scf.parties.services import Answer, Asked, answer_once
from scf.trade.models import Order
from tests.api.machine import Machine, machine_of
from tests.api.test_orders import order_body
from tests.factories.trade import draft_order

THREADS = 50


@pytest.mark.django_db
def test_the_same_key_and_body_get_the_same_answer_and_one_order(jinhe, hengyan, ma):
    machine = machine_of(ma)
    body = order_body(jinhe, hengyan)
    first = machine.post("/orders", body, once="k-1")
    # The same object in another order of names is the same request.
    second = machine.post("/orders", dict(reversed(body.items())), once="k-1")

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert first.headers["Content-Type"] == second.headers["Content-Type"]
    assert second.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert Order.objects.count() == 1


@pytest.mark.django_db
def test_another_body_under_the_same_key_is_refused(jinhe, hengyan, ma):
    machine = machine_of(ma)
    machine.post("/orders", order_body(jinhe, hengyan), once="k-1")
    other = machine.post("/orders", order_body(jinhe, hengyan, number="PO-2"), once="k-1")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert Order.objects.count() == 1


@pytest.mark.django_db
def test_another_thing_under_the_same_key_is_another_request(wei):
    machine = machine_of(wei)
    one, other = draft_order(number="PO-1"), draft_order(number="PO-2")
    assert machine.post(f"/orders/{one.pk}/confirm", once="k").status_code == 200
    refused = machine.post(f"/orders/{other.pk}/confirm", once="k")
    assert refused.json()["code"] == "idempotency_key_reused"


@pytest.mark.django_db
def test_a_refusal_of_a_service_is_repeated_as_it_was(wei):
    machine = machine_of(wei)
    order = draft_order()
    machine.post(f"/orders/{order.pk}/confirm")
    first = machine.post(f"/orders/{order.pk}/confirm", once="k-2")
    again = machine.post(f"/orders/{order.pk}/confirm", once="k-2")
    assert (first.status_code, again.status_code) == (409, 409)
    assert first.content == again.content
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.headers["Content-Type"] == "application/problem+json"


@pytest.mark.django_db
def test_a_body_that_makes_no_sense_does_not_use_up_the_key(jinhe, hengyan, ma):
    machine = machine_of(ma)
    assert machine.post("/orders", {}, once="k-3").status_code == 400
    assert machine.post("/orders", order_body(jinhe, hengyan), once="k-3").status_code == 201


@pytest.mark.django_db
def test_two_organizations_may_use_one_key(jinhe, hengyan, ma, wei):
    mine = machine_of(ma).post("/orders", order_body(jinhe, hengyan), once="k")
    theirs = machine_of(wei).post("/orders", order_body(jinhe, hengyan, number="B"), once="k")
    assert (mine.status_code, theirs.status_code) == (201, 201)


@pytest.mark.django_db
@pytest.mark.parametrize("key", [None, "x" * 256, "键", "a\tb"])
def test_a_missing_or_endless_key_is_a_400(jinhe, hengyan, ma, key):
    refused = machine_of(ma).post("/orders", order_body(jinhe, hengyan), once=key)
    assert refused.status_code == 400
    assert refused.json()["code"].startswith("idempotency_key_")
    assert Order.objects.count() == 0


@pytest.mark.django_db
def test_a_key_of_255_is_taken(jinhe, hengyan, ma):
    made = machine_of(ma).post("/orders", order_body(jinhe, hengyan), once="x" * 255)
    assert made.status_code == 201


def _send(key: str, body: dict, once: str) -> tuple[int, bytes, bool]:
    try:
        answer = Machine(key).post("/orders", body, once=once)
        return answer.status_code, answer.content, "Idempotency-Replayed" in answer.headers
    finally:
        connections.close_all()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_fifty_threads_with_one_key_make_one_order(jinhe, hengyan, ma):
    machine = machine_of(ma)
    body = order_body(jinhe, hengyan)
    with ThreadPoolExecutor(THREADS) as pool:
        sent = [pool.submit(_send, machine.key, body, "storm") for _ in range(THREADS)]
        answers = [each.result(60) for each in sent]

    made = [answer for answer in answers if answer[0] == 201 and not answer[2]]
    replayed = [answer for answer in answers if answer[0] == 201 and answer[2]]
    busy = [answer for answer in answers if answer[0] == 409]
    assert len(made) == 1
    assert len(made) + len(replayed) + len(busy) == THREADS
    assert all(b"request_in_flight" in answer[1] for answer in busy)
    assert all(answer[1] == made[0][1] for answer in replayed)
    assert Order.objects.count() == AnsweredRequest.objects.count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_while_the_first_runs_the_second_is_told_and_after_a_kill_it_runs(jinhe):
    """The first process holds the key in an open transaction; killing its backend frees it."""
    asked = Asked(jinhe.pk, uuid4().hex, "POST x", "0" * 64)

    def begin_and_be_killed() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    def second() -> str:
        try:
            with transaction.atomic():
                return answer_once(asked, run=lambda: Answer(200, "second")).body
        finally:
            connections.close_all()

    def run() -> Answer:
        with ThreadPoolExecutor(1) as pool, pytest.raises(Exception, match="request_in_flight"):
            pool.submit(second).result(30)
        begin_and_be_killed()
        return Answer(200, "first")

    with pytest.raises(Exception, match="terminat"):
        answer_once(asked, run=run)
    connection.close()

    assert second() == "second"
    assert AnsweredRequest.objects.get().body == "second"
