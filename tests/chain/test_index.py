"""The chain is read once, whatever it does in the meantime."""

import pytest

from scf.chain import invariants
from scf.chain.apply import apply_confirmed
from scf.chain.contracts import decode_log, events_of
from scf.chain.faults import ChainRewritten, WrongChain
from scf.chain.indexer import check_genesis, scan
from scf.chain.models import Block, ChainCommand, ChainEvent, CommandState
from scf.chain.sender import send_ready
from scf.core.errors import Unavailable
from tests.fakes.node import FakeNode

PARTY = "0x" + "a1" * 32


def violations() -> list[object]:
    checks = (
        invariants.applied_event_has_one_fact,
        invariants.command_mined_once,
        invariants.order_inside_a_queue,
    )
    return [each for check in checks for each in check()]


def read_all(node: FakeNode) -> None:
    while scan(node):
        continue


def test_scanning_twice_stores_once(fake, signer, rotate):
    rotate("one")
    send_ready(fake, relayer=signer)
    fake.mine()
    read_all(fake)
    read_all(fake)
    assert ChainEvent.objects.count() == 1
    assert Block.objects.count() == 3


def test_an_event_is_kept_with_its_values_by_name(fake, signer, rotate):
    rotate("one")
    send_ready(fake, relayer=signer)
    fake.mine()
    read_all(fake)
    event = ChainEvent.objects.get()
    assert (event.name, event.contract, event.reference) == ("KeyAdded", "PartyRegistry", PARTY)
    assert event.args == {"party_id": PARTY, "key": "0x" + "05" * 20}


def test_nothing_is_applied_before_it_is_confirmed(fake, signer, rotate):
    rotate("one")
    send_ready(fake, relayer=signer)
    fake.mine()
    read_all(fake)
    assert apply_confirmed() == 0
    fake.mine()
    read_all(fake)
    assert apply_confirmed() == 1
    assert apply_confirmed() == 0


def test_a_reorg_within_the_confirmations_rewinds_and_sends_again(fake, signer, rotate):
    rotate("one")
    send_ready(fake, relayer=signer)
    fake.mine()
    read_all(fake)
    raw = bytes(ChainCommand.objects.get().raw_tx)

    fake.reorg(1)
    read_all(fake)
    assert not ChainEvent.objects.exists()
    assert ChainCommand.objects.get().state == CommandState.SENT
    send_ready(fake, relayer=signer)
    fake.mine(2)
    read_all(fake)
    assert apply_confirmed() == 1
    assert set(fake.received) == {raw}
    assert ChainEvent.objects.count() == 1
    assert violations() == []


def test_blocks_that_a_node_lost_are_dropped_and_their_transactions_sent_again(
    fake, signer, rotate
):
    rotate("one")
    send_ready(fake, relayer=signer)
    fake.mine()
    read_all(fake)
    fake.rollback(1)
    read_all(fake)
    assert ChainCommand.objects.get().state == CommandState.SENT
    send_ready(fake, relayer=signer)
    fake.mine()
    read_all(fake)
    assert ChainCommand.objects.get().state == CommandState.MINED


def test_a_deeper_reorg_stops_everything(fake, signer, rotate):
    rotate("one")
    send_ready(fake, relayer=signer)
    fake.mine(2)
    read_all(fake)
    assert apply_confirmed() == 1
    fake.reorg(2)
    with pytest.raises(ChainRewritten):
        scan(fake)
    assert ChainEvent.objects.get().applied_at is not None


def test_a_node_far_behind_is_waited_for(fake):
    fake.mine(5)
    read_all(fake)
    fake.rollback(4)
    with pytest.raises(Unavailable) as refusal:
        scan(fake)
    assert refusal.value.code == "node_behind"


def test_a_node_of_another_chain_is_refused(fake):
    read_all(fake)
    with pytest.raises(WrongChain):
        check_genesis(FakeNode(chain_id=20261))


def test_a_log_of_a_foreign_contract_is_never_an_event(fake, signer, rotate):
    rotate("one")
    send_ready(fake, relayer=signer)
    fake.mine()
    tx, ok, logs, done = fake.blocks[-1].done[0]
    foreign = logs[0]._replace(address="0x" + "ee" * 20, log_index=1)
    fake.blocks[-1].done[0] = (tx, ok, [*logs, foreign], done)
    read_all(fake)
    assert ChainEvent.objects.count() == 1


def test_a_log_that_cannot_be_read_stores_nothing_of_its_window(fake, signer, rotate):
    rotate("one")
    send_ready(fake, relayer=signer)
    fake.mine()
    as_mined = fake.blocks[-1].done[0]
    tx, ok, logs, done = as_mined
    broken = logs[0]._replace(topics=(*logs[0].topics[:-1], "0x12"), log_index=1)
    fake.blocks[-1].done[0] = (tx, ok, [*logs, broken], done)
    with pytest.raises(ValueError, match="does not fit"):
        scan(fake)
    assert not ChainEvent.objects.exists()
    assert not Block.objects.filter(number=2).exists()

    fake.blocks[-1].done[0] = as_mined
    read_all(fake)
    assert ChainEvent.objects.count() == 1


def test_a_log_with_too_few_topics_is_refused():
    minted = next(each for each in events_of("DigitalYuan").values() if each.name == "Minted")
    with pytest.raises(ValueError, match="topics"):
        decode_log(minted, [minted.topic], "0x")
