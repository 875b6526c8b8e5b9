"""Applications that end before funding: whoever ends them, own funds come back."""

import pytest

from scf.chain.models import ChainCommand
from scf.core.errors import Conflict, Forbidden, NotFound
from scf.credit.models import LimitHold
from scf.financing.services import (
    cancel_application,
    reject_application,
    resubmit_application,
    return_application,
    sign_application,
    withdraw_application,
)
from scf.payments.services import cancel_payment, lapse_payment
from tests.factories.credit import figures
from tests.factories.parties import somebody
from tests.payments.lives import approved, signed, submitted, with_code

pytestmark = pytest.mark.usefixtures("stays_sound")


def is_free(life) -> bool:
    held = LimitHold.objects.get(application_id=life.application.pk)
    lines = life.application.order.lines.all()
    return (
        held.status == "released"
        and figures()[:2] == (0, 0)
        and {line.locked_by for line in lines} == {None}
    )


def own_funds_are_back(life) -> bool:
    life.stack.rest()
    payment = life.payment
    wallet = life.stack.balance(payment.buyer_wallet)
    return payment.status == "cancelled" and wallet == 250_000_00


def withdraw(life):
    withdraw_application(life.application.pk, by=somebody("ma"))


def cancel(life):
    cancel_application(life.application.pk, by=with_code("luo"))


@pytest.mark.parametrize(
    ("end", "status"), [(withdraw, "withdrawn"), (cancel, "cancelled_by_bank")]
)
@pytest.mark.parametrize("begin", [approved, signed])
def test_ended_after_approval_everything_is_free_again(stack, begin, end, status):
    life = begin(stack)
    end(life)

    assert own_funds_are_back(life)
    assert life.status()[0] == status
    assert is_free(life)


@pytest.mark.parametrize(
    ("end", "status"), [(withdraw, "withdrawn"), (cancel, "cancelled_by_bank")]
)
def test_ended_with_own_funds_in_they_come_back(stack, end, status):
    life = signed(stack).own_funds()
    assert stack.balance(life.payment.buyer_wallet) == 50_000_00
    end(life)

    assert own_funds_are_back(life)
    assert life.status()[0] == status
    assert is_free(life)


@pytest.mark.parametrize("steps", [(), ("recommend",)])
def test_withdrawn_before_approval_there_is_no_escrow_to_end(stack, steps):
    life = submitted(stack)
    for step in steps:
        getattr(life, step)()
    withdraw(life)

    life.application.refresh_from_db()
    assert life.application.status == "withdrawn"
    assert is_free(life)
    with pytest.raises(Conflict):
        withdraw(life)


def test_what_is_funded_can_neither_be_withdrawn_nor_cancelled(stack):
    life = signed(stack).own_funds().pay_out()
    for end in (withdraw, cancel):
        with pytest.raises(Conflict):
            end(life)
    with pytest.raises(Conflict) as refusal:
        cancel_payment(life.payment.pk, by=with_code("luo"))
    assert refusal.value.code == "wrong_state"
    assert lapse_payment(life.payment.pk).status == "funded"


def test_a_stranger_the_other_side_and_the_wrong_role_end_nothing(stack, sly, wei):
    life = approved(stack)
    with pytest.raises(NotFound):
        withdraw_application(life.application.pk, by=sly)
    with pytest.raises(NotFound):
        cancel_application(life.application.pk, by=sly)
    with pytest.raises(Forbidden):
        withdraw_application(life.application.pk, by=wei)
    with pytest.raises(Forbidden):
        cancel_application(life.application.pk, by=somebody("yi"))
    with pytest.raises(Forbidden):
        cancel_application(life.application.pk, by=somebody("ma"))
    assert life.status() == ("approved", "prepared")


def test_signatures_gathered_before_a_withdrawal_open_nothing_after_it(stack):
    life = approved(stack)
    for key in ("nuo", "lan", "luo"):
        sign_application(life.application.pk, by=with_code(key))
    withdraw(life)

    stack.rest()

    assert life.status() == ("withdrawn", "cancelled")
    assert not ChainCommand.objects.filter(function="open").exists()


def test_an_agreement_whose_opening_is_on_its_way_is_cancelled_behind_it(stack):
    life = approved(stack)
    for key in ("nuo", "lan", "luo"):
        sign_application(life.application.pk, by=with_code(key))
    stack.signer.sign_waiting()
    assert ChainCommand.objects.filter(function="open", state="queued").exists()
    withdraw(life)
    assert life.payment.status == "prepared"

    stack.rest()

    assert life.status() == ("withdrawn", "cancelled")
    assert is_free(life)


def test_rejected_it_is_free_again(stack):
    life = submitted(stack)
    reject_application(
        life.application.pk, codes=["trade_background"], note="", by=somebody("zhou")
    )
    assert is_free(life)
    with pytest.raises(Conflict):
        reject_application(life.application.pk, codes=["x"], note="", by=somebody("zhou"))


def test_returned_it_stays_locked_and_a_second_round_is_approved(stack):
    life = submitted(stack)
    return_application(
        life.application.pk, codes=["papers_missing"], note="补合同", by=somebody("zhou")
    )
    assert not is_free(life)
    resubmit_application(life.application.pk, purpose="采购树脂，合同已补", by=somebody("ma"))
    life.application.refresh_from_db()
    assert (life.application.status, life.application.rounds) == ("in_review", 2)
    assert life.application.reason_codes == []

    life.recommend().approve().sign()

    assert life.status() == ("signed", "open")
