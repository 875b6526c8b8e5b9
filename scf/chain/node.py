"""Everything that is asked of a chain node. The node is not trusted: its chain, genesis and links
are checked.
"""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from scf.chain.answers import (
    Fees,
    Header,
    Log,
    Receipt,
    Simulation,
    header_of,
    log_of,
    number_of,
    receipt_of,
    refusal_of,
    simulation_of,
    sound,
)
from scf.chain.calls import Call
from scf.chain.contracts import address_of, call_data, result_of
from scf.chain.faults import WrongChain
from scf.chain.hashing import to_hex
from scf.chain.rpc import Rpc, RpcError
from scf.core.errors import Unavailable

BATCH = 400
UNKNOWN_METHOD = (-32601, -32004)  # JSON-RPC 2.0: not found; EIP-1474: not supported
FEE_CAP = 500 * 10**9  # wei a unit of gas: above it a person decides


class Node:
    """The questions and acts this room needs of a node at ``url``."""

    def __init__(self, url: str, *, chain_id: int) -> None:
        self.chain_id = chain_id
        self._rpc = Rpc(url)
        self._can_override = True
        self._has_block_receipts = True

    def close(self) -> None:
        """Give the connection back; the next question opens a new one."""
        self._rpc.close()

    def check_chain(self) -> str:
        """The genesis hash. Raises WrongChain when the node's chain id is not ours."""
        found = number_of(self._rpc.ask("eth_chainId"))
        if found != self.chain_id:
            raise WrongChain(
                f"the node serves chain {found}, this installation belongs to {self.chain_id}"
            )
        return self.headers(0, 0)[0].hash

    def head(self) -> int:
        """The number of the newest block."""
        return number_of(self._rpc.ask("eth_blockNumber"))

    def headers(self, first: int, last: int) -> list[Header]:
        """The headers of a window. Raises Unavailable when the node does not have one of them
        (yet).
        """
        questions = [
            ("eth_getBlockByNumber", (hex(number), False)) for number in range(first, last + 1)
        ]
        answers = [sound(each) for each in self._rpc.ask_all(questions)]
        found = [header_of(each) for each in answers if each]
        if [each.number for each in found] != list(range(first, last + 1)):
            raise Unavailable(_("区块链节点暂缺区块"), code="node_behind")
        return found

    def logs(self, first: int, last: int, *, addresses: Sequence[str]) -> list[Log]:
        """The logs of our contracts in a window, in the order of the chain."""
        if not addresses:
            return []
        wanted = {"fromBlock": hex(first), "toBlock": hex(last), "address": list(addresses)}
        found = [
            log_of(each) for each in self._rpc.ask("eth_getLogs", wanted) if not each.get("removed")
        ]
        allowed = set(addresses)
        return sorted(
            (each for each in found if each.address in allowed),
            key=lambda each: (each.block_number, each.log_index),
        )

    def receipts(self, headers: Sequence[Header]) -> list[list[Receipt]]:
        """All receipts of these blocks, a list for each block; of a node that does not give them by
        the block, one by one.
        """
        if not self._has_block_receipts:
            return [self._receipts_of(each) for each in headers]
        questions = [("eth_getBlockReceipts", (each.hash,)) for each in headers]
        answers = self._rpc.ask_all(questions)
        if any(isinstance(each, RpcError) and each.code in UNKNOWN_METHOD for each in answers):
            self._has_block_receipts = False
            return self.receipts(headers)
        return [[receipt_of(each) for each in sound(answer) or []] for answer in answers]

    def gas_limit(self) -> int:
        """How much gas the newest block may hold."""
        return number_of(self._block("latest")["gasLimit"])

    def code(self, address: str) -> str:
        """The code that lies at an address, ``0x`` when there is none."""
        return str(self._rpc.ask("eth_getCode", address, "latest"))

    def receipt(self, tx_hash: str) -> Receipt | None:
        """The receipt of one transaction, if it is mined."""
        found = self._rpc.ask("eth_getTransactionReceipt", tx_hash)
        return receipt_of(found) if found else None

    def broadcast(self, raw: Sequence[bytes]) -> list[str]:
        """Hand signed transactions to the network in one batch; safe to repeat.

        Answers for each what the node said against it, empty when it took or already had it.
        """
        refusals = []
        for start in range(0, len(raw), BATCH):
            part = raw[start : start + BATCH]
            answers = self._rpc.ask_all(
                [("eth_sendRawTransaction", (to_hex(each),)) for each in part]
            )
            refusals += [refusal_of(each) for each in answers]
        return refusals

    def simulate(self, calls: Sequence[tuple[str, str, int]], *, sender: str) -> list[Simulation]:
        """What each call (address, data, gas) would do in the next block, without doing it."""
        answers: list[Any] = []
        for start in range(0, len(calls), BATCH):
            answers += self._simulate(calls[start : start + BATCH], sender)
        return [simulation_of(each) for each in answers]

    def call(
        self, contract: str, function: str, args: list[Any], *, block: int | None = None
    ) -> Any:
        """What a view of a contract of ours answers at a block, the newest when none is given.

        A struct comes as a dict with names in snake_case. Raises RpcError when the view reverts.
        """
        question = {
            "to": address_of(contract),
            "data": call_data(Call(contract, function, args)),
        }
        place = "latest" if block is None else hex(block)
        return result_of(contract, function, str(self._rpc.ask("eth_call", question, place)))

    def replay(self, to: str, data: str, *, sender: str, block: int) -> Simulation:
        """Why a call that was mined in ``block`` failed: the same call on the state before it."""
        question = ({"from": sender, "to": to, "data": data}, hex(block - 1))
        return simulation_of(self._rpc.ask_all([("eth_call", question)])[0])

    def fees(self) -> Fees:
        """What gas costs now; nothing on a chain without a base fee. Raises Unavailable above the
        cap.
        """
        block = self._block("latest")
        base = number_of(block.get("baseFeePerGas") or "0x0")
        if base == 0:
            return Fees(0, 0)
        tip = number_of(self._rpc.ask("eth_maxPriorityFeePerGas"))
        if 2 * base + tip > FEE_CAP:
            raise Unavailable(_("链上手续费超过上限，已暂停发送"), code="fee_too_high")
        return Fees(2 * base + tip, tip)

    def balance(self, address: str) -> int:
        """The coin of the chain itself that a key holds for gas, in wei."""
        return number_of(self._rpc.ask("eth_getBalance", address, "latest"))

    def transaction_count(self, address: str) -> int:
        """How many transactions of this key are mined: the next nonce of a key new to us."""
        return number_of(self._rpc.ask("eth_getTransactionCount", address, "latest"))

    def next_time(self) -> int:
        """The time the next block would have, in Unix seconds."""
        block = self._block("pending")
        block = block or self._block("latest")
        return number_of(block["timestamp"])

    def pool_size(self) -> int:
        """How many transactions wait to be mined; for chains that let themselves be driven."""
        return number_of(self._rpc.ask("txpool_status")["pending"])

    def set_next_time(self, seconds: int) -> None:
        """Move the clock of a chain that lets itself be driven: the next block's time, in Unix
        seconds.
        """
        self._rpc.ask("evm_setNextBlockTimestamp", seconds)

    def mine(self, blocks: int = 1) -> None:
        """Make blocks on a chain that lets itself be driven."""
        for _number_of_block in range(blocks):
            self._rpc.ask("evm_mine")

    def _receipts_of(self, header: Header) -> list[Receipt]:
        questions = [("eth_getTransactionReceipt", (each,)) for each in header.tx_hashes]
        answers: list[Any] = []
        for start in range(0, len(questions), BATCH):
            answers += self._rpc.ask_all(questions[start : start + BATCH])
        return [receipt_of(each) for answer in answers if (each := sound(answer))]

    def _block(self, place: str) -> Any:
        whole_transactions = False
        return self._rpc.ask("eth_getBlockByNumber", place, whole_transactions)

    def _simulate(self, calls: Sequence[tuple[str, str, int]], sender: str) -> list[Any]:
        # The newest state with the next block's time: an idle chain's last block may be hours old.
        tail: tuple[Any, ...] = (
            ("latest", {}, {"time": hex(self.next_time())}) if self._can_override else ("pending",)
        )
        questions = [
            ("eth_call", ({"from": sender, "to": to, "data": data, "gas": hex(gas)}, *tail))
            for to, data, gas in calls
        ]
        answers = self._rpc.ask_all(questions)
        refused = [each for each in answers if isinstance(each, RpcError) and each.code == -32602]
        if refused and self._can_override:
            self._can_override = False
            return self._simulate(calls, sender)
        return answers
