"""An in-memory chain that takes real signed transactions: ``mine()``, ``reorg(depth)``,
``revert(tx_hash)``.

It keeps nonces, blocks, hashes, receipts and logs. Of contracts it knows one thing: a call with
an instruction emits the event that ``emits`` names for its function, once per instruction id,
with values taken from the call by their names.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from scf.chain.answers import USED_NONCE, Fees, Header, Log, Receipt, Simulation
from scf.chain.hashing import keccak256, to_hex
from scf.core.errors import Unavailable
from tests.fakes.calls import Transaction, read_call, write_error, write_log

OK = Simulation("0x", is_revert=False)


@dataclass
class Block:
    """A block with what was done in it: (transaction, succeeded, logs, instruction id)."""

    header: Header
    done: list[tuple[Transaction, bool, list[Log], str]] = field(default_factory=list)


class FakeNode:
    """Stands where ``scf.chain.node.Node`` stands."""

    def __init__(self, *, chain_id: int = 20260, time: int = 1_790_000_000) -> None:
        self.chain_id = chain_id
        self.time = time
        self.forks = 0
        self.pool: dict[int, Transaction] = {}
        self.received: list[bytes] = []
        self.events: dict[str, str] = {}
        self.refusals: dict[str, tuple[str, list[Any]]] = {}
        self.doomed: set[str] = set()
        self.turned_away: dict[int, str] = {}
        self.base_fee = 0
        self.is_silent = False
        self.loses_answers = False
        self.blocks = [Block(self._header(0, "0x" + "00" * 32, []))]

    # --- what a test says

    def emits(self, function: str, event: str) -> None:
        """From now on a call of ``function`` emits ``event``, with values from the call by name."""
        self.events[function] = event

    def refuses(self, function: str, error: str, *values: Any) -> None:
        """From now on calls of ``function`` revert with this custom error, also when simulated."""
        self.refusals[function] = (error, list(values))

    def allows(self, function: str) -> None:
        """Calls of ``function`` succeed again."""
        self.refusals.pop(function)

    def revert(self, tx_hash: str) -> None:
        """This transaction will be mined and fail, although its simulation succeeded."""
        self.doomed.add(tx_hash)

    def turns_away(self, nonce: int, reason: str) -> None:
        """Refuse the next transaction with this nonce with these words, once."""
        self.turned_away[nonce] = reason

    def drop_pool(self) -> None:
        """Forget what waits, as a node does that restarts."""
        self.pool.clear()

    def mine(self, blocks: int = 1) -> None:
        """Make blocks; the first takes all that waits and whose nonce is next."""
        for _block in range(blocks):
            self._append(self._takeable())

    def reorg(self, depth: int) -> None:
        """Replace the last ``depth`` blocks by empty ones; their transactions do not come back."""
        self.forks += 1
        del self.blocks[-depth:]
        for _block in range(depth):
            self._append([])

    def rollback(self, depth: int) -> None:
        """Lose the last ``depth`` blocks."""
        self.forks += 1
        del self.blocks[-depth:]

    # --- what the code under test asks

    def close(self) -> None:
        """There is no connection."""

    def check_chain(self) -> str:
        self._hear()
        return self.blocks[0].header.hash

    def head(self) -> int:
        self._hear()
        return len(self.blocks) - 1

    def headers(self, first: int, last: int) -> list[Header]:
        self._hear()
        if last >= len(self.blocks):
            raise Unavailable("no such block", code="node_behind")
        return [each.header for each in self.blocks[first : last + 1]]

    def logs(self, first: int, last: int, *, addresses: Sequence[str]) -> list[Log]:
        self._hear()
        all_logs = [
            log
            for block in self.blocks[first : last + 1]
            for _tx, _ok, logs, _id in block.done
            for log in logs
        ]
        return [each for each in all_logs if each.address in addresses]

    def receipts(self, headers: Sequence[Header]) -> list[list[Receipt]]:
        self._hear()
        by_hash = {each.header.hash: each for each in self.blocks}
        return [
            [
                self._receipt(header.number, tx, ok)
                for tx, ok, _logs, _id in by_hash[header.hash].done
            ]
            for header in headers
        ]

    def receipt(self, tx_hash: str) -> Receipt | None:
        self._hear()
        for block in self.blocks:
            for tx, ok, _logs, _id in block.done:
                if tx.tx_hash == tx_hash:
                    return self._receipt(block.header.number, tx, ok)
        return None

    def broadcast(self, raw: Sequence[bytes]) -> list[str]:
        self._hear()
        answers = [self._take(each) for each in raw]
        if raw and self.loses_answers:
            raise Unavailable("the answer was lost", code="node_silent")
        return answers

    def simulate(self, calls: Sequence[tuple[str, str, int]], *, sender: str) -> list[Simulation]:
        self._hear()
        return [
            self._verdict(to, data, self._executed(len(self.blocks))) for to, data, _gas in calls
        ]

    def replay(self, to: str, data: str, *, sender: str, block: int) -> Simulation:
        self._hear()
        verdict = self._verdict(to, data, self._executed(block))
        doomed = (
            any(
                tx.to == to and tx.data == data and tx.tx_hash in self.doomed
                for tx, *_rest in self.blocks[block].done
            )
            if block < len(self.blocks)
            else False
        )
        return (
            Simulation(write_error("NothingToReclaim", ["0x" + "00" * 32]), is_revert=True)
            if doomed
            else verdict
        )

    def fees(self) -> Fees:
        self._hear()
        return Fees(2 * self.base_fee, 0)

    def balance(self, _address: str) -> int:
        self._hear()
        return 10**24

    def transaction_count(self, _address: str) -> int:
        self._hear()
        return sum(len(block.done) for block in self.blocks)

    # --- how it works inside

    def _hear(self) -> None:
        if self.is_silent:
            raise Unavailable("the node is silent", code="node_silent")

    def _take(self, raw: bytes) -> str:
        self.received.append(raw)
        tx = Transaction.read(raw)
        if tx.nonce < self.transaction_count(""):
            return USED_NONCE
        if reason := self.turned_away.pop(tx.nonce, ""):
            return reason
        known = self.pool.get(tx.nonce)
        if known is None or tx.max_fee > known.max_fee:
            self.pool[tx.nonce] = tx
        return ""

    def _takeable(self) -> list[Transaction]:
        taken, nonce = [], self.transaction_count("")
        while nonce in self.pool and self.pool[nonce].max_fee >= self.base_fee:
            taken.append(self.pool.pop(nonce))
            nonce += 1
        return taken

    def _append(self, transactions: list[Transaction]) -> None:
        parent = self.blocks[-1].header
        block = Block(self._header(parent.number + 1, parent.hash, transactions))
        self.blocks.append(block)
        for tx in transactions:
            self._execute(block, tx)

    def _header(self, number: int, parent: str, transactions: list[Transaction]) -> Header:
        hashes = tuple(each.tx_hash for each in transactions)
        named = f"{self.chain_id}/{self.forks}/{number}/{parent}/{hashes}"
        return Header(
            number, to_hex(keccak256(named.encode())), parent, self.time + 2 * number, hashes
        )

    def _execute(self, block: Block, tx: Transaction) -> None:
        verdict = self._verdict(tx.to, tx.data, self._executed(len(self.blocks)))
        if verdict.is_revert or tx.tx_hash in self.doomed:
            block.done.append((tx, False, [], ""))
            return
        name, function, instruction = read_call(tx.to, tx.data)
        logs = []
        if event := self.events.get(function):
            index = sum(len(logs) for _tx, _ok, logs, _id in block.done)
            logs = [write_log(name, event, instruction, block.header, index, tx)]
        block.done.append((tx, True, logs, str(instruction.get("instruction_id", ""))))

    def _executed(self, before: int) -> set[str]:
        return {done for block in self.blocks[:before] for *_rest, done in block.done if done}

    def _verdict(self, to: str, data: str, executed: set[str]) -> Simulation:
        _name, function, instruction = read_call(to, data)
        if instruction.get("instruction_id") in executed:
            return Simulation(
                write_error("AlreadyExecuted", [instruction["instruction_id"]]), is_revert=True
            )
        if function in self.refusals:
            error, values = self.refusals[function]
            return Simulation(write_error(error, values), is_revert=True)
        return OK

    def _receipt(self, number: int, tx: Transaction, ok: bool) -> Receipt:
        return Receipt(tx.tx_hash, ok, "", 21_000, number)
