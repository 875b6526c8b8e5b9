"""What can happen to a loan from outside. Each action is dated by its value date (K4) and keyed.

The key makes an action happen once; two actions of one day keep the order they are given in.
Money acts follow the chain; decisions are made by two persons, and an ``Undo`` takes one of them
out of the fold again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import ClassVar

from scf.loans.classification import Tier
from scf.loans.terms import Product


class RefusedAction(ValueError):
    """An action the loan cannot take; ``code`` says which rule refused it."""

    def __init__(self, detail: str, *, code: str) -> None:
        super().__init__(detail)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something of ``amount_minor`` fen on the value date ``on``; 0 for one that names no sum."""

    has_amount: ClassVar[bool] = True

    key: str
    on: date
    amount_minor: int

    def __post_init__(self) -> None:
        if self.has_amount and self.amount_minor <= 0:
            raise RefusedAction(f"{self.key}: the amount must be above zero", code="not_positive")


class Draw(Action):
    """Money lent: the whole frame at funding, or one release (K3, its own 借据)."""

    __slots__ = ()


class ReturnUnused(Action):
    """The loan part that came back from the escrow (K11): prepays, or lowers the frame (K3)."""

    __slots__ = ()


class Repay(Action):
    """Money from the borrower by sweep or by hand: due claims first, then early repayment (K12)."""

    __slots__ = ()


class RepayByAnchor(Repay):
    """Money of the core enterprise under its recourse: 差额退款 or 回购 (programme.recourse)."""

    __slots__ = ()


class CostNature(StrEnum):
    """What a cost is: decides which account it stands against."""

    ENFORCEMENT = "enforcement"  # 实现债权的费用: advanced by the bank, owed on to a third party
    FEE = "fee"  # an agreed fee, income of the bank


@dataclass(frozen=True, slots=True, kw_only=True)
class AddCost(Action):
    """A cost of enforcement, due at once, or a fee called ``name`` that falls due on ``due_on``.

    A fee kept from before such days were agreed has none: it is owed at once.
    """

    nature: CostNature = CostNature.ENFORCEMENT
    name: str = ""
    due_on: date | None = None

    def __post_init__(self) -> None:
        Action.__post_init__(self)
        if self.due_on is None:
            return
        if self.nature is not CostNature.FEE or self.due_on < self.on:
            raise RefusedAction(f"{self.key}: no fee falls due then", code="bad_due_day")


class Refund(Action):
    """An overpayment given back to the borrower."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Action):
    """Something two persons decided. The fold never refuses one: what is no longer there when
    history is folded again simply is not waived, written off or planned anew.
    """

    has_amount: ClassVar[bool] = False
    moves_claims: ClassVar[bool] = True  # interest is booked up to its day before it acts

    amount_minor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Waive(Decision):
    """减免: fees, penalty, compound interest and interest forgiven, at most what is owed (fen)."""

    fee_minor: int = 0
    penalty_minor: int = 0
    compound_minor: int = 0
    interest_minor: int = 0

    def __post_init__(self) -> None:
        charges = (self.penalty_minor, self.compound_minor, self.interest_minor)
        parts = (self.fee_minor, *charges)
        if min(parts) < 0 or sum(parts) != self.amount_minor or not self.amount_minor:
            raise RefusedAction(f"{self.key}: the parts must sum to the waiver", code="bad_waiver")


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOff(Decision):
    """核销: principal and interest leave the balance sheet; the claim on the borrower stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restructure(Decision):
    """重组 or 展期: all principal planned anew on ``due_dates``, from ``on``; what is None stays.

    Unpaid interest, penalty and compound interest fall due with the first new date. ``level_minor``
    is an agreed instalment of 等额本息. ``is_relief`` says that the borrower is in difficulty
    (重组资产: observed six months); without it this is a mere extension.
    """

    due_dates: tuple[date, ...]
    rate_ppm: int | None = None
    penalty_rate_ppm: int | None = None
    product: Product | None = None
    level_minor: int | None = None
    is_relief: bool = True

    def __post_init__(self) -> None:
        days = (self.on, *self.due_dates)
        if len(days) < 2 or any(one >= two for one, two in pairwise(days)):
            raise RefusedAction(f"{self.key}: due dates must rise after the day", code="bad_dates")
        if self.level_minor is not None and self.level_minor <= 0:
            raise RefusedAction(f"{self.key}: the instalment must be above zero", code="bad_level")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade(Decision):
    """A grade given by people, until another one; counts only where it is worse than the rule."""

    moves_claims: ClassVar[bool] = False

    tier: Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTechnical(Decision):
    """The oldest unpaid row is overdue for a technical reason: good for up to 7 days (K14)."""

    moves_claims: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRate(Decision):
    """重定价: from ``on`` the contract rate is ``rate_ppm``, by the quote its pricing names.

    The contract decided it beforehand; ``quote_ppm`` and ``quoted_on`` show what was used.
    """

    moves_claims: ClassVar[bool] = False

    rate_ppm: int
    quote_ppm: int
    quoted_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo(Decision):
    """Takes the decision or cost with the key ``of`` out of the fold; dated as that one is."""

    moves_claims: ClassVar[bool] = False

    of: str


def effective(actions: Iterable[Action]) -> list[Action]:
    """Return the actions no standing Undo takes out; an Undo may itself be undone.

    Raises RefusedAction(nothing_to_undo, not_undoable): money that moved is never undone here.
    """
    given = list(actions)
    if not any(isinstance(one, Undo) for one in given):
        return given
    by_key = {one.key: one for one in given}
    gone: set[str] = set()
    for one in reversed(given):
        if not isinstance(one, Undo) or one.key in gone:
            continue
        target = by_key.get(one.of)
        if target is None or target.on != one.on:
            raise RefusedAction(f"{one.key}: {one.of} is not there", code="nothing_to_undo")
        if not isinstance(target, Decision | AddCost):
            raise RefusedAction(f"{one.key}: {one.of} moved money", code="not_undoable")
        gone.add(one.of)
    return [one for one in given if not isinstance(one, Undo) and one.key not in gone]
