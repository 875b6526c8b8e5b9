"""Confirmed events become facts; what cannot be applied holds its own queue and nothing else."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest

from scf.chain.apply import apply_confirmed
from scf.chain.indexer import scan
from scf.chain.models import ChainEvent
from scf.chain.sender import send_ready
from scf.chain.services import watch
from scf.core.actor import SYSTEM
from scf.workflow import facts
from scf.workflow.closing import register_closer, stage
from scf.workflow.deals import open_deal
from scf.workflow.models import Fact

OTHER = "0x" + "b2" * 32
FIRST = "0x" + "a1" * 32
SOMEBODY = UUID(int=7)


@pytest.fixture
def react() -> Iterator[Callable[[facts.Reaction], None]]:
    """Adds a reaction to ``chain.KeyAdded`` for the time of a test."""
    before = list(facts._reactions["chain.KeyAdded"])

    def add(reaction: facts.Reaction) -> None:
        facts.on("chain.KeyAdded")(reaction)

    yield add
    facts._reactions["chain.KeyAdded"][:] = before


@pytest.fixture
def mined(fake, signer, rotate) -> Callable[..., None]:
    """Enqueues, sends, mines and reads; the events are confirmed."""

    def mine(*names: str, queue: str = FIRST) -> None:
        for name in names:
            rotate(name, queue=queue)
            send_ready(fake, relayer=signer)
            fake.mine(2)
            scan(fake)

    return mine


def test_the_fact_names_block_value_date_and_values(mined, fake):
    deal_id = open_deal()
    watch(FIRST, deal_id=deal_id, parties=[SOMEBODY])
    mined("one")
    apply_confirmed()
    fact = Fact.objects.get(name="chain.KeyAdded")
    event = ChainEvent.objects.get()
    assert (fact.deal_id, event.deal_id, fact.audience) == (deal_id, deal_id, [SOMEBODY])
    assert fact.details["party_id"] == FIRST
    assert fact.details["value_date"] == "2026-09-21"  # 23:06:44 UTC is the next day in Shanghai
    assert fact.details["block_number"] == event.block_number


def test_an_event_whose_reaction_raises_holds_only_its_own_queue(mined, react):
    def refuse(fact: Fact) -> None:
        if fact.details["party_id"] == FIRST:
            raise RuntimeError("the books do not balance")

    react(refuse)
    mined("one", "two")
    mined("other", queue=OTHER)
    assert apply_confirmed() == 1
    stuck = ChainEvent.objects.get(error__contains="the books do not balance")
    assert (stuck.reference, stuck.applied_at, stuck.attempts) == (FIRST, None, 1)
    assert ChainEvent.objects.filter(reference=FIRST, applied_at=None).count() == 2
    assert ChainEvent.objects.get(reference=OTHER).applied_at is not None
    assert not Fact.objects.filter(name="chain.KeyAdded", details__party_id=FIRST).exists()


def test_it_is_not_tried_again_at_once_and_heals_by_itself(mined, react):
    reasons = ["broken"]

    def refuse(_fact: Fact) -> None:
        if reasons:
            raise RuntimeError(reasons[0])

    react(refuse)
    mined("one", "two")
    apply_confirmed()
    apply_confirmed()
    assert ChainEvent.objects.order_by("block_number")[0].attempts == 1
    reasons.clear()
    ChainEvent.objects.update(retry_at=None)
    assert apply_confirmed() == 2
    order = Fact.objects.filter(name="chain.KeyAdded").values_list(
        "details__block_number", flat=True
    )
    assert list(order) == sorted(order)


def test_what_reactions_staged_is_done_last_in_the_same_transaction(mined, react):
    done = []

    @register_closer
    def close(items: list[str]) -> None:
        done.append((items, Fact.objects.filter(name="chain.KeyAdded").count()))

    react(lambda _fact: stage(close, ["a leg of money"]))
    mined("one")
    apply_confirmed()
    assert done == [(["a leg of money"], 1)]


def test_an_event_is_about_whoever_listens_to_anything_it_names(mined):
    watch("0x" + "05" * 20, parties=[SOMEBODY])  # the new key itself
    mined("one")
    apply_confirmed()
    assert Fact.objects.get(name="chain.KeyAdded").audience == [SOMEBODY]


def test_the_system_is_the_actor(mined):
    mined("one")
    apply_confirmed()
    assert Fact.objects.get(name="chain.KeyAdded").actor_name == SYSTEM.name
