"""Freezing a wallet on a lawful order, and lifting it."""

from hashlib import sha256

from django.db import transaction

from scf.chain.abi import hash_of
from scf.chain.calls import Call
from scf.core.actor import Actor
from scf.wallets.acts import ActIn, ask_act
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
    """
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
    """Lift the freeze under the order it was made by."""
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
            key=key,
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
            queue=wallet.address,
            audience=(wallet.owner_id, wallet.bank_id),
            payload_hash=hash_of(types, details),
            payee=wallet.address,
        ),
        by=by,
        standing=standing,
    )
