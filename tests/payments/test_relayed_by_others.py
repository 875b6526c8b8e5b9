"""Anyone may relay what needs no approval: a faster stranger closes our call as done."""

from datetime import date, timedelta

import pytest

from scf.chain.models import ChainCommand
from scf.financing import day_end
from scf.wallets.models import Act
from scf.workflow import clocks
from tests.payments import strangers
from tests.payments.lives import Life, broken, funded, signed

BEGINS = date(2026, 3, 9)


def accepted(life: Life, number: int, shipped: str, quantity: str) -> None:
    """Shipped, proved, accepted and confirmed; nothing of it has reached the chain yet."""
    row = life.ship(number, shipped)
    life.prove(row)
    life.confirm(life.accept(row, quantity))


def send_one_command(life: Life) -> None:
    """Our own processes get as far as one mined transaction whose events are applied."""
    life.stack.signer.sign_waiting()
    strangers.send_and_apply(life.stack)


def our(function: str) -> ChainCommand:
    return ChainCommand.objects.get(function=function)


def test_a_release_relayed_by_a_stranger_pays_once_and_holds_up_nothing(stack, life):
    accepted(life, 1, "50", "50")
    send_one_command(life)
    assert our("release").state == "queued"

    assert strangers.release(stack, life.line(1))
    stack.rest()

    command, act = our("release"), Act.objects.get(kind="release")
    assert (command.state, command.error, command.nonce) == ("mined", "already_executed", None)
    assert (act.status, act.tx_hash) == ("done", command.tx_hash)
    assert (life.line(1).status, life.payment.released_minor) == ("paid", 380_206_50)
    life.deliver(2, "50", "50")
    assert life.line(2).status == "paid"
    assert broken() == {}


def test_a_release_that_was_blocked_by_a_strangers_goes_on_by_itself(stack, life):
    accepted(life, 1, "50", "50")
    send_one_command(life)
    assert strangers.release(stack, life.line(1))
    strangers.look_at_heads(stack)
    assert our("release").state == "blocked"

    stack.rest()

    assert our("release").state == "mined"
    assert life.line(1).status == "paid"
    assert broken() == {}


def test_a_short_lines_rest_given_back_by_a_stranger_is_given_back_once(stack):
    life = funded(stack, return_short_lines=True)
    accepted(life, 1, "49", "49")
    for _each in range(2):
        send_one_command(life)
    assert our("returnShortLine").state == "queued"

    assert strangers.give_back_short(stack, life.line(1))
    stack.rest()

    assert our("returnShortLine").state == "mined"
    assert (life.line(1).status, life.line(1).returned_minor) == ("returned", 7_604_13)
    assert broken() == {}


class TestInThePast:
    """On a chain whose days are lived through."""

    @pytest.fixture
    def begins(self):
        return BEGINS

    def test_a_reclaim_relayed_by_a_stranger_gives_back_once(self, stack):
        expiry = BEGINS + timedelta(days=4)
        life = funded(
            stack, application={"expires_on": expiry, "matures_on": BEGINS + timedelta(days=60)}
        )
        day_end.advance_days(
            to=expiry - timedelta(days=1), node=stack.node, quiet=stack.rest, tell=str
        )
        clocks.open_day(expiry)
        stack.node.set_next_time(life.payment.terms["expiry"] + 5)
        stack.node.mine()
        assert day_end.reclaim_all() == 1
        assert our("reclaim").state == "queued"

        assert strangers.reclaim(stack, life.payment)
        stack.rest()

        assert (our("reclaim").state, life.payment.status) == ("mined", "returned")
        assert Act.objects.get(kind="reclaim").status == "done"
        assert broken() == {}

    def test_what_lapsed_is_cancelled_and_its_act_is_done(self, stack):
        life = signed(stack).own_funds()
        until = BEGINS + timedelta(days=9)
        day_end.advance_days(to=until, node=stack.node, quiet=stack.rest, tell=str)

        assert life.status() == ("expired", "cancelled")
        assert set(Act.objects.filter(kind="cancel").values_list("status", flat=True)) == {"done"}
