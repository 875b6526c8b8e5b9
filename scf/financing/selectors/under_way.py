"""What of a deal is on its way to the chain: asked for, signed, sent, mined, not yet confirmed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from scf.chain.models import ChainCommand, ChainEvent
from scf.chain.selectors import confirmations_of
from scf.core.actor import Actor
from scf.financing.models import Application
from scf.wallets.machine import A
from scf.wallets.models import Act


@dataclass(frozen=True)
class UnderWay:
    """One act between a person's word and the chain's: who has still to sign, then its
    transaction.
    """

    kind: str
    amount_minor: int
    missing: Sequence[UUID]
    tx_hash: str
    is_blocked: bool
    confirmations: int | None


def list_under_way(application: Application, *, by: Actor) -> list[UnderWay]:
    """The acts of the deal that concern the actor's organization and are not confirmed, oldest
    first.
    """
    acts = Act.objects.filter(deal_id=application.deal_id, status__in=[A.ASKED, A.SENT])
    mine = [
        act
        for act in acts.order_by("created_at")
        if by.is_system or str(by.organization_id) in act.audience
    ]
    commands = {
        command.key: command
        for command in ChainCommand.objects.filter(key__in=[act.key for act in mine])
    }
    return [_under_way(act, commands.get(act.key)) for act in mine]


def tx_depths(tx_hashes: Iterable[str]) -> dict[str, int]:
    """How many blocks lie on each of these transactions, as far as they are known; two queries.

    Whoever holds the hash has it from a fact, so nothing is shown that was not shown before.
    """
    wanted = {tx_hash for tx_hash in tx_hashes if tx_hash}
    events = ChainEvent.objects.filter(tx_hash__in=wanted).order_by().distinct()
    last = confirmations_of(0)  # what lies on block 0 is the number of the last block
    return {
        tx_hash: max(last - number, 0)
        for tx_hash, number in events.values_list("tx_hash", "block_number")
    }


def _under_way(act: Act, command: ChainCommand | None) -> UnderWay:
    hashes = command.tx_hashes if command else []
    block = command.block_number if command else None
    return UnderWay(
        kind=act.kind,
        amount_minor=act.amount_minor,
        missing=[UUID(party) for party, approval in act.approvals.items() if not approval],
        tx_hash=hashes[-1] if hashes else "",
        is_blocked=command is not None and command.state == "blocked",
        confirmations=confirmations_of(block) if block is not None else None,
    )
