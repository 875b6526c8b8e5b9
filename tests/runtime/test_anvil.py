"""The embedded chain: state over a kill, torn state files, a price of nothing."""

import os
import signal
import time
from pathlib import Path

import pytest

from scf.runtime import jsonrpc
from scf.runtime.anvil import Anvil, read_state
from scf.runtime.ports import any_free

POOR = "0x00000000000000000000000000000000000000aa"
LOGGER = "0x60006000a000"  # creation code that writes one empty log


def mined(chain: Anvil, **transaction: str) -> dict[str, object]:
    """Send from an account without a single wei, mine, and return the receipt."""
    jsonrpc.call(chain.url, "anvil_impersonateAccount", POOR)
    sent = jsonrpc.call(
        chain.url, "eth_sendTransaction", {"from": POOR, "gas": "0x186a0", **transaction}
    )
    jsonrpc.call(chain.url, "evm_mine")
    return jsonrpc.call(chain.url, "eth_getTransactionReceipt", sent)


def on_disk(chain: Anvil) -> None:
    """Wait until the state was written after now; anvil writes it once a second."""
    now = time.time_ns()
    until = time.monotonic() + 10
    while not (chain.state.exists() and chain.state.stat().st_mtime_ns > now):
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "chain"


def test_gas_costs_nothing_and_blocks_come_only_when_mined(anvil):
    assert jsonrpc.number(anvil.url, "eth_blockNumber") == 0
    receipt = mined(anvil, to=POOR, gasPrice="0x0")
    assert receipt["status"] == "0x1"
    assert jsonrpc.number(anvil.url, "eth_blockNumber") == 1


def test_an_automining_chain_mines_by_itself(start_anvil):
    chain = start_anvil(automine=True)
    jsonrpc.call(chain.url, "anvil_impersonateAccount", POOR)
    transaction = {"from": POOR, "to": POOR, "gas": "0x186a0", "gasPrice": "0x0"}
    jsonrpc.call(chain.url, "eth_sendTransaction", transaction)
    until = time.monotonic() + 10
    while jsonrpc.number(chain.url, "eth_blockNumber") == 0:
        assert time.monotonic() < until
        time.sleep(0.05)
    assert jsonrpc.number(chain.url, "eth_blockNumber") == 1


def test_blocks_receipts_and_logs_survive_kill_9(folder):
    chain = Anvil(any_free(), 20260, folder=folder)
    process = chain.start()
    chain.wait_ready(process)
    receipt = mined(chain, data=LOGGER, gasPrice="0x0")
    on_disk(chain)
    os.kill(process.pid, signal.SIGKILL)
    process.wait(10)

    again = chain.start()
    try:
        chain.wait_ready(again)
        found = jsonrpc.call(chain.url, "eth_getTransactionReceipt", receipt["transactionHash"])
        logs = jsonrpc.call(chain.url, "eth_getLogs", {"fromBlock": "0x0"})
        assert found["blockHash"] == receipt["blockHash"]
        assert [log["transactionHash"] for log in logs] == [receipt["transactionHash"]]
        assert jsonrpc.number(chain.url, "eth_getTransactionCount", POOR, "latest") == 1
    finally:
        again.terminate()
        again.wait(10)


def test_the_first_block_stays_the_same_over_every_restart(folder):
    seen = set()
    for _ in range(4):
        chain = Anvil(any_free(), 20260, folder=folder)
        process = chain.start()
        chain.wait_ready(process)
        block = jsonrpc.call(chain.url, "eth_getBlockByNumber", "0x0", False)
        seen.add((block["hash"], block["timestamp"]))
        jsonrpc.call(chain.url, "evm_mine")
        on_disk(chain)
        process.kill()
        process.wait(10)
        time.sleep(1)  # a beginning of another second has another hash
    assert len(seen) == 1


def test_a_torn_state_file_gives_way_to_the_last_whole_one(folder):
    chain = Anvil(any_free(), 20260, folder=folder)
    process = chain.start()
    chain.wait_ready(process)
    mined(chain, data=LOGGER, gasPrice="0x0")
    on_disk(chain)
    chain.keep()
    process.kill()
    process.wait(10)
    whole = chain.state.read_bytes()
    chain.state.write_bytes(whole[: len(whole) // 2])
    assert read_state(chain.state) is None

    again = chain.start()
    try:
        chain.wait_ready(again)
        assert jsonrpc.number(chain.url, "eth_blockNumber") == 1
    finally:
        again.terminate()
        again.wait(10)


def test_keeping_copies_only_what_is_whole_and_new(folder):
    chain = Anvil(any_free(), 20260, folder=folder)
    folder.mkdir()
    chain.state.write_text('{"block": "' + "1" * 100 + '"}')
    chain.keep()
    kept = chain.previous.read_text()
    assert kept == chain.state.read_text()

    chain.state.write_text('{"block": "' + "2" * 101)
    chain.keep()
    assert chain.previous.read_text() == kept


def test_a_world_of_the_past_begins_at_its_own_time(start_anvil):
    begins = int(time.time()) - 200 * 86_400
    chain = start_anvil(timestamp=begins)
    jsonrpc.call(chain.url, "evm_mine")
    block = jsonrpc.call(chain.url, "eth_getBlockByNumber", "latest", False)
    assert 0 <= int(block["timestamp"], 16) - begins < 30
