"""The outbox towards the chain, what the chain said, who listens to which reference, and what
waits to be signed.

Every hexadecimal text in this room is ``0x`` and lower case: addresses, hashes, agreement ids.
"""

from scf.chain.models.asked import ChainRetry, SignatureRequest, SignatureState
from scf.chain.models.blocks import Block, ChainEvent, ChainHead
from scf.chain.models.identity import ChainParty, Contract, Reference
from scf.chain.models.outbox import ChainCommand, CommandState, Sender

__all__ = [
    "Block",
    "ChainCommand",
    "ChainEvent",
    "ChainHead",
    "ChainParty",
    "ChainRetry",
    "CommandState",
    "Contract",
    "Reference",
    "Sender",
    "SignatureRequest",
    "SignatureState",
]
