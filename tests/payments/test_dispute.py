"""One line disputed: held while the others pay, decided once, and nothing of it is lost."""

from dataclasses import replace

import pytest

from scf.core.errors import Conflict, Forbidden, NotFound, RuleBroken
from scf.financing.selectors import list_my_turn, turn_of
from scf.financing.services import agree_return, decide_dispute, open_dispute
from scf.parties.models import Membership
from scf.workflow.models import Fact
from tests.factories.parties import somebody
from tests.payments.lives import with_code

pytestmark = pytest.mark.usefixtures("stays_sound")
CAP = 414_993_50


def dispute(life, number=2, key="nuo", reason="含水率超标"):
    open_dispute(life.application.pk, life.order_line(number).pk, reason=reason, by=with_code(key))
    life.stack.rest()


def decide(life, gets, number=2, by=None):
    decide_dispute(
        life.application.pk,
        life.order_line(number).pk,
        payee_gets_minor=gets,
        decision="按检验报告",
        by=by or with_code("luo"),
    )
    life.stack.rest()


def test_sixty_percent_to_the_payee_and_the_rest_goes_back_when_both_agree(stack, life):
    dispute(life)
    assert life.line(2).status == "disputed"
    gets = CAP * 60 // 100

    decide(life, gets)

    line = life.line(2)
    assert (line.status, line.released_minor) == ("rejected", gets)
    agree_return(life.application.pk, life.order_line(2).pk, by=with_code("nuo"))
    at_both = replace(with_code("lan"), person_id=somebody("nuo").person_id)
    with pytest.raises(Forbidden) as refusal:
        agree_return(life.application.pk, life.order_line(2).pk, by=at_both)
    assert refusal.value.code == "four_eyes"
    agree_return(life.application.pk, life.order_line(2).pk, by=with_code("lan"))
    stack.rest()
    assert (life.line(2).status, life.line(2).returned_minor) == ("returned", CAP - gets)


def test_the_bank_is_asked_to_decide_a_dispute_by_the_end_of_its_clocks(stack, life):
    application, luo = life.application, somebody("luo")
    assert list_my_turn(by=luo) == []
    dispute(life)
    application.refresh_from_db()

    turn = turn_of(application)
    assert (turn.party_id, turn.due_at) == (application.bank_id, life.line(2).due_at)
    assert turn.due_at is not None
    assert list_my_turn(by=luo) == [(application, turn)]

    decide_dispute(
        application.pk,
        life.order_line(2).pk,
        payee_gets_minor=CAP,
        decision="按检验报告",
        by=with_code("luo"),
    )
    assert turn_of(application).party_id == application.seller_id
    stack.rest()
    assert list_my_turn(by=luo) == []


@pytest.mark.parametrize(("gets", "status"), [(0, "rejected"), (CAP, "paid"), (1, "rejected")])
def test_all_nothing_or_one_fen_may_be_decided(life, gets, status):
    dispute(life, key="lan")
    roles = Membership.objects.filter(person_id=somebody("luo").person_id)
    if gets:
        roles.update(signing_limit_minor=gets - 1)
        with pytest.raises(Forbidden) as refusal:
            decide(life, gets)
        assert refusal.value.code == "over_signing_limit"
    roles.update(signing_limit_minor=gets)
    decide(life, gets)

    assert (life.line(2).status, life.line(2).released_minor) == (status, gets)


def test_the_other_lines_go_on_paying_and_goods_of_the_disputed_one_are_only_recorded(life):
    dispute(life)

    life.deliver(1, "50", "50")
    assert life.line(1).status == "paid"
    life.deliver(2, "50", "50")
    assert (life.line(2).status, life.line(2).confirmed_minor) == ("disputed", 0)

    decide(life, CAP)
    assert life.line(2).status == "paid"


def test_a_line_is_disputed_after_a_part_of_it_was_paid(life):
    life.deliver(2, "25", "25")
    paid = life.line(2).released_minor
    dispute(life)
    with pytest.raises(RuleBroken) as refusal:
        decide(life, CAP - paid + 1)
    assert refusal.value.code == "over_release"

    decide(life, 100_00)

    assert life.line(2).released_minor == paid + 100_00


def test_a_dispute_needs_a_side_a_reason_and_a_line_that_still_holds_money(life, sly, ma):
    line = life.order_line(2).pk
    with pytest.raises(NotFound):
        open_dispute(life.application.pk, line, reason="无", by=sly)
    with pytest.raises(Forbidden):
        open_dispute(life.application.pk, line, reason="无", by=with_code("luo"))
    with pytest.raises(Forbidden):
        open_dispute(life.application.pk, line, reason="无", by=ma)
    with pytest.raises(RuleBroken):
        open_dispute(life.application.pk, line, reason="  ", by=with_code("nuo"))
    with pytest.raises(Conflict):
        decide(life, 1)
    life.deliver(1, "50", "50")
    with pytest.raises(Conflict) as refusal:
        dispute(life, number=1)
    assert refusal.value.code == "wrong_state"


def test_a_dispute_is_opened_once_and_decided_once_with_a_second_factor(life):
    dispute(life)
    with pytest.raises(Conflict):
        dispute(life, key="lan", reason="另一个理由")
    with pytest.raises(Forbidden) as refusal:
        decide(life, 1, by=somebody("luo"))
    assert refusal.value.code == "step_up_required"
    with pytest.raises(Forbidden):
        decide(life, 1, by=with_code("nuo"))
    decide(life, 1)
    with pytest.raises(Conflict):
        decide(life, 2)
    with pytest.raises(Conflict):
        dispute(life)

    assert Fact.objects.filter(name="payment_line.resolved").count() == 1
