"""A small book to move money in, and short words for doing so."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from scf.ledger.invariants import BOOKS  # noqa: F401 - importing registers the checks
from scf.ledger.models import Account, Book
from scf.ledger.services import open_account, open_book, post_transfers
from scf.ledger.transfers import Outcome, TransferIn, Verdict
from scf.workflow.invariants import run_checks


@dataclass(frozen=True)
class SmallBook:
    """One bank: its tokens, its own wallet, the wallets of a buyer and a seller, and an escrow."""

    book: Book
    tokens: Account
    own: Account
    buyer: Account
    seller: Account
    escrow: Account
    deposits: Account

    def refreshed(self, name: str) -> Account:
        """The account as the database has it now."""
        account: Account = getattr(self, name)
        account.refresh_from_db()
        return account

    def left(self, name: str) -> int:
        """What a wallet still holds and nothing has reserved."""
        account = self.refreshed(name)
        return -account.balance_minor - account.debits_pending_minor


def opened_book() -> SmallBook:
    """A book with the accounts of the chart that the tests use, all empty."""
    book = open_book(uuid4(), name="江城银行")
    codes = {
        "tokens": "1031",
        "own": "2011.80",
        "buyer": "2011.81:buyer",
        "seller": "2011.81:seller",
        "escrow": "2011.82.own:deal",
        "deposits": "2011.01:buyer",
    }
    return SmallBook(book, **{name: open_account(book, code=code) for name, code in codes.items()})


def move(debit: Account, credit: Account, amount: int, key: str, **more: Any) -> TransferIn:
    """One transfer between two accounts."""
    values = {"kind": "test", **more}
    return TransferIn(debit.pk, credit.pk, amount, key=key, **values)


def post(*batch: TransferIn) -> list[Outcome]:
    """Post a batch and say what became of each."""
    return [verdict.outcome for verdict in post_transfers(batch)]


def post_one(transfer: TransferIn) -> Verdict:
    """Post a single transfer."""
    return post_transfers([transfer])[0]


def broken() -> dict[str, list[str]]:
    """The names of the invariants of the ledger that do not hold, with the subjects they name."""
    return {
        name: [each.subject for each in rows]
        for name, rows in run_checks().items()
        if name.startswith("ledger.") and rows
    }
