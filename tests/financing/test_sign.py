"""Signing the terms and paying own funds: whose hand it takes, once, and again after a failure."""

from dataclasses import replace

import pytest

from scf.chain.models import ChainCommand
from scf.core.errors import Conflict, Forbidden, NotFound, RuleBroken
from scf.credit.models import LimitHold
from scf.financing.checks import look_at_pay_out
from scf.financing.models import Application
from scf.financing.selectors import signed_sides, turn_of
from scf.financing.services import (
    pay_own_funds,
    resubmit_application,
    return_application,
    sign_application,
)
from scf.wallets.models import Act
from scf.wallets.selectors import require_covered
from scf.wallets.services import transfer
from scf.workflow import clocks
from scf.workflow.clocks import fire_due
from scf.workflow.models import Fact
from tests.factories.credit import figures
from tests.factories.parties import also, party, somebody
from tests.payments.lives import Life, approved, signed, submitted, with_code

SIGNS = "application:sign", "payment:sign"


@pytest.fixture
def begins() -> None:
    """A chain of today, unlike that of the golden deal in this room."""


def gave_up(life: Life, function: str) -> None:
    """The last call of a function was blocked, and two persons gave it up."""
    life.stack.signer.sign_waiting()
    command = ChainCommand.objects.filter(function=function).latest("position")
    ChainCommand.objects.filter(pk=command.pk).update(state="blocked", error="reverted")
    life.give_up(command)
    life.application.refresh_from_db()


def whose_turn(life: Life):
    return turn_of(Application.objects.get(pk=life.application.pk)).party_id


def refused(verb, life: Life, by) -> str:
    with pytest.raises((Conflict, Forbidden, NotFound)) as refusal:
        verb(life.application.pk, by=by)
    return refusal.value.code


def test_before_it_is_approved_nobody_signs_and_nobody_pays(stack):
    life = submitted(stack)
    assert refused(sign_application, life, with_code("nuo")) == "wrong_state"
    with pytest.raises(NotFound):
        pay_own_funds(life.application.pk, by=with_code("nuo"))


def test_only_the_right_person_of_a_side_signs_and_pays(stack):
    life = approved(stack)
    pk = life.application.pk
    with pytest.raises(NotFound):
        sign_application(pk, by=with_code("sly"))
    assert refused(sign_application, life, also(with_code("ma"), *SIGNS)) == "four_eyes"
    assert refused(sign_application, life, with_code("wei")) == "forbidden"
    assert refused(sign_application, life, somebody("nuo")) == "step_up_required"
    assert signed_sides(life.application) == {"buyer": False, "seller": False, "bank": False}
    assert refused(pay_own_funds, life, with_code("nuo")) == "wrong_state"

    for _twice in range(2):
        sign_application(pk, by=with_code("nuo"))
    assert Act.objects.filter(kind__in=["open", "mandate"]).count() == 3
    life.sign("lan", "luo")
    assert life.status() == ("signed", "open")
    assert refused(sign_application, life, with_code("nuo")) == "wrong_state"

    with pytest.raises(NotFound):
        pay_own_funds(pk, by=with_code("sly"))
    assert refused(pay_own_funds, life, also(with_code("ma"), *SIGNS)) == "four_eyes"
    assert refused(pay_own_funds, life, with_code("lan")) == "not_your_side"
    assert refused(pay_own_funds, life, somebody("nuo")) == "step_up_required"
    assert not Act.objects.filter(kind="own_funds").exists()
    for _twice in range(2):
        pay_own_funds(pk, by=with_code("nuo"))
    stack.rest()
    assert Act.objects.get(kind="own_funds").status == "done"
    assert life.payment.own_funds_in_minor == 200_000_00
    assert refused(pay_own_funds, life, with_code("nuo")) == "wrong_state"


def test_who_signed_for_one_side_signs_for_no_other(stack):
    """A person two organizations employ is one person: two sides want two."""
    life = approved(stack).sign("nuo")
    nuo = with_code("nuo")
    for key in ("lan", "luo"):
        at_both = replace(with_code(key), person_id=nuo.person_id)
        with pytest.raises(Forbidden) as refusal:
            sign_application(life.application.pk, by=at_both)
        assert refusal.value.code == "four_eyes"
    life.sign("nuo", "lan", "luo")
    assert life.status() == ("signed", "open")


def test_who_submitted_again_what_was_returned_is_its_maker_too(stack):
    life = submitted(stack)
    return_application(life.application.pk, codes=["x"], note="", by=somebody("zhou"))
    nuo = also(with_code("nuo"), "application:submit")
    resubmit_application(life.application.pk, purpose="补", by=nuo)
    life.recommend().approve()

    assert refused(sign_application, life, nuo) == "four_eyes"


def test_after_an_opening_that_failed_all_sign_once_more(stack):
    life = approved(stack)
    for key in ("nuo", "lan", "luo"):
        sign_application(life.application.pk, by=with_code(key))
    assert all(signed_sides(life.application).values())
    assert whose_turn(life) is None
    gave_up(life, "open")

    assert not any(signed_sides(life.application).values())
    assert whose_turn(life) == party("jinhe").pk
    life.sign()
    assert life.status() == ("signed", "open")
    assert Fact.objects.filter(name="application.party_signed").count() == 6


def test_own_funds_that_failed_are_the_buyers_turn_again(stack):
    life = signed(stack)
    pay_own_funds(life.application.pk, by=with_code("nuo"))
    assert whose_turn(life) is None
    gave_up(life, "payOwnFunds")

    assert whose_turn(life) == party("jinhe").pk
    life.own_funds()
    assert life.status() == ("signed", "own_funds_in")
    assert whose_turn(life) == party("yuanfan").pk


def test_a_mandate_that_failed_is_signed_once_more_before_any_pay_out(stack):
    life = approved(stack)
    for key in ("nuo", "lan", "luo"):
        sign_application(life.application.pk, by=with_code(key))
    gave_up(life, "mandate")
    stack.rest()
    assert life.status() == ("signed", "open")
    assert whose_turn(life) == party("jinhe").pk
    life.own_funds()
    passed, _seen = look_at_pay_out(life.application, by=with_code("luo"))["contracts_signed"]
    assert not passed

    assert refused(sign_application, life, with_code("lan")) == "wrong_state"
    sign_application(life.application.pk, by=with_code("nuo"))
    stack.rest()
    mandates = Act.objects.filter(kind="mandate").order_by("id")
    assert [act.status for act in mandates].count("done") == 2
    assert whose_turn(life) == party("yuanfan").pk
    assert refused(sign_application, life, with_code("nuo")) == "wrong_state"
    assert life.pay_out().status() == ("funded", "funded")


def test_own_funds_the_wallet_does_not_hold_are_refused_before_anybody_signs(stack):
    life = signed(stack)
    payment, nuo = life.payment, with_code("nuo")
    spent = {"kind": "repay", "deal_id": payment.deal_id, "by": nuo}
    transfer(
        payment.buyer_wallet, payee=payment.bank_wallet, amount_minor=50_000_01, key="x", **spent
    )
    stack.rest()
    require_covered(payment.buyer_wallet, 199_999_99)

    with pytest.raises(RuleBroken) as refusal:
        pay_own_funds(life.application.pk, by=nuo)
    assert refusal.value.code == "overdrawn"
    assert not Act.objects.filter(kind="own_funds").exists()


def test_approval_keeps_the_limits_blocked_while_the_money_may_be_paid_also_after_a_long_review(
    stack,
):
    life = submitted(stack).recommend()
    LimitHold.objects.update(due_at=clocks.business_now())
    assert fire_due() == 1
    assert figures()[:2] == (0, 0)

    life.approve()

    hold = LimitHold.objects.latest("created_at")
    assert (hold.status, hold.due_at) == ("held", max(hold.due_at, life.payment.fund_by))
    assert figures()[0] == life.application.loan_minor
