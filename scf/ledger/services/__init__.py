"""The verbs of the ledger: open books and accounts, post, post or void what is pending, stage."""

from scf.ledger.services.open_account import (
    freeze_account,
    open_account,
    open_accounts,
    open_book,
    unfreeze_account,
)
from scf.ledger.services.post import post_pending, post_transfers, void_pending
from scf.ledger.services.stage import stage_transfers

__all__ = [
    "freeze_account",
    "open_account",
    "open_accounts",
    "open_book",
    "post_pending",
    "post_transfers",
    "stage_transfers",
    "unfreeze_account",
    "void_pending",
]
