"""Everything between an enqueued call and its fact, step by step in this process: for tests and
rehearsals.

The background processes use the very same functions; here they run in turn until nothing moves.
"""

from dataclasses import dataclass

from scf.chain.apply import apply_confirmed, confirmed_block
from scf.chain.indexer import scan
from scf.chain.models import ChainCommand, ChainEvent, CommandState
from scf.chain.node import Node
from scf.chain.rest import is_anything_open
from scf.chain.sender import send_ready
from scf.chain.signer import Signer

ROUNDS = 50


@dataclass
class Progress:
    """What moved: signatures answered, transactions sent, blocks read, events applied, rounds it
    took.
    """

    signed: int = 0
    sent: int = 0
    blocks: int = 0
    applied: int = 0
    rounds: int = 0


def step_chain(*, node: Node, signer: Signer, mines: bool = True, rounds: int = ROUNDS) -> Progress:
    """Sign what waits, send, mine, read and apply, again and again until nothing moves.

    With ``mines`` the chain is told to make blocks (a chain of one's own, without a block
    producer): one for what was sent, then as many as the confirmations need. Reactions run, so a
    whole flow moves on by itself until a person must act. Raises AssertionError when it is not
    quiet after ``rounds`` rounds; what is blocked or cannot be applied stays for the caller to
    look at.
    """
    total = Progress()
    for _round in range(rounds):
        total.rounds += 1
        if not _step(total, node, signer, mines=mines):
            return total
    raise AssertionError(f"the chain did not come to rest within {rounds} rounds: {total}")


def _step(total: Progress, node: Node, signer: Signer, *, mines: bool) -> bool:
    if not is_anything_open():
        # Only others can have moved the chain: most rests of a quiet day end here.
        total.blocks += _scan_all(node)
        return is_anything_open()
    signed = signer.sign_waiting()
    sent = send_ready(node, relayer=signer)
    if mines and _wants_blocks():
        node.mine(1)
    blocks = _scan_all(node)
    applied = apply_confirmed()
    total.signed += signed
    total.sent += sent
    total.blocks += blocks
    total.applied += applied
    return bool(signed or sent or blocks or applied)


def _wants_blocks() -> bool:
    """Something waits to be mined, or was mined and is not final yet."""
    sent = ChainCommand.objects.filter(state=CommandState.SENT)
    unconfirmed = ChainEvent.objects.filter(
        applied_at__isnull=True, block_number__gt=confirmed_block()
    )
    return sent.exists() or unconfirmed.exists()


def _scan_all(node: Node) -> int:
    blocks = 0
    while found := scan(node):
        blocks += found
    return blocks
