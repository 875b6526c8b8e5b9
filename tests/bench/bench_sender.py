"""The sender against the way of the tutorials and against transactions signed beforehand.

``python -m tests.bench.bench_sender``: rows of the outbox until their receipts are recorded, one
mint a transaction, on a PostgreSQL and an anvil of its own. The tutorial's way is web3.py: ask for
the nonce, the price and the gas, sign, send, wait for the receipt, then the next. The limit is a
batch of signed transactions and one block, with nothing written down.
"""

import gc
import os
import statistics
import sys
import time
from typing import Any

from web3 import HTTPProvider, Web3

from tests.bench.bench_ledger import own_database
from tests.bench.chain_stand import CHAIN_ID, Stand, broken_invariants, own_chain

ROUNDS = 5
MANY, FEW = 400, 20
TUTORIAL_KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"


def product(stand: Stand) -> float:
    """Transactions a second from the outbox to the recorded receipt."""
    from scf.chain.indexer import scan  # noqa: PLC0415 - settings
    from scf.chain.models import ChainCommand, CommandState  # noqa: PLC0415
    from scf.chain.sender import send_ready  # noqa: PLC0415

    stand.enqueue(MANY)
    begun = time.perf_counter()
    sent = send_ready(stand.node, relayer=stand.signer)
    stand.node.mine()
    scan(stand.node)
    spent = time.perf_counter() - begun
    unfinished = ChainCommand.objects.exclude(state=CommandState.MINED).count()
    if sent != MANY or unfinished:
        raise AssertionError(f"{sent} of {MANY} were sent, {unfinished} have no receipt")
    return MANY / spent


def presigned(stand: Stand, web3: Any, account: Any) -> float:
    """Transactions a second when all is signed before: the node alone."""
    nonce = web3.eth.get_transaction_count(account.address)
    ready = [
        bytes(account.sign_transaction(_filled(stand, nonce + turn)).raw_transaction)
        for turn in range(MANY)
    ]
    begun = time.perf_counter()
    refusals = stand.node.broadcast(ready)
    stand.node.mine()
    receipts = stand.node.receipts(stand.node.headers(*[stand.node.head()] * 2))[0]
    spent = time.perf_counter() - begun
    if any(refusals) or len(receipts) != MANY or not all(each.is_success for each in receipts):
        raise AssertionError("a signed transaction did not succeed")
    return MANY / spent


def tutorial(stand: Stand, web3: Any, account: Any) -> float:
    """Transactions a second by web3.py: build, sign, send, wait."""
    calls = [_call(stand) for _each in range(FEW)]
    stand.node._rpc.ask("evm_setAutomine", True)
    begun = time.perf_counter()
    for to, data in calls:
        tx = {
            "from": account.address, "to": to, "data": data, "chainId": CHAIN_ID,
            "nonce": web3.eth.get_transaction_count(account.address),
            "gasPrice": web3.eth.gas_price,
        }  # fmt: skip
        tx["gas"] = web3.eth.estimate_gas(tx)
        raw = account.sign_transaction(tx).raw_transaction
        receipt = web3.eth.wait_for_transaction_receipt(
            web3.eth.send_raw_transaction(raw), poll_latency=0.002
        )
        if receipt["status"] != 1:
            raise AssertionError("a transaction of the tutorial's way failed")
    spent = time.perf_counter() - begun
    stand.node._rpc.ask("evm_setAutomine", False)
    return FEW / spent


def _call(stand: Stand) -> tuple[str, str]:
    to = Web3.to_checksum_address(stand.contracts.address_of("DigitalYuan"))
    return to, stand.contracts.call_data(stand.mint())


def _filled(stand: Stand, nonce: int) -> dict[str, Any]:
    to, data = _call(stand)
    return {
        "to": to, "data": data, "chainId": CHAIN_ID, "nonce": nonce, "gas": 500_000, "value": 0,
        "maxFeePerGas": 0, "maxPriorityFeePerGas": 0, "type": 2,
    }  # fmt: skip


def measure(url: str) -> None:
    """Each way in turn, several times, and the invariants afterwards."""
    stand = Stand(url)
    web3 = Web3(HTTPProvider(url))
    account = web3.eth.account.from_key(TUTORIAL_KEY)
    ours, limits, usual = [], [], []
    gc.freeze()  # as the loop of the process does
    for turn in range(ROUNDS + 1):
        speeds = product(stand), presigned(stand, web3, account), tutorial(stand, web3, account)
        _read_on(stand)
        if turn:  # the first round warms up
            for kept, speed in zip((ours, limits, usual), speeds, strict=True):
                kept.append(speed)
    for title, others in (
        ("sender / web3.py build, sign, wait (goal 20)", usual),
        ("sender / presigned batch (goal 0.70)", limits),
    ):
        ratio = statistics.median(one / other for one, other in zip(ours, others, strict=True))
        speeds_text = (
            f"{statistics.median(ours):>9,.0f}/s against {statistics.median(others):>9,.0f}/s"
        )
        sys.stdout.write(f"{title:<48} {ratio:6.2f}×   {speeds_text}\n")
    sys.stdout.write(broken_invariants("chain"))


def _read_on(stand: Stand) -> None:
    from scf.chain.indexer import scan  # noqa: PLC0415 - settings

    while scan(stand.node):
        continue


if __name__ == "__main__":
    with own_database(), own_chain() as address:
        os.environ["RPC_URL"] = address
        measure(address)
