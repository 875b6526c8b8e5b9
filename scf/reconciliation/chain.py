"""Chain = ledger: each wallet and each vault on the chain holds what the bank's book says.

Compared at the last block whose events are all applied, so that what is still under way is no
difference; without a node that answers, that is said as a violation: unseen is not agreed.
"""

from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

from django.conf import settings
from django.db.models import Min

from scf.chain.apply import confirmed_block
from scf.chain.contracts import address_of
from scf.chain.models import ChainCommand, ChainEvent, CommandState
from scf.chain.node import Node
from scf.chain.rpc import RpcError
from scf.core.errors import Unavailable
from scf.payments.models import Payment
from scf.wallets.ledger_accounts import bank_number_of, booked_balance
from scf.wallets.machine import S
from scf.wallets.models import Wallet
from scf.workflow.invariants import Violation


def wallets_differ() -> Iterator[Violation]:
    """Every wallet's balance on the chain against its account in the bank's book."""
    booked = {
        wallet.address: booked_balance(wallet.bank_id, wallet.account_code)
        for wallet in Wallet.objects.exclude(status=S.OPENING)
    }
    yield from _differences(booked)


def vaults_differ() -> Iterator[Violation]:
    """Every bank's vault against what its agreements still owe, claimable amounts included."""
    owed: dict[UUID, int] = defaultdict(int)
    for payment in Payment.objects.exclude(status="prepared"):
        owed[payment.bank_id] += payment.in_escrow_minor + payment.claimable_minor
    booked = {
        address_of(f"EscrowVault:{bank_number_of(bank_id)}"): minor
        for bank_id, minor in owed.items()
    }
    yield from _differences(booked)


def _differences(booked: dict[str, int]) -> Iterator[Violation]:
    if not booked:
        return
    node = Node(settings.RPC_URL, chain_id=settings.CHAIN_ID)
    try:
        block = _compared_block()
        for address, minor in booked.items():
            held = int(node.call("DigitalYuan", "balanceOf", [address], block=block))
            if held != minor:
                yield Violation(
                    address, {"on_chain": held, "in_book": minor, "block": block or "head"}
                )
    except (Unavailable, RpcError) as silence:
        yield Violation("node", {"not_compared": str(silence)})
    finally:
        node.close()


def _compared_block() -> int | None:
    """The block before the first unapplied event; the head when nothing is under way."""
    first = ChainEvent.objects.filter(applied_at__isnull=True).aggregate(first=Min("block_number"))
    if first["first"] is not None:
        return int(first["first"]) - 1
    sent = ChainCommand.objects.filter(state=CommandState.SENT).exists()
    return confirmed_block() if sent else None
