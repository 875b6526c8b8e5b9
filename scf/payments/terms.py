"""The terms of an agreement as the contract hashes them, and the proofs of its lines.

Field for field the struct ``Terms`` of ``contracts/src/interfaces/Types.sol``: the approval screen
shows
these values and the very same are hashed into the agreement id (docs/contracts.md).
"""

from dataclasses import asdict, dataclass
from typing import Any

from scf.chain.abi import hash_of
from scf.chain.calls import ZERO_ADDRESS, ZERO_WORD
from scf.chain.hashing import from_hex, keccak256, to_hex

TERMS_TYPE = (
    "(bytes32,bytes32,address,address,address,address,address[4],uint16,uint64,uint64,uint48,uint48,uint48,"
    "uint16,uint16,uint16,uint8,uint8,bool,bytes32,bytes32,bytes32,address,uint256)"
)
LEAF_TYPE = "(bytes32,uint8,uint64,uint32,uint32,uint32[4])"

RELEASE_POLICIES = {"PAY_ON_DRAWDOWN": 1, "PAY_ON_SHIPMENT": 2, "PAY_ON_ACCEPTANCE": 3}
WHOLE_LINE = (1_000_000, 0, 0, 0)  # one stage: the whole line
(
    CONFIRM_NOT_NEEDED,
    CONFIRM_BUYER_AND_SECOND,
    CONFIRM_BUYER_ALONE,
    CONFIRM_SELLER_AND_BANK,
) = 0, 1, 2, 3


@dataclass(frozen=True)
class Terms:
    """Amounts are fen, clocks Unix seconds, ``*_days`` calendar days."""

    template_id: str
    loan_ref: str
    funder: str
    own_payer: str
    own_refund_to: str
    own_collection: str
    payees: tuple[str, str, str, str]
    bank_id: int
    total: int
    own_funds: int
    fund_by: int
    expiry: int
    long_stop: int
    refund_days: int
    dispute_days: int
    arbiter_days: int
    release_policy: int
    confirm_mode: int
    return_short: bool
    confirmers: str
    arbiter: str
    lines_root: str
    interest_to: str
    salt: int

    def as_call(self) -> list[Any]:
        """The struct's fields in order, as an argument of a call."""
        values = list(asdict(self).values())
        return [list(value) if isinstance(value, tuple) else value for value in values]


@dataclass(frozen=True)
class Leaf:
    """One line: its id, which payee, the most it may be paid (fen), its tolerances (ppm of
    quantity).
    """

    line_id: str
    payee: int
    cap: int
    tolerance_under_ppm: int
    tolerance_over_ppm: int
    stage_shares_ppm: tuple[int, int, int, int] = WHOLE_LINE

    def as_call(self) -> list[Any]:
        """The struct's fields in order."""
        return [*list(asdict(self).values())[:-1], list(self.stage_shares_ppm)]


def word(number: int) -> str:
    """A whole number as 32 bytes."""
    return f"0x{number:064x}"


def payees_of(address: str) -> tuple[str, str, str, str]:
    """The four places of the struct with one payee in the first."""
    return (address, ZERO_ADDRESS, ZERO_ADDRESS, ZERO_ADDRESS)


def agreement_id_of(terms: Terms, *, chain_id: int, escrow: str) -> str:
    """keccak256 over chain id, escrow contract and the terms' hash: the name of the agreement
    everywhere.
    """
    return hash_of(["uint256", "address", "bytes32"], [chain_id, escrow, terms_hash_of(terms)])


def terms_hash_of(terms: Terms) -> str:
    """keccak256 over the ABI encoding of the struct."""
    return hash_of([TERMS_TYPE], [terms.as_call()])


def leaf_hash_of(leaf: Leaf) -> str:
    """Hashed twice, so that no inner node can pass for a leaf (OpenZeppelin MerkleProof)."""
    return to_hex(keccak256(from_hex(hash_of([LEAF_TYPE], [leaf.as_call()]))))


def lines_root_of(leaves: list[Leaf]) -> str:
    """The root over the lines in their order; the zero word for no line."""
    level = [leaf_hash_of(leaf) for leaf in leaves]
    while len(level) > 1:
        level = _parents(level)
    return level[0] if level else ZERO_WORD


def proof_of(leaves: list[Leaf], position: int) -> list[str]:
    """The siblings from the leaf at ``position`` (from 0) up to the root."""
    level, proof = [leaf_hash_of(leaf) for leaf in leaves], []
    while len(level) > 1:
        sibling = position ^ 1
        if sibling < len(level):
            proof.append(level[sibling])
        level, position = _parents(level), position // 2
    return proof


def _parents(level: list[str]) -> list[str]:
    pairs = [level[start : start + 2] for start in range(0, len(level), 2)]
    return [_pair(*pair) if len(pair) == 2 else pair[0] for pair in pairs]


def _pair(left: str, right: str) -> str:
    # Sorted, so that a proof needs no directions.
    low, high = sorted((left, right))
    return to_hex(keccak256(from_hex(low) + from_hex(high)))
