"""A step that breaks off is taken up again: exactly once, and nobody else waits for it."""

from collections.abc import Iterator

import pytest

from scf.chain.models import ChainEvent
from scf.chain.services import approve_retry, retry_event
from scf.core.errors import Forbidden
from scf.financing.models import Application
from scf.financing.services import submit_application
from scf.payments import reactions as payment_reactions
from scf.payments.models import Payment, PaymentMovement
from scf.wallets import reactions as wallet_reactions
from scf.workflow import facts
from scf.workflow.models import Fact
from tests.factories.parties import somebody
from tests.factories.trade import confirmed_order
from tests.payments.lives import Life, asked, broken, funded


class PowerCut(Exception):
    """The lights went out in the middle of a step."""


@pytest.fixture
def cut(request) -> Iterator[set[str]]:
    """Facts of the names put in here break off the step that records them."""
    names: set[str] = set()

    def break_off(fact: Fact) -> None:
        if fact.name in names:
            raise PowerCut(fact.name)

    watched = ["payment.funded", "payment.released", "payment_line.confirmed", "loan.drawn"]
    for name in watched:
        facts.on(name)(break_off)
    yield names
    for name in watched:
        facts._reactions[name].remove(break_off)


def take_up(life: Life) -> None:
    """Operations ask that the event be tried again, accounting agrees."""
    event = ChainEvent.objects.get(applied_at=None, error__contains="PowerCut")
    retry = retry_event(event.pk, by=somebody("luo"))
    with pytest.raises(Forbidden):
        approve_retry(retry.pk, by=somebody("luo"))
    approve_retry(retry.pk, by=somebody("shen"))
    life.stack.rest()


@pytest.mark.parametrize("name", ["payment_line.confirmed", "payment.released"])
def test_a_step_that_broke_off_is_taken_up_once(life, cut, name):
    cut.add(name)
    life.deliver(1, "50", "50")
    waiting = ChainEvent.objects.filter(applied_at=None)
    assert "PowerCut" in waiting.order_by("block_number", "log_index")[0].error
    assert life.payment.released_minor == 0
    assert not PaymentMovement.objects.filter(kind="release").exists()

    cut.clear()
    take_up(life)

    assert life.line(1).status == "paid"
    assert PaymentMovement.objects.filter(kind="release").count() == 1
    assert broken() == {}


def test_an_agreement_that_is_held_holds_no_other(stack, cut):
    life = funded(stack, borrower_minor=4_000_000_00)
    other_order = confirmed_order(number="PO-2026-0400")
    programme_id = life.application.programme_id
    other = Life(
        stack,
        submit_application(
            asked(other_order, programme_id, own_funds_minor=990_000_00), by=somebody("ma")
        ),
    )
    other.recommend().approve()
    cut.add("payment.released")
    life.deliver(1, "50", "50")
    assert life.payment.released_minor == 0

    other.sign()

    assert other.status() == ("signed", "open")
    cut.clear()
    take_up(life)
    assert life.line(1).status == "paid"
    assert broken() == {}


def test_what_the_chain_told_is_followed_once_however_often_it_is_told(stack, life):
    life.deliver(1, "49", "49")
    before = Payment.objects.values().get(), Application.objects.values().get(), life.line(1).status
    told = list(Fact.objects.filter(name__startswith="chain.").order_by("pk"))

    for fact in told:
        again = Fact(**{**values_of(fact), "id": None})
        again.save(force_insert=True)
        if fact.name in payment_reactions.FOLLOWERS:
            payment_reactions.follow(again)
        elif fact.name == "chain.Minted":
            wallet_reactions.minted(again)

    after = Payment.objects.values().get(), Application.objects.values().get(), life.line(1).status
    assert after == before
    assert stack.rest().applied == 0


def values_of(fact: Fact) -> dict[str, object]:
    return {field.attname: getattr(fact, field.attname) for field in Fact._meta.concrete_fields}
