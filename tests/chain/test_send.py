"""The outbox is sent in order, exactly once, whatever happens on the way."""

from datetime import timedelta

import pytest

from scf.chain import sender
from scf.chain.apply import apply_confirmed
from scf.chain.indexer import scan
from scf.chain.models import ChainCommand, CommandState
from scf.chain.sender import broadcast_unmined, send_ready
from scf.chain.services import Call, enqueue
from scf.core.errors import Conflict, Unavailable
from scf.workflow.models import Fact

OTHER = "0x" + "b2" * 32


def later() -> None:
    """As if everything sent were sent a minute ago."""
    for command in ChainCommand.objects.exclude(sent_at=None):
        moments = {"sent_at": command.sent_at - timedelta(minutes=1)}
        if command.broadcast_at:
            moments["broadcast_at"] = command.broadcast_at - timedelta(minutes=1)
        ChainCommand.objects.filter(pk=command.pk).update(**moments)


def test_the_same_key_is_one_command_and_other_contents_a_conflict(fake, rotate):
    first = rotate("one")
    assert rotate("one").pk == first.pk
    with pytest.raises(Conflict) as refusal:
        rotate("one", new_key="0x" + "06" * 20)
    assert refusal.value.code == "duplicate_key"


def test_a_call_the_contract_does_not_know_is_refused_at_once(fake):
    with pytest.raises(ValueError, match="no_such"):
        enqueue(Call("DigitalYuan", "no_such", []), key="x:1", queue=OTHER)


def test_a_crash_between_saving_and_sending_resends_the_same_bytes(fake, signer, rotate):
    command = rotate("one")
    fake.is_silent = True
    with pytest.raises(Unavailable):
        send_ready(fake, relayer=signer)
    fake.is_silent = False
    ready = sender._simulate(fake, signer, [command])
    sender._sign(signer, ready, fake.fees(), 0)  # committed, and then the process dies
    saved = bytes(ChainCommand.objects.get().raw_tx)

    later()
    assert send_ready(fake, relayer=signer) == 0
    assert fake.received == [saved]
    fake.mine()
    scan(fake)
    assert ChainCommand.objects.get().state == CommandState.MINED
    assert fake.transaction_count("") == 1


def test_an_answer_that_was_lost_pays_once(fake, signer, rotate):
    rotate("one")
    fake.loses_answers = True
    with pytest.raises(Unavailable):
        send_ready(fake, relayer=signer)
    fake.loses_answers = False
    later()
    send_ready(fake, relayer=signer)
    assert len(set(fake.received)) == 1
    fake.mine()
    scan(fake)
    assert fake.transaction_count("") == 1


def test_one_refused_of_a_batch_is_sent_again_and_the_others_are_not_held(fake, signer, rotate):
    for number in range(3):
        rotate(f"{number}", queue=f"0x{number:064x}")
    fake.turns_away(1, "txpool is full")
    assert send_ready(fake, relayer=signer) == 3
    assert sorted(fake.pool) == [0, 2]

    later()
    send_ready(fake, relayer=signer)
    assert len(set(fake.received)) == 3
    fake.mine()
    scan(fake)
    assert set(ChainCommand.objects.values_list("state", flat=True)) == {"mined"}
    assert fake.transaction_count("") == 3


def test_what_another_process_signed_meanwhile_takes_no_second_nonce(fake, signer, rotate):
    first, second = rotate("first"), rotate("second", queue=OTHER)
    tried = sender._simulate(fake, signer, [first, second])
    sender._sign(signer, tried[:1], fake.fees(), 0)

    signed = sender._sign(signer, tried, fake.fees(), 0)
    assert [each.pk for each in signed] == [second.pk]
    nonces = dict(ChainCommand.objects.values_list("key", "nonce"))
    assert nonces == {"rotate:first": 0, "rotate:second": 1}


def test_only_the_head_of_a_queue_goes_until_it_is_mined(fake, signer, rotate):
    rotate("first"), rotate("second"), rotate("elsewhere", queue=OTHER)
    assert send_ready(fake, relayer=signer) == 2
    assert ChainCommand.objects.get(key="rotate:second").state == CommandState.QUEUED
    assert send_ready(fake, relayer=signer) == 0
    fake.mine()
    scan(fake)
    assert send_ready(fake, relayer=signer) == 1
    assert ChainCommand.objects.get(key="rotate:second").state == CommandState.SENT


def test_a_blocked_command_takes_no_nonce_and_holds_only_its_queue(fake, signer, rotate):
    rotate("first"), rotate("second")
    fake.refuses("rotateKey", "WalletFrozen", "0x" + "a1" * 20, "0x" + "07" * 32)
    assert send_ready(fake, relayer=signer) == 0
    fake.allows("rotateKey")
    rotate("elsewhere", queue=OTHER)

    assert send_ready(fake, relayer=signer) == 1
    blocked = ChainCommand.objects.get(key="rotate:first")
    assert (blocked.state, blocked.error, blocked.nonce) == ("blocked", "wallet_frozen", None)
    assert blocked.error_details["order_id"] == "0x" + "07" * 32
    assert ChainCommand.objects.get(key="rotate:elsewhere").nonce == 0
    assert ChainCommand.objects.get(key="rotate:second").state == CommandState.QUEUED
    assert Fact.objects.filter(name="chain.CommandBlocked", subject_id=blocked.pk).count() == 1


def test_a_dropped_transaction_is_sent_again(fake, signer, rotate):
    rotate("one"), rotate("two", queue=OTHER)
    send_ready(fake, relayer=signer)
    fake.drop_pool()
    later()
    assert broadcast_unmined(fake) == 2
    fake.mine()
    scan(fake)
    assert set(ChainCommand.objects.values_list("state", flat=True)) == {"mined"}


def test_what_was_sent_just_now_is_not_sent_again(fake, signer, rotate):
    rotate("one")
    send_ready(fake, relayer=signer)
    assert broadcast_unmined(fake) == 0


def test_a_dearer_chain_gets_the_same_nonce_for_a_higher_fee(fake, signer, rotate):
    rotate("one")
    fake.base_fee = 10
    send_ready(fake, relayer=signer)
    first = ChainCommand.objects.get()
    fake.base_fee = 100
    fake.mine()
    later()
    send_ready(fake, relayer=signer)

    command = ChainCommand.objects.get()
    assert (command.nonce, len(command.tx_hashes)) == (first.nonce, 2)
    assert command.max_fee > first.max_fee
    fake.mine()
    scan(fake)
    mined = ChainCommand.objects.get()
    assert (mined.state, mined.tx_hash) == (CommandState.MINED, command.tx_hashes[1])


def test_a_revert_fails_with_its_reason_once_it_is_final(fake, signer, rotate):
    rotate("one"), rotate("two")
    send_ready(fake, relayer=signer)
    fake.revert(ChainCommand.objects.get(key="rotate:one").tx_hash)
    fake.mine()
    scan(fake)
    apply_confirmed()
    command = ChainCommand.objects.get(key="rotate:one")
    assert (command.state, command.is_reverted) == (CommandState.SENT, True)
    assert send_ready(fake, relayer=signer) == 0  # its successor waits

    fake.mine()
    scan(fake)
    apply_confirmed()
    command.refresh_from_db()
    assert (command.state, command.error) == (CommandState.FAILED, "nothing_to_reclaim")
    fact = Fact.objects.get(name="chain.CommandFailed")
    assert (fact.details["key"], fact.details["error"]) == ("rotate:one", "nothing_to_reclaim")
    assert send_ready(fake, relayer=signer) == 1


def test_what_a_stranger_relayed_counts_as_done_when_it_is_final(fake, signer, rotate):
    rotate("one")
    send_ready(fake, relayer=signer)
    fake.mine()
    scan(fake)
    # The same signed act again under another key: the chain has done it already.
    first = ChainCommand.objects.get()
    enqueue(Call(first.contract, first.function, first.args), key="again:one", queue=first.queue)
    assert send_ready(fake, relayer=signer) == 0
    assert ChainCommand.objects.get(key="again:one").state == CommandState.QUEUED

    fake.mine(2)
    scan(fake)
    assert send_ready(fake, relayer=signer) == 0
    again = ChainCommand.objects.get(key="again:one")
    assert (again.state, again.error, again.nonce) == ("mined", "already_executed", None)
    assert fake.transaction_count("") == 1
