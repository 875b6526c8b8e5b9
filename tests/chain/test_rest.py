"""Waiting for the chain's processes to come to rest, and moving the demo chain's clock."""

from datetime import timedelta

import pytest

from scf.chain.models import ChainCommand
from scf.chain.node import Node
from scf.chain.rest import move_time, wait_for_rest, what_moves
from scf.core import clock
from scf.core.errors import RuleBroken, Unavailable


@pytest.fixture
def queued(db: None) -> ChainCommand:
    """A call that nobody has sent yet."""
    return ChainCommand.objects.create(
        key="k", queue="q", contract="DirectedEscrow", function="reclaim", args=[]
    )


def test_nothing_under_way_is_rest(db):
    wait_for_rest(seconds=1, each=0.01)

    assert not what_moves()


def test_what_does_not_come_to_rest_is_refused_in_words(queued):
    with pytest.raises(Unavailable) as refusal:
        wait_for_rest(seconds=0.05, each=0.01)

    assert refusal.value.code == "chain_not_at_rest"
    assert "待上链 1" in refusal.value.text()


def test_it_waits_until_the_others_are_done(queued):
    looks = []

    def pause(_seconds: float) -> None:
        looks.append(1)
        ChainCommand.objects.filter(pk=queued.pk).update(state="mined")

    wait_for_rest(seconds=1, each=0.01, pause=pause)

    assert len(looks) == 2


def test_what_waits_for_persons_is_rest_and_so_is_what_queues_behind_it(queued):
    ChainCommand.objects.filter(pk=queued.pk).update(state="blocked")
    ChainCommand.objects.create(key="k2", queue="q", contract="c", function="f", args=[])

    assert not what_moves()


def test_the_clock_of_the_demo_chain_moves_forward_only(anvil):
    node = Node(anvil.url, chain_id=anvil.chain_id)
    later = clock.now() + timedelta(days=2)

    assert move_time(node, to=later)
    assert not move_time(node, to=later - timedelta(days=1))

    assert node.next_time() >= int(later.timestamp())
    node.close()


def test_the_clock_of_another_chain_is_left_alone(anvil):
    node = Node(anvil.url, chain_id=1)
    with pytest.raises(RuleBroken) as refusal:
        move_time(node, to=clock.now())
    assert refusal.value.code == "chain_not_driven"
    node.close()
