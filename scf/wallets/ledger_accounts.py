"""Where each wallet and each customer stands in a bank's book (conventions.md K25, golden deal
1).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from scf.core.actor import SYSTEM
from scf.ledger import services as ledger
from scf.ledger.selectors import list_balances
from scf.ledger.transfers import TransferIn
from scf.parties.selectors import get_organization
from scf.wallets.models import Purpose, Wallet

HELD_BY_BANK = "1031"
OWN_WALLET = "2011.80"
ESCROW_INTEREST_EXPENSE = "6411"


def wallet_code(owner_id: UUID, purpose: str) -> str:
    """The account that mirrors a wallet: the bank's own, or one of a customer's."""
    return OWN_WALLET if purpose == Purpose.OWN else f"2011.81:{owner_id}:{purpose}"


def bank_number_of(bank_id: UUID) -> int:
    """The bank's number on the chain. Raises AssertionError for an organization that is no bank."""
    number = get_organization(bank_id).bank_number
    if number is None:
        raise AssertionError(f"{bank_id} is no bank")
    return number


def deposit_code(owner_id: UUID) -> str:
    """The customer's ordinary deposit account."""
    return f"2011.01:{owner_id}"


def mint_source(wallet: Wallet, kind: str) -> str:
    """What is debited when money is issued into a wallet: deposits, the bank's own holding, or
    interest expense.
    """
    if kind == "mint_interest":
        return ESCROW_INTEREST_EXPENSE
    return HELD_BY_BANK if wallet.purpose == Purpose.OWN else deposit_code(wallet.owner_id)


@dataclass(frozen=True)
class Leg:
    """One movement in a bank's book by account codes; amounts are fen."""

    bank_id: UUID
    debit: str
    credit: str
    amount_minor: int
    kind: str
    key: str
    link: UUID | None = None
    deal_id: UUID | None = None
    value_date: date | None = None


def stage(legs: Iterable[Leg]) -> None:
    """Hand the legs to the ledger, which posts them last; legs of no fen are left out."""
    moving = [leg for leg in legs if leg.amount_minor]
    accounts = {bank_id: _accounts(bank_id, moving) for bank_id in {leg.bank_id for leg in moving}}
    ledger.stage_transfers([_transfer(leg, accounts[leg.bank_id]) for leg in moving])


def _accounts(bank_id: UUID, legs: Iterable[Leg]) -> dict[str, int]:
    """The ids by code of the accounts the legs name in a bank's book."""
    book = ledger.open_book(bank_id, name=get_organization(bank_id).name)
    mine = [leg for leg in legs if leg.bank_id == bank_id]
    codes = {code for leg in mine for code in (leg.debit, leg.credit)}
    return ledger.open_accounts(book, codes=codes)


def _transfer(leg: Leg, accounts: Mapping[str, int]) -> TransferIn:
    return TransferIn(
        debit_account_id=accounts[leg.debit],
        credit_account_id=accounts[leg.credit],
        amount_minor=leg.amount_minor,
        kind=leg.kind,
        key=leg.key,
        link=leg.link,
        deal_id=leg.deal_id,
        value_date=leg.value_date,
    )


def booked_balance(bank_id: UUID, code: str) -> int:
    """What the bank's book says an account holds, in fen on its normal side; 0 before it was
    opened.
    """
    found = list_balances(bank_id, by=SYSTEM, codes=[code])
    return found[0].balance_minor if found else 0
