"""What can happen to a loan from outside. Each action is dated by its value date (K4) and keyed.

The key makes an action happen once; two actions of one day keep the order they are given in.
"""

from dataclasses import dataclass
from datetime import date


class RefusedAction(ValueError):
    """An action the loan cannot take; ``code`` says which rule refused it."""

    def __init__(self, detail: str, *, code: str) -> None:
        super().__init__(detail)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something that moved ``amount_minor`` fen on the value date ``on``."""

    key: str
    on: date
    amount_minor: int

    def __post_init__(self) -> None:
        if self.amount_minor <= 0:
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


class AddCost(Action):
    """A cost of enforcement or an agreed fee that falls due at once."""

    __slots__ = ()


class Refund(Action):
    """An overpayment given back to the borrower."""

    __slots__ = ()
