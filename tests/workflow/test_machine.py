"""A machine moves a status only along its table, for those who may, once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.utils.translation import override

from scf.core.actor import SYSTEM, Actor
from scf.core.errors import Conflict, Forbidden
from scf.trade.machine import LINE_MACHINE, ORDER_MACHINE
from scf.trade.models import Order
from scf.workflow.models import Fact
from tests.workflow.orders import names, person_of


@pytest.fixture(autouse=True)
def _in_one_act(request: pytest.FixtureRequest) -> Iterator[None]:
    """Firing needs a transaction; the tests of races bring their own."""
    if "race" in request.keywords:
        yield
        return
    request.getfixturevalue("db")
    with transaction.atomic():
        yield


def fire(order: Order, step: str, by: Actor) -> Fact:
    with transaction.atomic():
        return ORDER_MACHINE.fire(order, step, by=by, note="goods seen")


def test_a_step_moves_the_row_and_leaves_a_fact(order: Order, seller: Actor) -> None:
    before = order.version

    fact = fire(order, "confirmed", seller)

    assert (order.status, order.version) == ("confirmed", before + 1)
    order.refresh_from_db()
    assert (order.status, order.version) == ("confirmed", before + 1)
    assert (fact.name, fact.subject_id, fact.person_id) == (
        "order.confirmed",
        order.pk,
        seller.person_id,
    )
    assert fact.details == {"note": "goods seen"}
    assert set(fact.audience) == set(order.parties().values())


def test_a_step_that_names_no_turn_clears_it(order: Order, seller: Actor) -> None:
    assert order.turn_role == "sales"

    fire(order, "confirmed", seller)

    order.refresh_from_db()
    assert (order.turn_party, order.turn_role, order.due_at) == (None, "", None)


def test_without_the_permission_nothing_moves(order: Order, ma: Actor) -> None:
    with pytest.raises(Forbidden) as refusal:
        fire(order, "confirmed", person_of(ma.organization_id))

    assert refusal.value.code == "forbidden"
    order.refresh_from_db()
    assert order.status == "draft"


def test_who_wrote_it_down_cannot_confirm_it(order: Order, ma: Actor) -> None:
    with pytest.raises(Forbidden) as refusal:
        fire(order, "confirmed", ma)

    assert refusal.value.code == "four_eyes"
    order.refresh_from_db()
    assert order.status == "draft"


def test_from_another_status_it_is_a_conflict(order: Order, seller: Actor) -> None:
    fire(order, "confirmed", seller)

    with pytest.raises(Conflict) as refusal:
        fire(order, "confirmed", seller)

    assert refusal.value.code == "wrong_state"
    assert names(Fact.objects.filter(subject_id=order.pk)) == ["order.created", "order.confirmed"]


def test_the_refusal_says_in_words_where_it_stands_and_what_can_be_done(
    order: Order, seller: Actor
) -> None:
    fire(order, "confirmed", seller)

    with pytest.raises(Conflict) as refusal:
        fire(order, "confirmed", seller)

    found = refusal.value
    assert (found.extra["status"], found.extra["allowed"]) == ("confirmed", ["cancelled", "closed"])
    assert found.text() == "当前为“已确认”，不能执行此操作；现在可以：取消订单、完结订单"
    with override("en"):
        assert found.text() == (
            "Not possible while it is “Confirmed”. What can be done now: Cancel the order, "
            "Close the order"
        )


def test_where_nothing_is_left_to_do_the_refusal_says_so(order: Order, ma: Actor) -> None:
    fire(order, "cancelled", ma)

    with pytest.raises(Conflict) as refusal:
        fire(order, "cancelled", ma)

    assert refusal.value.text() == "当前为“已取消”，不能执行此操作；现在没有需要人工办理的步骤"


def test_every_step_a_person_can_take_has_words() -> None:
    machines = [model.machine for model in apps.get_models() if hasattr(model, "machine")]
    lacking = [
        f"{machine.kind}.{name}"
        for machine in machines
        for name, rule in machine.steps.items()
        if rule.permission != "system" and name not in machine.words
    ]
    assert len(machines) > 5
    assert lacking == []


def test_a_row_read_before_it_moved_does_not_move_it_again(order: Order, seller: Actor) -> None:
    stale = Order.objects.get(pk=order.pk)
    fire(order, "confirmed", seller)

    with pytest.raises(Conflict):
        fire(stale, "cancelled" if stale.status == "closed" else "confirmed", SYSTEM)


def test_steps_of_the_system_are_never_human(order: Order, seller: Actor) -> None:
    line = order.lines.get()
    everything = person_of(seller.organization_id, *seller.permissions, "system")  # type: ignore[arg-type]

    with pytest.raises(Forbidden), transaction.atomic():
        LINE_MACHINE.fire(line, "closed", by=everything)

    line.refresh_from_db()
    assert line.status == "draft"


def test_what_is_available_is_what_fire_allows(order: Order, ma: Actor, seller: Actor) -> None:
    assert ORDER_MACHINE.available(order, by=ma) == ["cancelled"]
    assert ORDER_MACHINE.available(order, by=seller) == ["confirmed"]
    assert ORDER_MACHINE.available(order, by=person_of(ma.organization_id)) == []
    assert LINE_MACHINE.available(order.lines.get(), by=SYSTEM) == ["confirmed", "cancelled"]


def test_sql_cannot_move_a_status_outside_the_table(order: Order) -> None:
    statement = "UPDATE trade_order SET status = 'closed' WHERE id = %s"
    with pytest.raises(DatabaseError, match="illegal status change"), transaction.atomic():
        run(statement, order.pk)


def test_sql_cannot_begin_in_the_middle(order: Order) -> None:
    order.pk = None
    order.number, order.status = "PO-2", "confirmed"
    with pytest.raises(DatabaseError, match="illegal first status"), transaction.atomic():
        Order.objects.bulk_create([order])


@pytest.mark.parametrize(
    "statement", ["UPDATE workflow_fact SET name = 'other'", "DELETE FROM workflow_fact"]
)
def test_sql_cannot_edit_a_fact(order: Order, statement: str) -> None:
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        run(statement)

    assert Fact.objects.filter(subject_id=order.pk).exists()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_one_succeeds(order: Order) -> None:
    barrier = Barrier(2)

    def confirm(_number: int) -> str:
        mine = Order.objects.get(pk=order.pk)
        try:
            barrier.wait(30)
            return fire(mine, "confirmed", SYSTEM).name
        except Conflict as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        done = sorted(pool.map(confirm, range(2)))

    assert done == ["order.confirmed", "wrong_state"]


def run(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
