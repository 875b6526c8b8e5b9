"""What something else came before of is taken out of the queue by itself; the rest goes on."""

import pytest

from scf.chain.models import ChainCommand
from scf.core.errors import Conflict
from scf.financing.selectors import list_unsigned_acceptances
from scf.financing.services import decide_dispute, open_dispute, sign_acceptance
from scf.rehearsal.stack import Rows
from scf.wallets.models import Act
from scf.wallets.selectors import list_failed_acts
from scf.workflow.invariants import run_checks
from tests.payments import strangers
from tests.payments.lives import Life, with_code

WORTH = 380_206_50


def acts(kind: str) -> list[tuple[str, str]]:
    return list(Act.objects.filter(kind=kind).order_by("id").values_list("status", "failure"))


def is_sound(life: Life) -> bool:
    """Every invariant holds, nothing is blocked, nobody is waited for."""
    rows = Rows(life.application.deal_id)
    return not any(run_checks().values()) and not rows.moving() and not rows.stuck()


def dispute(life: Life, number: int) -> None:
    line = life.order_line(number).pk
    open_dispute(life.application.pk, line, reason="含水率超标", by=with_code("nuo"))


def test_a_dispute_before_a_release_is_applied_holds_its_line_alone_and_is_decided(stack, life):
    for number, quantity in ((1, "50"), (2, "50")):
        row = life.ship(number, quantity)
        life.prove(row)
        life.confirm(life.accept(row, quantity))
        if number == 1:
            dispute(life, 1)  # behind the confirmation, and before its release
    stack.rest()

    assert acts("release") == [("failed", "overtaken"), ("done", "")]
    assert (life.line(1).status, life.line(2).status) == ("disputed", "paid")
    assert is_sound(life)

    decide_dispute(
        life.application.pk,
        life.order_line(1).pk,
        payee_gets_minor=WORTH,
        decision="按检验报告",
        by=with_code("luo"),
    )
    stack.rest()
    assert (life.line(1).status, life.line(1).released_minor) == ("paid", WORTH)
    assert acts("release") == [("failed", "overtaken"), ("done", ""), ("done", "")]
    assert is_sound(life)


def test_a_confirmation_behind_a_dispute_is_void_and_signed_no_more(stack, life):
    row = life.ship(1, "50")
    life.prove(row)
    acceptance = life.accept(row, "50")
    dispute(life, 1)
    stack.signer.sign_waiting()
    life.confirm(acceptance)
    stack.rest()

    assert acts("confirm") == [("failed", "overtaken")]
    assert life.line(1).status == "disputed"
    assert list_unsigned_acceptances(by=with_code("ma")) == []
    with pytest.raises(Conflict):
        sign_acceptance(life.application.pk, acceptance.pk, by=with_code("ma"))
    life.deliver(2, "50", "50")
    assert life.line(2).status == "paid"
    assert is_sound(life)


def test_a_confirmation_given_up_is_signed_anew_and_takes_effect_once(stack, life):
    row = life.ship(1, "50")
    life.prove(row)
    acceptance = life.accept(row, "50")
    life.confirm(acceptance)
    stack.signer.sign_waiting()
    first = ChainCommand.objects.get(function="confirm")
    ChainCommand.objects.filter(pk=first.pk).update(state="blocked", error="reverted")
    life.give_up(first)
    assert life.line(1).status == "waiting"
    assert [each.pk for each in list_unsigned_acceptances(by=with_code("ma"))] == [acceptance.pk]
    assert [act.key for act in list_failed_acts(life.application.deal_id)] == [first.key]
    assert Rows(life.application.deal_id).stuck() == [f"{first.key}: reverted"]
    with pytest.raises(Conflict):
        life.confirm(acceptance)

    sign_acceptance(life.application.pk, acceptance.pk, by=with_code("ma"))
    with pytest.raises(Conflict):
        sign_acceptance(life.application.pk, acceptance.pk, by=with_code("ma"))
    acceptance.refresh_from_db()
    life.confirm(acceptance)
    stack.rest()

    assert (life.line(1).status, life.line(1).released_minor) == ("paid", WORTH)
    assert not strangers.relay_again(stack, first), "the first attempt is worth nothing any more"
    stack.rest()
    assert life.line(1).confirmed_minor == WORTH
    assert [status for status, _why in acts("confirm")] == ["failed", "done"]
    assert is_sound(life)


def test_a_failed_attempt_that_a_stranger_relays_ends_the_wish(stack, life):
    row = life.ship(1, "50")
    life.prove(row)
    acceptance = life.accept(row, "50")
    life.confirm(acceptance)
    stack.signer.sign_waiting()
    first = ChainCommand.objects.get(function="confirm")
    ChainCommand.objects.filter(pk=first.pk).update(state="blocked", error="reverted")
    life.give_up(first)
    sign_acceptance(life.application.pk, acceptance.pk, by=with_code("ma"))

    assert strangers.relay_again(stack, first)
    stack.rest()

    assert (life.line(1).status, life.line(1).released_minor) == ("paid", WORTH)
    assert [status for status, _why in acts("confirm")] == ["failed", "done"]
    assert is_sound(life)
