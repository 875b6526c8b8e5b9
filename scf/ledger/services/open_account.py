"""Opening books and accounts, and freezing accounts."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.core.errors import Conflict
from scf.ledger.chart import heading_of
from scf.ledger.models import Account, BalanceLimit, Book


@transaction.atomic
def open_book(organization_id: UUID, *, name: str) -> Book:
    """The book of a bank, opened at the first call; one a bank (K25). Safe to call twice."""
    book, _is_new = Book.objects.get_or_create(
        organization_id=organization_id, defaults={"name": name}
    )
    return book


@transaction.atomic
def open_account(
    book: Book, *, code: str, name: str = "", limit: BalanceLimit | None = None
) -> Account:
    """The account of this code in the book, opened empty at the first call. Safe to call twice.

    Name and limit are those of the chart unless given. Raises LookupError for a code outside the
    chart, Conflict(content_changed) when the account is already open with another limit.
    """
    heading = heading_of(code)
    wanted = heading.limit if limit is None else limit
    account, _is_new = Account.objects.get_or_create(
        book=book, code=code, defaults={"name": name or heading.zh, "limit": wanted}
    )
    _require_limit(account, wanted)
    return account


@transaction.atomic
def open_accounts(book: Book, *, codes: Iterable[str]) -> dict[str, int]:
    """The ids by code of these accounts of the book, those missing opened empty, set by set.

    Names and limits are those of the chart. Raises as ``open_account``.
    """
    headings = {code: heading_of(code) for code in sorted(set(codes))}
    rows = Account.objects.filter(book=book, code__in=headings)
    found = {account.code: account for account in rows}
    missing = [
        Account(book=book, code=code, name=heading.zh, limit=heading.limit)
        for code, heading in headings.items()
        if code not in found
    ]
    if missing:
        Account.objects.bulk_create(missing, ignore_conflicts=True)
        found = {account.code: account for account in rows.all()}
    for code, heading in headings.items():
        _require_limit(found[code], heading.limit)
    return {code: account.pk for code, account in found.items()}


def _require_limit(account: Account, wanted: BalanceLimit) -> None:
    if account.limit != wanted:
        raise Conflict(
            _("账户 %(account)s 已按另一种余额限制开立"),
            code="content_changed",
            account=account.code,
        )


@transaction.atomic
def freeze_account(account_id: int) -> None:
    """From now on nothing is posted to the account; what is pending may only be voided.

    Safe to call twice. The room that decides it checks the permission and records the fact.
    """
    _set_frozen(account_id, is_frozen=True)


@transaction.atomic
def unfreeze_account(account_id: int) -> None:
    """Take a freeze back. Safe to call twice."""
    _set_frozen(account_id, is_frozen=False)


def _set_frozen(account_id: int, *, is_frozen: bool) -> None:
    if not Account.objects.filter(pk=account_id).update(is_frozen=is_frozen):
        raise AssertionError(f"there is no account {account_id}")
