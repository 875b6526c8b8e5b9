"""Freezing a wallet on a lawful order, and lifting it."""

from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.chain import services as chain
from scf.chain.abi import hash_of
from scf.chain.calls import Call
from scf.chain.hashing import word_of
from scf.core.actor import Actor
from scf.core.errors import Conflict, NotFound
from scf.wallets import machine
from scf.wallets.acts import ActIn, ask_act
from scf.wallets.attempts import attempt_key
from scf.wallets.models import Act, Wallet

FREEZE, UNFREEZE, FROZEN = (
    13,
    14,
    3,
)  # numbers of ``Action`` and ``WalletStatus`` of the contracts


@transaction.atomic
def freeze_wallet(wallet: Wallet, *, order: str, by: Actor, standing: str = "") -> Act:
    """Freeze a wallet on the order of a court or regulator (its text or number is hashed onto the
    chain).

    A person of its bank asks with a fresh second factor, or ``standing`` names an order signed
    before. Raises NotFound for anybody else, Conflict(wrong_state) unless the wallet is active.
    Safe twice; one that failed may be asked for again.
    """
    _require(wallet, machine.S.ACTIVE, by)
    order_id = "0x" + sha256(order.encode()).hexdigest()
    details = [wallet.address, FROZEN, order_id]
    types = ["address", "uint8", "bytes32"]
    return _ask(
        wallet,
        "freeze",
        FREEZE,
        details,
        types,
        f"freeze:{wallet.pk}:{wallet.version}",
        by,
        standing,
    )


@transaction.atomic
def unfreeze_wallet(wallet: Wallet, *, by: Actor, standing: str = "") -> Act:
    """Lift the freeze under the order it was made by. Who asks and what it raises: as freezing, but
    of a frozen wallet.
    """
    _require(wallet, machine.S.FROZEN, by)
    details: list[object] = [wallet.address, wallet.frozen_by_order]
    types = ["address", "bytes32"]
    return _ask(
        wallet,
        "unfreeze",
        UNFREEZE,
        details,
        types,
        f"unfreeze:{wallet.pk}:{wallet.version}",
        by,
        standing,
    )


def _require(wallet: Wallet, status: str, by: Actor) -> None:
    if not by.is_system and by.organization_id != wallet.bank_id:
        raise NotFound(_("没有这个钱包"))
    if wallet.status != status:
        raise Conflict(_("钱包当前状态下不能这样做"), code="wrong_state", status=wallet.status)


def _queue_of(wallet: Wallet) -> str:
    """A queue of its own: what the wallet's other calls wait for must not hold up a lawful order,
    nor the order's lifting wait behind a payment that the freeze itself blocks.
    """
    queue = word_of(f"wallet-status:{wallet.pk}")
    chain.watch(queue, parties=[wallet.owner_id, wallet.bank_id])
    return queue


def _ask(
    wallet: Wallet,
    kind: str,
    action: int,
    details: list[object],
    types: list[str],
    key: str,
    by: Actor,
    standing: str,
) -> Act:
    return ask_act(
        ActIn(
            key=attempt_key(key),
            kind=kind,
            subject_id=wallet.pk,
            contract="WalletRegistry",
            action=action,
            parties=(wallet.bank_id,),
            call=Call(
                "WalletRegistry",
                kind,
                ["instruction", {"approval_of": str(wallet.bank_id)}, *details],
            ),
            queue=_queue_of(wallet),
            audience=(wallet.owner_id, wallet.bank_id),
            payload_hash=hash_of(types, details),
            payee=wallet.address,
        ),
        by=by,
        standing=standing,
    )
