"""The indexer against the usual loop and against the node's own answer.

``python -m tests.bench.bench_indexer``: events of the chain until their rows are durable, on a
PostgreSQL and an anvil of its own. The usual loop is web3.py's ``get_logs`` for a window and one
INSERT an event, committed once a window. The limit is the bytes of ``eth_getLogs`` alone.
"""

import gc
import json
import os
import statistics
import sys
import time
from typing import Any

from django.db import connection, transaction
from web3 import HTTPProvider, Web3

from tests.bench.bench_ledger import own_database
from tests.bench.chain_stand import Stand, broken_invariants, own_chain

ROUNDS = 5
TRANSACTIONS, EVENTS = 20, 500  # a transaction holds so many events
SAMPLE = 1_000  # events of the usual loop
USUAL = """
    INSERT INTO usual_event (id, name, args, block_number, block_hash, log_index, tx_hash)
    VALUES (gen_random_uuid(), %s, %s, %s, %s, %s, %s)
"""
# Says Drawn with counting values as often as its caller asks: PUSH0 CALLDATALOAD, then a loop.
# mstore(0, n); mstore(32, n); log4(0, 64, topic, address(this), address(this), n); n = n - 1
EMITTER = "5f355b805f52806020528030307f{topic}60405fa46001900380600257 00".replace(" ", "")


def lay_emitter(stand: Stand) -> tuple[str, str]:
    """Where a contract that only says ``Drawn`` lies, known here as another digital yuan."""
    from scf.chain.models import Contract  # noqa: PLC0415 - settings

    kinds = stand.contracts.events_of("DigitalYuan").values()
    topic = next(each.topic for each in kinds if each.name == "Drawn")
    address = "0x" + "e1" * 20
    code = "0x" + EMITTER.format(topic=topic[2:])
    stand.node._rpc.ask("anvil_setCode", address, code)
    Contract.objects.create(
        name="DigitalYuan:bench", address=address, chain_id=stand.node.chain_id, block_number=1
    )
    return address, topic


def emit(stand: Stand, address: str) -> tuple[int, int]:
    """New blocks with events in them: the first and the last."""
    payer = stand.node._rpc.ask("eth_accounts")[0]
    first = stand.node.head() + 1
    tx = {
        "from": payer,
        "to": address,
        "data": f"0x{EVENTS:064x}",
        "gas": hex(4_000_000),
        "gasPrice": "0x0",
    }
    for _each in range(TRANSACTIONS):
        stand.node._rpc.ask("eth_sendTransaction", tx)
        stand.node.mine()
    return first, stand.node.head()


def product(stand: Stand) -> float:
    """Events a second until they are rows."""
    from scf.chain.indexer import scan  # noqa: PLC0415 - settings
    from scf.chain.models import ChainEvent  # noqa: PLC0415

    before = ChainEvent.objects.count()
    begun = time.perf_counter()
    while scan(stand.node):
        continue
    spent = time.perf_counter() - begun
    stored = ChainEvent.objects.count() - before
    if stored != TRANSACTIONS * EVENTS:
        raise AssertionError(f"{stored} events were stored")
    return stored / spent


def node_alone(stand: Stand, address: str, blocks: tuple[int, int]) -> float:
    """Events a second when the node's answer is only received."""
    asked = {"fromBlock": hex(blocks[0]), "toBlock": hex(blocks[1]), "address": [address]}
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "eth_getLogs", "params": [asked]})
    wire = stand.node._rpc._connection
    begun = time.perf_counter()
    wire.request("POST", "/", body, {"Content-Type": "application/json"})
    size = len(wire.getresponse().read())
    spent = time.perf_counter() - begun
    if size < TRANSACTIONS * EVENTS * 300:
        raise AssertionError(f"the node answered {size} bytes only")
    return TRANSACTIONS * EVENTS / spent


def usual(contract: Any, blocks: tuple[int, int]) -> float:
    """Events a second of web3's decoding and one INSERT each."""
    begun, stored = time.perf_counter(), 0
    for number in range(blocks[0], blocks[1] + 1):
        with transaction.atomic(), connection.cursor() as cursor:
            for each in contract.events.Drawn().get_logs(from_block=number, to_block=number):
                args = json.dumps(dict(each["args"]), default=lambda raw: "0x" + raw.hex())
                row = [each["event"], args, each["blockNumber"], "0x" + each["blockHash"].hex()]
                cursor.execute(
                    USUAL, [*row, each["logIndex"], "0x" + each["transactionHash"].hex()]
                )
                stored += 1
        if stored >= SAMPLE:
            break
    return stored / (time.perf_counter() - begun)


def measure(url: str) -> None:
    """Each way in turn, several times, and the invariants afterwards."""
    stand = Stand(url)
    address, _topic = lay_emitter(stand)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE usual_event (LIKE chain_chainevent INCLUDING INDEXES)")
        for column in ("contract", "reference", "block_time", "error", "attempts"):
            cursor.execute(f"ALTER TABLE usual_event ALTER {column} DROP NOT NULL")
    web3 = Web3(HTTPProvider(url))
    contract = web3.eth.contract(
        Web3.to_checksum_address(address), abi=stand.contracts.artefact("DigitalYuan")["abi"]
    )
    rounds = []
    gc.freeze()  # as the loop of the process does
    for _turn in range(ROUNDS + 1):
        blocks = emit(stand, address)
        rounds.append((product(stand), node_alone(stand, address, blocks), usual(contract, blocks)))
    for title, place in (
        ("indexer / web3 events, INSERT each (goal 20)", 2),
        ("indexer / the node's eth_getLogs (goal 0.40)", 1),
    ):
        kept = rounds[1:]  # the first warms up
        ratio = statistics.median(each[0] / each[place] for each in kept)
        ours, theirs = (statistics.median(each[n] for each in kept) for n in (0, place))
        sys.stdout.write(f"{title:<48} {ratio:6.2f}×   {ours:>9,.0f}/s against {theirs:>9,.0f}/s\n")
    sys.stdout.write(broken_invariants("chain"))


if __name__ == "__main__":
    with own_database(), own_chain() as place_of_the_chain:
        os.environ["RPC_URL"] = place_of_the_chain
        measure(place_of_the_chain)
