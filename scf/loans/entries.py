"""A posting as lines of the bank's book (K25): 13xx, 1132, 6011 against 1031.

Off balance 90xx stands against 9900.

Each loan has accounts of its own, ``1303.01:<loan>``; own tokens and income are one account a bank.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from scf.loans.postings import Kind, Parts, Posting

TOKENS = "1031"
INCOME = "6011"
CONTRA = "9900"

Line = tuple[str, str, int]  # debit, credit, fen


@dataclass(frozen=True)
class Codes:
    """The accounts of one loan in the bank's book."""

    loan_id: UUID

    @property
    def principal(self) -> str:
        """贷款."""
        return f"1303.01:{self.loan_id}"

    @property
    def overdue(self) -> str:
        """逾期贷款."""
        return f"1303.02:{self.loan_id}"

    @property
    def interest(self) -> str:
        """应收利息, penalty and compound interest with it."""
        return f"1132:{self.loan_id}"

    @property
    def overpaid(self) -> str:
        """What the borrower paid too much and gets back."""
        return f"2241:{self.loan_id}"

    @property
    def commitment(self) -> str:
        """Off balance: what the bank must still lend."""
        return f"9010:{self.loan_id}"

    @property
    def off_balance_interest(self) -> str:
        """Off balance: receivable interest of a loan that is 非应计 (K14)."""
        return f"9020:{self.loan_id}"


@dataclass(frozen=True)
class Receivable:
    """Unpaid booked interest, in fen: on the balance sheet, and off it."""

    on_minor: int = 0
    off_minor: int = 0

    def after(self, codes: Codes, lines: Iterable[Line]) -> "Receivable":
        """What stands after these lines."""
        on, off = self.on_minor, self.off_minor
        for debit, credit, amount in lines:
            on += amount * ((debit == codes.interest) - (credit == codes.interest))
            off += amount * (
                (debit == codes.off_balance_interest) - (credit == codes.off_balance_interest)
            )
        return Receivable(on, off)


def lines_of(posting: Posting, *, codes: Codes, owed: Receivable) -> list[Line]:
    """The lines of a posting that is no reversal, with what is ``owed`` of interest before it.

    Raises AssertionError for a kind no service of this room makes (costs).
    """
    match posting.kind:
        case Kind.DRAW:
            lines = [(codes.principal, TOKENS, posting.parts.principal_minor)]
        case Kind.REPAY | Kind.RETURN:
            lines = _paid(posting, codes, owed)
        case Kind.REFUND:
            lines = [(codes.overpaid, TOKENS, posting.parts.overpaid_minor)]
        case Kind.ACCRUAL:
            lines = _accrued(posting, codes)
        case Kind.OVERDUE:
            lines = [(codes.overdue, codes.principal, posting.parts.principal_minor)]
        case Kind.NON_ACCRUAL:
            # What stands on the balance sheet is all unpaid, so all of it goes off.
            lines = [
                (INCOME, codes.interest, owed.on_minor),
                (codes.off_balance_interest, CONTRA, owed.on_minor),
            ]
        case Kind.LAPSE | Kind.FRAME_LOWERED:
            # A lapse moves between two kinds of one account; a lowered frame was never lent.
            lines = []
        case _:
            raise AssertionError(f"{posting.key}: no lines for {posting.kind}")
    return [_forward(line) for line in lines if line[2]]


def undone(lines: Iterable[Iterable[object]]) -> list[Line]:
    """The lines that take others back, last first."""
    kept = [(str(debit), str(credit), int(str(amount))) for debit, credit, amount in lines]
    return [(credit, debit, amount) for debit, credit, amount in reversed(kept)]


def _paid(posting: Posting, codes: Codes, owed: Receivable) -> list[Line]:
    parts, overdue = posting.parts, posting.overdue_principal_minor
    if parts.costs_minor:
        raise AssertionError(f"{posting.key}: costs were paid and none can be owed")
    interest = _charges(parts)
    on = min(interest, owed.on_minor)
    return [
        (TOKENS, codes.interest, on),
        (TOKENS, INCOME, interest - on),
        (CONTRA, codes.off_balance_interest, interest - on),
        (TOKENS, codes.overdue, overdue),
        (TOKENS, codes.principal, parts.principal_minor - overdue),
        (TOKENS, codes.overpaid, parts.overpaid_minor),
    ]


def _accrued(posting: Posting, codes: Codes) -> list[Line]:
    if posting.is_off_balance:
        return [(codes.off_balance_interest, CONTRA, _charges(posting.parts))]
    return [(codes.interest, INCOME, _charges(posting.parts))]


def _charges(parts: Parts) -> int:
    return parts.interest_minor + parts.penalty_minor + parts.compound_minor


def _forward(line: Line) -> Line:
    # An accrual may be below zero when penalty takes the place of interest: booked the other way.
    debit, credit, amount = line
    return line if amount > 0 else (credit, debit, -amount)
