"""Somebody of whom the platform knows nothing, with a key and a node of the same chain."""

import secrets

import coincurve
from django.conf import settings

from scf.chain.apply import apply_confirmed
from scf.chain.calls import Call
from scf.chain.contracts import address_of, call_data
from scf.chain.indexer import scan
from scf.chain.models import ChainCommand
from scf.chain.sender import send_ready
from scf.chain.transactions import UnsignedTx, address_of_key, sign_transaction
from scf.payments.agreements import line_args, terms_of
from scf.payments.models import Payment, PaymentLine
from tests.flows.conftest import Stack

GAS = 3_000_000


def relay(stack: Stack, call: Call) -> bool:
    """The call in a transaction of a stranger's own, mined; True when it took effect."""
    key, node = coincurve.PrivateKey(secrets.token_bytes(32)), stack.node
    unsigned = UnsignedTx(
        settings.CHAIN_ID, 0, address_of(call.contract), call_data(call), GAS, 0, 0
    )
    signed = sign_transaction(unsigned, key=key)
    assert node.transaction_count(address_of_key(key)) == 0
    assert node.broadcast([signed.raw]) == [""]
    node.mine()
    receipt = node.receipt(signed.tx_hash)
    assert receipt is not None
    return receipt.is_success


def relay_again(stack: Stack, command: ChainCommand) -> bool:
    """What our outbox holds, by the stranger: the bytes of a call are no secret."""
    return relay(stack, Call(command.contract, command.function, command.args))


def release(stack: Stack, line: PaymentLine) -> bool:
    """The stranger pays the payee what is confirmed of a line."""
    return relay(stack, Call("DirectedEscrow", "release", line_args(line)))


def reclaim(stack: Stack, payment: Payment) -> bool:
    """The stranger sends what expired back to where it came from."""
    return relay(stack, Call("DirectedEscrow", "reclaim", [terms_of(payment).as_call()]))


def give_back_short(stack: Stack, line: PaymentLine) -> bool:
    """The stranger sends the rest of a short-closed line back."""
    return relay(stack, Call("DirectedEscrow", "returnShortLine", line_args(line)))


def send_and_apply(stack: Stack) -> None:
    """One round of our own sender, and all its events applied, without a second round behind it."""
    look_at_heads(stack)
    stack.node.mine(1 + settings.CHAIN_CONFIRMATIONS)
    while scan(stack.node):
        pass
    while apply_confirmed(limit=1):
        pass


def look_at_heads(stack: Stack) -> int:
    """Our sender looks at the head of each queue and sends what would succeed."""
    return send_ready(stack.node, relayer=stack.signer)
