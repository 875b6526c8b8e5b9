"""Facts are recorded in a transaction, reacted to by name, and read so that none is skipped."""

from threading import Event, Thread

import pytest
from django.db import connection, transaction

from scf.core.actor import SYSTEM, Actor
from scf.trade.models import Order
from scf.workflow import facts
from scf.workflow.models import Fact
from scf.workflow.selectors import timeline
from tests.workflow.orders import names


def test_the_parties_see_a_fact_and_nobody_else(order: Order, seller: Actor, sly: Actor) -> None:
    mine = Fact.objects.filter(subject_id=order.pk)

    assert names(mine.visible_to(seller)) == ["order.created"]
    assert names(mine.visible_to(SYSTEM)) == ["order.created"]
    assert names(mine.visible_to(sly)) == []


def test_a_reaction_runs_in_the_same_transaction(order: Order) -> None:
    heard: list[Fact] = []
    facts.on("order.test_heard")(heard.append)

    with transaction.atomic():
        fact = facts.record("order.test_heard", order, by=SYSTEM, amount_minor=5)
        facts.record("order.test_unheard", order, by=SYSTEM)

    assert heard == [fact]
    assert (fact.subject_kind, fact.details) == ("order", {"amount_minor": 5})


def test_a_reaction_that_fails_undoes_the_fact(order: Order) -> None:
    def refuse(_fact: Fact) -> None:
        raise LookupError("no")

    facts.on("order.test_refused")(refuse)

    with pytest.raises(LookupError), transaction.atomic():
        facts.record("order.test_refused", order, by=SYSTEM)

    assert not Fact.objects.filter(name="order.test_refused").exists()


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_no_fact_is_recorded(order: Order) -> None:
    with pytest.raises(AssertionError, match="outside a transaction"):
        facts.record("order.test_outside", order, by=SYSTEM)


def test_the_timeline_of_a_deal_holds_what_the_asker_may_see(order: Order, sly: Actor) -> None:
    order.deal_id = order.pk
    with transaction.atomic():
        facts.record("order.test_first", order, by=SYSTEM)
        facts.record("order.test_second", order, by=SYSTEM)

    assert names(timeline(order.pk, by=SYSTEM)) == ["order.test_first", "order.test_second"]
    assert timeline(order.pk, by=sly) == []


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_fact_committed_late_is_not_skipped_by_a_reader(order: Order) -> None:
    begun, may_commit = Event(), Event()

    def slow() -> None:
        with transaction.atomic():
            facts.record("order.test_slow", order, by=SYSTEM)
            begun.set()
            may_commit.wait(30)
        connection.close()

    writer = Thread(target=slow)
    writer.start()
    assert begun.wait(30)
    with transaction.atomic():
        facts.record("order.test_quick", order, by=SYSTEM)
    seen = facts.facts_after((0, 0))
    may_commit.set()
    writer.join(30)

    assert names(seen)[-1] == "order.created"
    rest = facts.facts_after((seen[-1].xid, seen[-1].pk))
    assert names(rest) == ["order.test_slow", "order.test_quick"]
    assert facts.facts_after((rest[-1].xid, rest[-1].pk)) == []
