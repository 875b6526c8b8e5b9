"""The verbs of this room, in one place for the rooms above."""

from scf.chain.calls import ZERO_ADDRESS, ZERO_WORD, Call, Instruction, SignatureIn
from scf.chain.commands import OVERTAKEN, close_command, drop_command, enqueue
from scf.chain.parties import register_party
from scf.chain.references import watch
from scf.chain.repair import approve_retry, refuse_retry, retry_command, retry_event
from scf.chain.signatures import approval_of, request_signature

__all__ = [
    "OVERTAKEN",
    "ZERO_ADDRESS",
    "ZERO_WORD",
    "Call",
    "Instruction",
    "SignatureIn",
    "approval_of",
    "approve_retry",
    "close_command",
    "drop_command",
    "enqueue",
    "refuse_retry",
    "register_party",
    "request_signature",
    "retry_command",
    "retry_event",
    "watch",
]
