"""What a node answers, as values: read from its JSON, with hexadecimal texts in lower case."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from scf.chain.rpc import RpcError
from scf.core.errors import Unavailable

KNOWN = ("already known", "already imported", "known transaction", "already exists")
USED_NONCE = "nonce too low"


@dataclass(frozen=True)
class Header:
    """A block's header, its transactions by hash."""

    number: int
    hash: str
    parent: str
    time: int  # Unix seconds
    tx_hashes: tuple[str, ...]


class Log(NamedTuple):
    """one log of a block; ``log_index`` is its place in the block."""

    address: str
    topics: tuple[str, ...]
    data: str
    block_number: int
    block_hash: str
    log_index: int
    tx_hash: str


@dataclass(frozen=True)
class Receipt:
    """What became of a transaction."""

    tx_hash: str
    is_success: bool
    contract_address: str
    gas_used: int
    block_number: int


@dataclass(frozen=True)
class Fees:
    """What a unit of gas may cost and what of it goes to the block's maker, in wei."""

    max_fee: int
    priority_fee: int


@dataclass(frozen=True)
class Simulation:
    """What a call would answer: its data, or the bytes of the revert."""

    data: str
    is_revert: bool


def number_of(text: Any) -> int:
    """A number from its hexadecimal text."""
    return int(str(text), 16)


def sound(answer: Any) -> Any:
    """The answer, unless the node refused the question: then its RpcError is raised."""
    if isinstance(answer, RpcError):
        raise answer
    return answer


def header_of(block: dict[str, Any]) -> Header:
    """A block's header from the node's JSON."""
    return Header(
        number_of(block["number"]),
        block["hash"].lower(),
        block["parentHash"].lower(),
        number_of(block["timestamp"]),
        tuple(each.lower() for each in block["transactions"]),
    )


def log_of(entry: dict[str, Any]) -> Log:
    """A log from the node's JSON."""
    return Log(
        entry["address"].lower(),
        tuple([each.lower() for each in entry["topics"]]),
        entry["data"].lower(),
        int(entry["blockNumber"], 16),
        entry["blockHash"].lower(),
        int(entry["logIndex"], 16),
        entry["transactionHash"].lower(),
    )


def receipt_of(entry: dict[str, Any]) -> Receipt:
    """A receipt from the node's JSON."""
    return Receipt(
        entry["transactionHash"].lower(),
        number_of(entry["status"]) == 1,
        (entry.get("contractAddress") or "").lower(),
        number_of(entry["gasUsed"]),
        number_of(entry["blockNumber"]),
    )


def refusal_of(answer: Any) -> str:
    """What a node said against a transaction; empty when it took or already had it."""
    if not isinstance(answer, RpcError) or any(word in answer.message.lower() for word in KNOWN):
        return ""
    return answer.message


def simulation_of(answer: Any) -> Simulation:
    """What a call would do. Raises Unavailable when the node itself could not say."""
    if not isinstance(answer, RpcError):
        return Simulation(str(answer), is_revert=False)
    if not answer.is_revert:
        raise Unavailable(
            _("区块链节点无法试算：%(reason)s"), code="node_refused", reason=answer.message
        )
    return Simulation(answer.data, is_revert=True)
