"""What goes into ``post_transfers`` and what comes out of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from scf.core.errors import RuleBroken
from scf.core.money import MAX_MINOR
from scf.ledger.models import Transfer, TransferState


class LedgerUnbalanced(Exception):
    """The ledger cannot be right any more, or was asked something that never may happen.

    Our bug or a broken world: never caught, somebody is called.
    """


class Outcome(StrEnum):
    """What became of one transfer of a batch."""

    POSTED = "posted"
    DUPLICATE = "duplicate"  # its key was seen before with the same contents
    OVERDRAWN = "overdrawn"  # an account's limit would break
    FROZEN = "frozen"  # an account is frozen
    SETTLED = "settled"  # the pending transfer was posted or voided before
    LINK_REFUSED = "link_refused"  # another leg of its link was refused


DONE = frozenset({Outcome.POSTED, Outcome.DUPLICATE})


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to one transfer; ``transfer_id`` is the row that moved the money, if any did."""

    key: str
    outcome: Outcome
    transfer_id: int | None

    @property
    def is_done(self) -> bool:
        """True when the money has moved, now or at an earlier call."""
        return self.outcome in DONE


@dataclass(frozen=True, slots=True)
class TransferIn:
    """Move ``amount_minor`` fen: debit one account, credit another of the same book.

    Transfers of one ``link`` are posted all or none; the link belongs to one batch. ``value_date``
    is the open business day when not given (K4). Raises RuleBroken for an amount that is none, and
    for an unusable key.
    """

    debit_account_id: int
    credit_account_id: int
    amount_minor: int
    kind: str
    key: str
    link: UUID | None = None
    state: str = "posted"
    deal_id: UUID | None = None
    value_date: date | None = None
    pending_id: int | None = None

    def __post_init__(self) -> None:
        if type(self.amount_minor) is not int or not 0 < self.amount_minor <= MAX_MINOR:
            raise RuleBroken(_("金额必须是大于零的整数分"), code="amount_not_positive")
        if not 0 < len(self.key) <= 200 or "\x00" in self.key:
            raise RuleBroken(_("业务键为空或过长"), code="key_unusable")
        if self.debit_account_id == self.credit_account_id:
            raise AssertionError(f"{self.key}: debit and credit are one account")


def posting_of(
    pending: Transfer, *, key: str, amount_minor: int | None = None, link: UUID | None = None
) -> TransferIn:
    """The transfer that posts a pending one, whole or in part; the rest of it becomes free again.

    Raises RuleBroken(more_than_pending) for more than is pending.
    """
    amount = pending.amount_minor if amount_minor is None else amount_minor
    if amount > pending.amount_minor:
        raise RuleBroken(_("入账金额超过待入账金额"), code="more_than_pending")
    return _settling(pending, TransferState.POST_PENDING, amount, key=key, link=link)


def voiding_of(pending: Transfer, *, key: str, link: UUID | None = None) -> TransferIn:
    """The transfer that takes a pending one back. Also allowed on a frozen account."""
    return _settling(pending, TransferState.VOID_PENDING, pending.amount_minor, key=key, link=link)


def in_turn(batch: Sequence[TransferIn]) -> list[TransferIn]:
    """The batch in the order it is judged: as given, a link's legs where its first one stands."""
    if not any(each.link for each in batch):
        return list(batch)
    first_of: dict[UUID, int] = {}
    turns = [
        (first_of.setdefault(each.link, place) if each.link else place, place)
        for place, each in enumerate(batch)
    ]
    return [batch[place] for _first, place in sorted(turns)]


def _settling(
    pending: Transfer, state: TransferState, amount: int, *, key: str, link: UUID | None
) -> TransferIn:
    if pending.state != TransferState.PENDING:
        raise AssertionError(f"{pending.key} is {pending.state}, not pending")
    return TransferIn(
        debit_account_id=pending.debit_account_id,
        credit_account_id=pending.credit_account_id,
        amount_minor=amount,
        kind=pending.kind,
        key=key,
        link=link,
        state=state.value,
        deal_id=pending.deal_id,
        pending_id=pending.pk,
    )
