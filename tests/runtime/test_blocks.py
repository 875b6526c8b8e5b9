"""The block producer mines what waits, then what confirmations need, then rests."""

import threading
import time

from scf.runtime import jsonrpc
from scf.runtime.blocks import APART, IDLE, Producer
from tests.runtime.test_anvil import POOR


def send(url: str) -> None:
    jsonrpc.call(url, "anvil_impersonateAccount", POOR)
    transaction = {"from": POOR, "to": POOR, "gas": "0x186a0", "gasPrice": "0x0"}
    jsonrpc.call(url, "eth_sendTransaction", transaction)


def rested(producer: Producer) -> Producer:
    producer.owed = 0
    return producer


def test_a_transaction_gets_its_block_and_three_more_and_then_there_is_rest(anvil):
    producer = rested(Producer(anvil.url, confirmations=3, at_once=True))
    send(anvil.url)
    pauses = [producer.step() for _ in range(7)]
    assert jsonrpc.number(anvil.url, "eth_blockNumber") == 4
    assert pauses == [0.0, 0.0, 0.0, 0.0, IDLE, IDLE, IDLE]


def test_nothing_waiting_means_no_block(anvil):
    producer = rested(Producer(anvil.url, confirmations=3, at_once=True))
    assert producer.step() == IDLE
    assert jsonrpc.number(anvil.url, "eth_blockNumber") == 0


def test_a_restart_mines_what_the_last_block_may_still_lack(anvil):
    producer = Producer(anvil.url, confirmations=2, at_once=True)
    for _ in range(4):
        producer.step()
    assert jsonrpc.number(anvil.url, "eth_blockNumber") == 2


def test_blocks_seen_by_people_are_a_second_apart(anvil):
    producer = rested(Producer(anvil.url, confirmations=2, at_once=False))
    stop = threading.Event()
    thread = threading.Thread(target=producer.run, args=[stop])
    send(anvil.url)
    began = time.monotonic()
    thread.start()
    while jsonrpc.number(anvil.url, "eth_blockNumber") < 3:
        assert time.monotonic() - began < 20
        time.sleep(0.05)
    took = time.monotonic() - began
    stop.set()
    thread.join(10)
    assert not thread.is_alive()
    assert took >= 2 * APART


def test_a_silent_node_is_waited_for(start_anvil):
    chain = start_anvil()
    silent = Producer("http://127.0.0.1:1", confirmations=1, at_once=True)
    stop = threading.Event()
    thread = threading.Thread(target=silent.run, args=[stop])
    thread.start()
    time.sleep(0.2)
    silent.url = chain.url
    began = time.monotonic()
    while jsonrpc.number(chain.url, "eth_blockNumber") < 1:
        assert time.monotonic() - began < 20
        time.sleep(0.05)
    stop.set()
    thread.join(10)
    assert not thread.is_alive()


def test_a_node_that_was_away_gets_its_confirmations_again(anvil):
    """Killed, it comes back without the last blocks it had not written down."""
    producer = rested(Producer("http://127.0.0.1:9", confirmations=2, at_once=True))
    stop = threading.Event()
    thread = threading.Thread(target=producer.run, args=[stop])
    thread.start()
    time.sleep(0.5)
    producer.url = anvil.url
    began = time.monotonic()
    while jsonrpc.number(anvil.url, "eth_blockNumber") < 2:
        assert time.monotonic() - began < 20
        time.sleep(0.05)
    stop.set()
    thread.join(10)
    assert not thread.is_alive()
