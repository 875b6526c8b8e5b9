"""Blocked at submit at three levels, released when nothing comes of it (K18)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from scf.core.errors import Conflict, DomainError, Forbidden, NotFound, RuleBroken
from scf.core.ids import new_id
from scf.credit.models import Limit, LimitHold, LimitMovement
from scf.credit.selectors import get_hold
from scf.credit.services import (
    extend_hold,
    free_limit,
    hold_limit,
    release_hold,
    suspend_member,
    use_limit,
)
from scf.workflow import clocks
from scf.workflow.clocks import fire_due
from scf.workflow.deals import open_deal
from tests.factories.credit import (
    LOAN,
    active_member,
    approved_programme,
    ask,
    figures,
    held,
    ready_programme,
    sanctioned_limit,
)
from tests.factories.parties import party, somebody

pytestmark = pytest.mark.django_db


def test_holding_twice_for_the_same_application_blocks_once():
    programme = ready_programme()
    hold = held(programme)
    again = {"programme_id": programme.pk, "borrower_id": hold.borrower_id}

    for _time in range(2):
        hold_limit(
            hold.application_id,
            amount_minor=LOAN,
            deal_id=hold.deal_id,
            by=somebody("ma"),
            **again,
        )

    assert figures() == (LOAN, 0, 0)
    with pytest.raises(Conflict) as refusal:
        hold_limit(
            hold.application_id, amount_minor=1, deal_id=hold.deal_id, by=somebody("ma"), **again
        )
    assert refusal.value.code == "hold_changed"


def test_more_than_is_available_is_refused_with_the_level_named():
    programme = ready_programme()

    with pytest.raises(RuleBroken) as refusal:
        ask(programme, 1_500_000_01)
    assert refusal.value.code == "limit_exceeded"
    assert refusal.value.extra["available"] == "1,500,000.00"
    assert "借款人额度" in refusal.value.text()
    assert figures() == (0, 0, 0)


@pytest.mark.parametrize(
    ("programme_minor", "enterprise_minor"), [(LOAN - 1, LOAN), (LOAN, LOAN - 1)]
)
def test_each_level_can_say_no(programme_minor, enterprise_minor):
    programme = ready_programme(limit_minor=programme_minor)
    sanctioned_limit("enterprise", "hengyan", enterprise_minor)

    with pytest.raises(RuleBroken) as refusal:
        ask(programme)
    assert refusal.value.code == "limit_exceeded"


def test_without_a_limit_nothing_is_held():
    programme = approved_programme()
    active_member(programme)

    with pytest.raises(RuleBroken) as refusal:
        ask(programme)
    assert refusal.value.code == "limit_missing"


def test_strangers_and_others_cannot_hold(sly, delta, wei):
    programme = ready_programme()

    for other in (sly, delta, wei):
        with pytest.raises(Forbidden):
            ask(programme, by=other)
    with pytest.raises(NotFound):
        ask(programme, by=delta, borrower_id=delta.organization_id)


def test_a_suspended_member_holds_nothing(yi):
    programme = ready_programme()
    suspend_member(programme.members.get().pk, by=yi, reason="-")

    with pytest.raises(RuleBroken) as refusal:
        ask(programme)
    assert refusal.value.code == "member_suspended"


@pytest.mark.parametrize("amount", [0, -1])
def test_nothing_cannot_be_held(amount):
    with pytest.raises(RuleBroken):
        ask(ready_programme(), amount)


def test_a_released_hold_frees_the_block_once(ma):
    hold = held(ready_programme())

    for _time in range(2):
        release_hold(hold.application_id, by=ma)

    assert figures() == (0, 0, 0)
    assert get_hold(hold.application_id, by=ma).status == "released"


def test_a_stranger_finds_no_hold(sly, delta):
    hold = held(ready_programme())

    for stranger in (sly, delta):
        with pytest.raises(NotFound):
            release_hold(hold.application_id, by=stranger)
        with pytest.raises(NotFound):
            use_limit(hold.application_id, amount_minor=1, key="k", by=stranger)
        with pytest.raises(NotFound):
            free_limit(hold.application_id, amount_minor=1, key="k", by=stranger)


def test_a_hold_ends_by_itself_when_its_time_is_over(ma):
    hold = held(ready_programme())
    LimitHold.objects.filter(pk=hold.pk).update(due_at=clocks.business_now())

    assert fire_due() == 1

    assert get_hold(hold.application_id, by=ma).status == "expired"
    assert figures() == (0, 0, 0)
    assert fire_due() == 0


def test_a_hold_that_was_extended_lives_on(ma):
    hold = held(ready_programme())
    LimitHold.objects.filter(pk=hold.pk).update(due_at=clocks.business_now())

    until = clocks.business_now() + timedelta(days=10)
    extend_hold(hold.application_id, until=until, by=ma)

    assert fire_due() == 0
    hold = get_hold(hold.application_id, by=ma)
    assert (hold.status, hold.due_at) == ("held", until)
    LimitHold.objects.filter(pk=hold.pk).update(due_at=clocks.business_now())
    assert fire_due() == 1


def test_the_database_itself_refuses_an_exceeded_limit():
    ready_programme()

    with pytest.raises(IntegrityError, match="limit_not_exceeded"), transaction.atomic():
        Limit.objects.filter(level="borrower").update(blocked_minor=1_500_000_01)


def test_movements_cannot_be_rewritten():
    held(ready_programme())

    with pytest.raises(DatabaseError), transaction.atomic():
        LimitMovement.objects.update(amount_minor=0)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_eight_applications_at_the_same_second_block_no_more_than_there_is():
    programme = ready_programme(borrower_minor=3 * LOAN)
    maker, borrower = somebody("ma"), party("jinhe")
    deals = [open_deal() for _each in range(8)]
    start = Barrier(8)

    def apply(deal_id):
        try:
            start.wait(10)
            hold_limit(
                new_id(),
                programme_id=programme.pk,
                borrower_id=borrower.pk,
                amount_minor=LOAN,
                deal_id=deal_id,
                by=maker,
            )
        except DomainError as refusal:
            return refusal.code
        else:
            return "held"
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(apply, deals))

    assert sorted(answers) == ["held"] * 3 + ["limit_exceeded"] * 5
    assert figures() == (3 * LOAN, 0, 0)


def test_after_a_release_the_same_application_may_hold_anew(ma):
    programme = ready_programme()
    hold = held(programme)
    release_hold(hold.application_id, by=ma)

    again = hold_limit(
        hold.application_id,
        programme_id=programme.pk,
        borrower_id=hold.borrower_id,
        amount_minor=LOAN - 1,
        deal_id=hold.deal_id,
        by=ma,
    )

    assert get_hold(hold.application_id, by=ma) == again
    assert figures() == (LOAN - 1, 0, 0)
    release_hold(hold.application_id, by=ma)
    assert figures() == (0, 0, 0)
