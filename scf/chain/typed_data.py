"""EIP-712: the digest a party signs for an instruction, computed from nothing but its fields and
the domain.
"""

from dataclasses import dataclass
from typing import Any

from scf.chain.abi import encode
from scf.chain.hashing import keccak256, to_hex

VERSION = "1"
DOMAIN_TYPE = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
FIELDS = (
    ("instruction_id", "instructionId", "bytes32"),
    ("agreement_id", "agreementId", "bytes32"),
    ("action", "action", "uint8"),
    ("amount", "amount", "uint64"),
    ("payee", "payee", "address"),
    ("payload_hash", "payloadHash", "bytes32"),
    ("not_before", "notBefore", "uint48"),
    ("deadline", "deadline", "uint48"),
    ("seq", "seq", "uint48"),
)
INSTRUCTION_TYPE = f"Instruction({','.join(f'{kind} {name}' for _, name, kind in FIELDS)})"


@dataclass(frozen=True)
class Domain:
    """Which contract on which chain a signature is for; it works for no other."""

    contract: str  # the artefact's name, without a bank's number
    chain_id: int
    address: str

    @property
    def name(self) -> str:
        """The name the contract gives itself."""
        return f"scf.{self.contract}"


def digest(domain: Domain, instruction: dict[str, Any]) -> str:
    """The 32 bytes a party's key signs, as a ``0x…`` text.

    ``instruction`` holds every field in snake_case. Raises ValueError when one is missing,
    unknown or does not fit its type.
    """
    if set(instruction) != {name for name, _, _ in FIELDS}:
        raise ValueError(f"an instruction has other fields than {sorted(instruction)}")
    return to_hex(keccak256(b"\x19\x01" + _domain_hash(domain) + _instruction_hash(instruction)))


def _domain_hash(domain: Domain) -> bytes:
    names = (keccak256(domain.name.encode()), keccak256(VERSION.encode()))
    head = b"".join((keccak256(DOMAIN_TYPE.encode()), *names))
    return keccak256(head + encode(["uint256", "address"], [domain.chain_id, domain.address]))


def _instruction_hash(instruction: dict[str, Any]) -> bytes:
    kinds = [kind for _, _, kind in FIELDS]
    values = [instruction[name] for name, _, _ in FIELDS]
    return keccak256(keccak256(INSTRUCTION_TYPE.encode()) + encode(kinds, values))
