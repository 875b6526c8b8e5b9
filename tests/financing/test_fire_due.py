"""What fell silent is fired when its time is over: once, each by itself, and nothing before."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from scf.financing.models import Application
from scf.financing.services import return_application, submit_application
from scf.workflow import clocks
from scf.workflow.models import Fact
from tests.factories.credit import ready_programme
from tests.factories.parties import somebody
from tests.factories.trade import confirmed_order
from tests.payments.lives import asked


@pytest.fixture
def returned(db) -> list[Application]:
    """Two applications that the bank gave back to be put right within ten days."""
    programme = ready_programme(borrower_minor=2_000_000_00)
    orders = confirmed_order(), confirmed_order(number="PO-2026-0306")
    rows = [submit_application(asked(each, programme.pk), by=somebody("ma")) for each in orders]
    for row in rows:
        return_application(row.pk, codes=["x"], note="补合同", by=somebody("zhou"))
    return list(Application.objects.order_by("number"))


def time_is_over(application: Application) -> None:
    past = clocks.business_now() - timedelta(seconds=1)
    Application.objects.filter(pk=application.pk).update(due_at=past)


def statuses() -> list[str]:
    return list(Application.objects.order_by("number").values_list("status", flat=True))


def test_nothing_is_fired_before_its_time_and_each_only_once(returned):
    assert all(row.due_at and row.due_at > clocks.business_now() for row in returned)
    assert clocks.fire_due() == 0
    time_is_over(returned[0])

    assert clocks.fire_due() == 1
    assert statuses() == ["expired", "returned"]
    assert clocks.fire_due() == 0
    lapsed = Fact.objects.get(name="application.lapsed")
    assert (lapsed.subject_id, lapsed.person_id) == (returned[0].pk, None)
    lines = returned[0].order.lines
    assert set(lines.values_list("locked_by", flat=True)) == {None}


def test_one_round_takes_no_more_than_its_limit(returned):
    for row in returned:
        time_is_over(row)
    assert clocks.fire_due(limit=1) == 1
    assert clocks.fire_due(limit=1) == 1
    assert statuses() == ["expired", "expired"]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_pumps_at_once_fire_each_once(returned):
    for row in returned:
        time_is_over(row)
    start = Barrier(2)

    def pump() -> int:
        try:
            start.wait(20)
            return clocks.fire_due()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        moved = sum(threads.map(lambda _each: pump(), range(2)))

    assert moved == 2
    assert Fact.objects.filter(name="application.lapsed").count() == 2
