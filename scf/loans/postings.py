"""What a loan gives to the books: a posting per act or booking; the difference of two folds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """What a posting is; the accounting mapper turns each into its lines (K25)."""

    DRAW = "draw"
    FRAME_LOWERED = "frame_lowered"
    RETURN = "return"
    REPAY = "repay"
    COST = "cost"  # advanced by the bank
    FEE = "fee"  # agreed, income of the bank
    REFUND = "refund"
    ACCRUAL = "accrual"
    OVERDUE = "overdue"  # principal moves to 逾期贷款 at the close of the due date or grace
    NON_ACCRUAL = "non_accrual"  # unpaid interest moves off balance on day 91 past due (K14)
    LAPSE = "lapse"  # paid interest of the grace days became penalty
    WAIVE = "waive"  # 减免: owed interest forgiven
    RESTRUCTURE = "restructure"  # overdue principal is planned anew and no longer overdue
    WRITE_OFF = "write_off"  # 核销: off the balance sheet against provision
    RECOVERY = "recovery"  # 核销后收回: money for a loan that was written off


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """An amount in fen, spread over what it pays, adds or takes back."""

    costs_minor: int = 0
    penalty_minor: int = 0
    compound_minor: int = 0
    interest_minor: int = 0
    principal_minor: int = 0
    overpaid_minor: int = 0

    @property
    def total_minor(self) -> int:
        """The whole amount."""
        charges = self.costs_minor + self.penalty_minor + self.compound_minor
        return charges + self.interest_minor + self.principal_minor + self.overpaid_minor

    @property
    def is_nothing(self) -> bool:
        """Whether every part is zero."""
        return self == Parts()

    def plus(self, other: "Parts") -> "Parts":
        """Return both added, part by part."""
        return Parts(
            costs_minor=self.costs_minor + other.costs_minor,
            penalty_minor=self.penalty_minor + other.penalty_minor,
            compound_minor=self.compound_minor + other.compound_minor,
            interest_minor=self.interest_minor + other.interest_minor,
            principal_minor=self.principal_minor + other.principal_minor,
            overpaid_minor=self.overpaid_minor + other.overpaid_minor,
        )

    def reversed(self) -> "Parts":
        """Return the parts with the opposite sign."""
        return Parts(
            costs_minor=-self.costs_minor,
            penalty_minor=-self.penalty_minor,
            compound_minor=-self.compound_minor,
            interest_minor=-self.interest_minor,
            principal_minor=-self.principal_minor,
            overpaid_minor=-self.overpaid_minor,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """An amount by parts, on a value date, once per ``key``.

    An accrual adds to what is owed; a repayment or return takes off; a draw adds principal.
    ``overdue_principal_minor`` is what of the principal stood on 逾期贷款; ``is_calendar`` marks
    the bookings K5 names by date. A reversal carries negative parts.
    """

    key: str
    on: date
    kind: Kind
    parts: Parts
    overdue_principal_minor: int = 0
    is_calendar: bool = False
    is_off_balance: bool = False
    is_reversal: bool = False


def differences(posted: Sequence[Posting], now: Sequence[Posting]) -> tuple[Posting, ...]:
    """Return what must be posted so that the books show ``now``: reversals first, then the new.

    Nothing posted is edited: a posting whose figures or date changed is reversed whole on its
    value date and posted anew under its key; one that is no longer there is reversed. ``posted``
    may hold earlier reversals. Calling it again with the answer added gives nothing.
    """
    standing = _net(posted)
    wanted = {posting.key: posting for posting in now}
    changed = [old for key, old in standing.items() if not _same(old, wanted.get(key))]
    reversals = tuple(
        replace(
            old,
            parts=old.parts.reversed(),
            overdue_principal_minor=-old.overdue_principal_minor,
            is_reversal=True,
        )
        for old in changed
        if not old.parts.is_nothing
    )
    fresh = tuple(new for key, new in wanted.items() if not _same(new, standing.get(key)))
    return reversals + fresh


def calendar_accruals(postings: Sequence[Posting]) -> dict[date, int]:
    """Return contract interest booked at each date K5 names, zeros included.

    What a repayment made payable between two dates counts with the later date, so every figure is
    q(exact cumulative) minus what the dates before show.
    """
    rows: dict[date, int] = {}
    waiting = 0
    for posting in postings:
        if posting.kind is not Kind.ACCRUAL:
            continue
        waiting += posting.parts.interest_minor
        if posting.is_calendar:
            rows[posting.on] = waiting
            waiting = 0
    return rows


def _net(posted: Sequence[Posting]) -> dict[str, Posting]:
    """Return what stands per key: the sum of its postings, dated by the last one not reversed."""
    standing: dict[str, Posting] = {}
    for posting in posted:
        before = standing.get(posting.key)
        if before is None:
            standing[posting.key] = posting
            continue
        kept = before if posting.is_reversal else posting
        standing[posting.key] = replace(
            kept,
            parts=before.parts.plus(posting.parts),
            overdue_principal_minor=before.overdue_principal_minor
            + posting.overdue_principal_minor,
        )
    return standing


def _same(one: Posting, two: Posting | None) -> bool:
    if two is None:
        return one.parts.is_nothing
    return _content(one) == _content(two)


def _content(posting: Posting) -> tuple[date, Kind, Parts, int, bool]:
    return (
        posting.on,
        posting.kind,
        posting.parts,
        posting.overdue_principal_minor,
        posting.is_off_balance,
    )
