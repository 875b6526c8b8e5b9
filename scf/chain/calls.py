"""The values other rooms hand to this one: a contract call, an instruction to sign, a signature
asked for.
"""

from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

ZERO_WORD = "0x" + "00" * 32
ZERO_ADDRESS = "0x" + "00" * 20


@dataclass(frozen=True)
class Call:
    """One call of a contract of ours. ``args`` are the function's arguments in order.

    Whole numbers are ints, bytes and addresses ``0x…`` texts, structs dicts by the names of the ABI
    or lists in its order.
    """

    contract: str
    function: str
    args: list[Any] = field(default_factory=list)


@dataclass(frozen=True)
class Instruction:
    """What a party signs (EIP-712). Amounts are fen, times Unix seconds. Field for field the
    contract's struct.
    """

    instruction_id: str
    agreement_id: str
    action: int
    amount: int
    payee: str
    payload_hash: str
    not_before: int
    deadline: int
    seq: int

    def as_json(self) -> dict[str, Any]:
        """Every field by its name: what is stored, shown on the approval screen and signed."""
        return asdict(self)

    def as_call(self) -> list[Any]:
        """The struct's fields in order, as an argument of a ``Call``."""
        return list(asdict(self).values())


@dataclass(frozen=True)
class SignatureIn:
    """A signature to ask for: which party's key, in which contract's domain, for what, by whose
    word.

    ``key`` is ``purpose:id``. ``organization_id`` None is the governance party. ``standing``
    names the standing instruction that a person signed before (a mandate, the bank's mint or
    day-end job) and is needed when no person asks. ``then`` is a call for which this one
    signature is enough: it is enqueued under the same key in the queue ``then_queue`` as soon as
    it is signed, with the instruction and the approval put before its ``args``.
    """

    key: str
    organization_id: UUID | None
    contract: str
    instruction: Instruction
    purpose: str
    standing: str = ""
    deal_id: UUID | None = None
    then: Call | None = None
    then_queue: str = ""
