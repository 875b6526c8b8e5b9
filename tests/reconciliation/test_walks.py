"""Lives of subjects that no machine allows are reported."""

from collections.abc import Callable

import pytest
from django.db import connection

from scf.core.actor import SYSTEM, Actor
from scf.trade.models import Order
from scf.trade.services import confirm_order
from scf.workflow.invariants import run_checks
from tests.workflow.conftest import ma, order, seller

__all__ = ["ma", "order", "seller"]  # fixtures

Sql = Callable[..., None]
WALK = "workflow.status_only_along_the_machine"
SUBJECT = "workflow.steps_have_their_subject"
EYES = "workflow.maker_is_not_checker"


def broken() -> dict[str, list[str]]:
    return {
        name: [row.subject for row in rows]
        for name, rows in run_checks().items()
        if rows and name in (WALK, SUBJECT, EYES)
    }


@pytest.fixture
def behind(order: Order, seller: Actor) -> Sql:
    """A confirmed order; the SQL runs with every trigger off, as only the superuser can."""
    confirm_order(order.pk, by=seller)
    assert broken() == {}

    def run(statement: str, *values: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET LOCAL session_replication_role = 'replica'")
            cursor.execute(statement, values)
            cursor.execute("SET LOCAL session_replication_role = 'origin'")

    return run


def test_a_status_set_by_hand(order: Order, behind: Sql) -> None:
    behind("UPDATE trade_order SET status = 'closed' WHERE id = %s", order.pk)

    assert broken() == {WALK: [f"order {order.pk}"]}


def test_a_fact_taken_away(order: Order, behind: Sql) -> None:
    behind("DELETE FROM workflow_fact WHERE name = 'order.confirmed'")

    assert broken() == {WALK: [f"order {order.pk}"]}


def test_a_step_told_that_was_not_possible(order: Order, behind: Sql) -> None:
    behind("UPDATE workflow_fact SET name = 'order.closed' WHERE name = 'order.confirmed'")
    behind("UPDATE trade_order SET status = 'closed' WHERE id = %s", order.pk)

    assert broken() == {WALK: [f"order {order.pk}"]}


def test_a_row_taken_away(order: Order, behind: Sql) -> None:
    behind("DELETE FROM trade_order WHERE id = %s", order.pk)

    assert broken() == {SUBJECT: [f"order {order.pk}"]}


def test_a_maker_written_over_the_checker(order: Order, ma: Actor, behind: Sql) -> None:
    behind("UPDATE workflow_fact SET person_id = %s WHERE name = 'order.confirmed'", ma.person_id)

    assert broken() == {EYES: [f"order {order.pk}"]}


def test_the_system_is_no_person(order: Order, behind: Sql) -> None:
    behind("UPDATE workflow_fact SET person_id = NULL WHERE subject_id = %s", order.pk)

    assert SYSTEM.person_id is None
    assert broken() == {}
