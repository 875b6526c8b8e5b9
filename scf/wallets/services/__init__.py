"""What can be done with a wallet."""

from scf.wallets.services.exchange import exchange
from scf.wallets.services.follow import (
    confirm_minted,
    confirm_moved,
    confirm_registered,
    confirm_status,
)
from scf.wallets.services.freeze import freeze_wallet, unfreeze_wallet
from scf.wallets.services.move import draw, mint, transfer
from scf.wallets.services.open import give_mandate, open_wallet

__all__ = [
    "confirm_minted",
    "confirm_moved",
    "confirm_registered",
    "confirm_status",
    "draw",
    "exchange",
    "freeze_wallet",
    "give_mandate",
    "mint",
    "open_wallet",
    "transfer",
    "unfreeze_wallet",
]
