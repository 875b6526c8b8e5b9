"""What of a deal is on its way to the chain: asked for, signed, sent, mined, not yet confirmed."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from scf.chain.models import ChainCommand
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
