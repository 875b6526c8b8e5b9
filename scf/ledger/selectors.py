"""What an account holds, what moved on it, what a deal moved; for the bank whose book it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import NotFound
from scf.ledger.chart import Side, heading_of
from scf.ledger.models import Account, Book, Entry, Transfer, TransferState


@dataclass(frozen=True)
class Balance:
    """An account as people read it: posted balance on its normal side, and what is left to use."""

    account_id: int
    code: str
    name: str
    normal: Side
    balance_minor: int
    available_minor: int
    is_frozen: bool


def get_book(organization_id: UUID, *, by: Actor) -> Book:
    """The book of a bank. Raises NotFound when it has none, or it is another bank's."""
    found = Book.objects.filter(organization_id=organization_id).first()
    if found is None or not (by.is_system or by.organization_id == organization_id):
        raise NotFound(_("没有这本账"), code="not_found")
    return found


def get_account(organization_id: UUID, *, code: str, by: Actor) -> Account:
    """One account by bank and code. Raises NotFound."""
    found: Account | None = (
        Account.objects.visible_to(by)
        .filter(book__organization_id=organization_id, code=code)
        .first()
    )
    if found is None:
        raise NotFound(_("没有这个账户"), code="not_found")
    return found


def list_balances(organization_id: UUID, *, by: Actor, codes: Iterable[str] = ()) -> list[Balance]:
    """The balances of a bank's book by code, or only of the accounts named; fen."""
    rows = Account.objects.visible_to(by).filter(book__organization_id=organization_id)
    named = list(codes)
    if named:
        rows = rows.filter(code__in=named)
    return [balance_of(account) for account in rows.order_by("code")]


def balance_of(account: Account) -> Balance:
    """The balance of a row already read, on the normal side of its heading (else below zero).

    Available is the balance without what is pending against it.
    """
    heading = heading_of(account.code)
    is_debit = heading.normal is Side.DEBIT
    balance = account.balance_minor if is_debit else -account.balance_minor
    held = account.credits_pending_minor if is_debit else account.debits_pending_minor
    return Balance(
        account_id=account.pk,
        code=account.code,
        name=account.name,
        normal=heading.normal,
        balance_minor=balance,
        available_minor=balance - held,
        is_frozen=account.is_frozen,
    )


def list_entries_of_deal(deal_id: UUID, *, by: Actor) -> list[Entry]:
    """Both sides of everything the deal moved, in the order it was posted, with their accounts."""
    rows = Entry.objects.visible_to(by).filter(deal_id=deal_id)
    return list(rows.select_related("account", "counter_account"))


def list_statement(
    account_id: int, *, by: Actor, since: date | None = None, until: date | None = None
) -> list[Entry]:
    """The entries of one account by booking date, both days included, oldest first.

    ``balance_minor`` of an entry is posted debits minus credits of the account after it.
    """
    rows = Entry.objects.visible_to(by).filter(account_id=account_id)
    bounds: dict[str, Any] = {"booking_date__gte": since, "booking_date__lte": until}
    rows = rows.filter(**{name: day for name, day in bounds.items() if day is not None})
    return list(rows.select_related("counter_account"))


def get_transfer(key: str, *, by: Actor) -> Transfer:
    """One transfer by its key. Raises NotFound."""
    found: Transfer | None = Transfer.objects.visible_to(by).filter(key=key).first()
    if found is None:
        raise NotFound(_("没有这笔转账"), code="not_found")
    return found


def list_pending(organization_id: UUID, *, by: Actor) -> list[Transfer]:
    """The pending transfers of a book that were neither posted nor voided yet, oldest first."""
    settled = Transfer.objects.filter(pending__isnull=False).values("pending_id")
    rows = Transfer.objects.visible_to(by).filter(state=TransferState.PENDING)
    return list(
        rows.filter(debit_account__book__organization_id=organization_id).exclude(pk__in=settled)
    )
