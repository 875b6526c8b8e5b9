"""An application locks lines, and lets them go."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from scf.core.actor import SYSTEM
from scf.core.errors import Conflict, DomainError, Forbidden, NotFound, RuleBroken
from scf.core.ids import new_id
from scf.trade.models import OrderLine, Reservation
from scf.trade.selectors import list_financeable_lines, list_lines_of_deal
from scf.trade.services import release_lines, reserve_lines, share_order
from scf.workflow.deals import open_deal
from scf.workflow.models import Fact
from tests.factories.parties import also, party, somebody
from tests.factories.trade import (
    accepted_line,
    confirmed_order,
    draft_order,
    line_ids_of,
    lines_of,
    reserved_order,
    shipped_line,
)

pytestmark = pytest.mark.django_db


def test_reserved_lines_carry_the_deal_and_its_application(ma):
    order = confirmed_order()
    application_id, deal_id = new_id(), open_deal()

    reserve_lines(line_ids_of(order)[:2], application_id=application_id, deal_id=deal_id, by=ma)

    first, second, third = lines_of(order)
    for line in (first, second):
        assert (line.status, line.locked_by, line.deal_id) == ("locked", application_id, deal_id)
        assert line.financed_minor == line.amount_minor
    assert (third.status, third.locked_by) == ("confirmed", None)
    assert list(list_financeable_lines(by=ma)) == [third]
    assert list(list_lines_of_deal(deal_id, by=ma)) == [first, second]
    assert Fact.objects.filter(name="order_line.reserved", deal_id=deal_id).count() == 2


def test_reserving_twice_for_the_same_application_changes_nothing(ma):
    order, application_id, deal_id = reserved_order()

    reserve_lines(line_ids_of(order), application_id=application_id, deal_id=deal_id, by=ma)

    assert Reservation.objects.count() == 3


def test_another_application_cannot_have_a_locked_line(ma):
    order, _application_id, _deal_id = reserved_order()

    with pytest.raises(Conflict) as refusal:
        reserve_lines(line_ids_of(order)[:1], application_id=new_id(), deal_id=open_deal(), by=ma)
    assert refusal.value.code == "line_locked"


def test_of_several_lines_all_or_none_are_locked(ma):
    order = confirmed_order()
    first, second, third = line_ids_of(order)
    reserve_lines([second], application_id=new_id(), deal_id=open_deal(), by=ma)

    with pytest.raises(Conflict):
        reserve_lines([first, second, third], application_id=new_id(), deal_id=open_deal(), by=ma)
    assert [line.status for line in lines_of(order)] == ["confirmed", "locked", "confirmed"]


def test_lines_of_a_draft_cannot_be_financed(ma):
    order = draft_order()

    with pytest.raises(Conflict) as refusal:
        reserve_lines(line_ids_of(order), application_id=new_id(), deal_id=open_deal(), by=ma)
    assert refusal.value.code == "wrong_state"
    assert not Reservation.objects.exists()


def test_a_stranger_finds_no_lines(sly):
    order = confirmed_order()

    with pytest.raises(NotFound):
        reserve_lines(
            line_ids_of(order),
            application_id=new_id(),
            deal_id=open_deal(),
            by=also(sly, "application:submit"),
        )


def test_the_bank_that_sees_the_order_cannot_apply_for_the_buyer(ma, zhou, yuanfan):
    order = confirmed_order()
    share_order(order.pk, organization_id=yuanfan.pk, by=ma)

    with pytest.raises(Forbidden):
        reserve_lines(
            line_ids_of(order),
            application_id=new_id(),
            deal_id=open_deal(),
            by=also(zhou, "application:submit"),
        )


def test_who_may_not_apply_may_not_lock(he):
    with pytest.raises(Forbidden):
        reserve_lines(
            line_ids_of(confirmed_order()), application_id=new_id(), deal_id=open_deal(), by=he
        )


def test_an_order_in_foreign_money_is_not_financed(ma):
    order = confirmed_order(currency="EUR")

    with pytest.raises(RuleBroken) as refusal:
        reserve_lines(line_ids_of(order), application_id=new_id(), deal_id=open_deal(), by=ma)
    assert refusal.value.code == "currency_not_financed"
    assert not list_financeable_lines(by=ma)


def test_the_database_refuses_a_second_holder_even_without_the_service(ma):
    order, _application_id, deal_id = reserved_order()
    line = lines_of(order)[0]

    with pytest.raises(IntegrityError, match="line_reserved_once"), transaction.atomic():
        Reservation.objects.create(line=line, application_id=new_id(), deal_id=deal_id)


def test_released_lines_can_be_financed_again(ma, zhou, yuanfan):
    order, application_id, deal_id = reserved_order()
    share_order(order.pk, organization_id=yuanfan.pk, by=ma)

    release_lines(application_id, by=zhou)

    for line in lines_of(order):
        assert (line.status, line.locked_by, line.deal_id) == ("confirmed", None, None)
        assert line.financed_minor == 0
    assert Fact.objects.filter(name="order_line.released", deal_id=deal_id).count() == 3
    reserve_lines(line_ids_of(order), application_id=new_id(), deal_id=open_deal(), by=ma)


def test_releasing_twice_is_harmless(ma):
    _order, application_id, _deal_id = reserved_order()
    release_lines(application_id, by=ma)

    assert release_lines(application_id, by=ma) == []


def test_a_stranger_cannot_release(sly):
    _order, application_id, _deal_id = reserved_order()

    with pytest.raises(NotFound):
        release_lines(application_id, by=sly)


def test_a_shipped_line_loses_its_holder_and_goes_on(ma):
    order, application_id, deal_id = reserved_order()
    first, second, third = lines_of(order)
    shipped_line(first, "50")
    accepted_line(second, "50", number="FH-2")

    release_lines(application_id, by=SYSTEM)

    statuses = [(line.status, line.locked_by, line.deal_id) for line in lines_of(order)]
    assert statuses == [
        ("shipped", None, deal_id),
        ("accepted", None, deal_id),
        ("confirmed", None, None),
    ]
    with pytest.raises(Conflict):
        reserve_lines([first.pk], application_id=new_id(), deal_id=open_deal(), by=ma)
    assert third.pk in {line.pk for line in list_financeable_lines(by=ma)}


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_eight_applications_at_the_same_second_one_gets_the_line():
    order = confirmed_order()
    line_ids = line_ids_of(order)
    maker = somebody("ma")
    party("hengyan")
    deals = [open_deal() for _each in range(8)]
    start = Barrier(8)

    def apply(deal_id):
        try:
            start.wait(10)
            reserve_lines(line_ids, application_id=new_id(), deal_id=deal_id, by=maker)
        except DomainError as refusal:
            return refusal.code
        else:
            return "got it"
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(apply, deals))

    assert sorted(answers) == ["got it"] + ["line_locked"] * 7
    assert Reservation.objects.count() == 3
    assert OrderLine.objects.values("locked_by").distinct().count() == 1
