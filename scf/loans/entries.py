"""A posting as lines of the bank's book (K25): 13xx, 1132, 6011 against 1031.

Off balance 90xx stands against 9900.

Each loan has accounts of its own, ``1303.01:<loan>``; own tokens and income are one account a bank.

A cost of enforcement the bank advanced is 1221 (the borrower owes it) against 2202 (the bank owes
it to the court or the lawyer); an agreed fee is 1221 against income 6021; either is paid to 1221.
A waiver takes back income 6021 and 6011, or memo 9031 and 9020 for what is off the balance sheet. A
write-off uses the loan's provision 1304, after topping it up from 6702, for principal (then 9030)
and for interest that stood on the balance sheet (then 9031). What is recovered of these goes back
to 1304, whose surplus the next month end releases to 6702; other interest recovered is income.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from scf.loans.postings import Kind, Parts, Posting

TOKENS = "1031"
INCOME = "6011"
FEE_INCOME = "6021"
LOSS = "6702"
PAYABLE = "2202"
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
    def costs(self) -> str:
        """Costs and fees the borrower owes."""
        return f"1221:{self.loan_id}"

    @property
    def provision(self) -> str:
        """贷款损失准备."""
        return f"1304:{self.loan_id}"

    @property
    def written_off(self) -> str:
        """Off balance: principal of a loan written off (账销案存)."""
        return f"9030:{self.loan_id}"

    @property
    def written_off_interest(self) -> str:
        """Off balance: interest that stood on the balance sheet when the loan was written off."""
        return f"9031:{self.loan_id}"

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
    """Unpaid booked interest, in fen: on the balance sheet, off it, and written off; and the
    provision that stands for the loan.
    """

    on_minor: int = 0
    off_minor: int = 0
    lost_minor: int = 0
    provision_minor: int = 0

    def after(self, codes: Codes, lines: Iterable[Line]) -> "Receivable":
        """What stands after these lines."""
        moved = dict.fromkeys((*_watched(codes), codes.provision), 0)
        for debit, credit, amount in lines:
            moved[debit] = moved.get(debit, 0) + amount
            moved[credit] = moved.get(credit, 0) - amount
        on, off, lost = (moved[code] for code in _watched(codes))
        return Receivable(
            self.on_minor + on,
            self.off_minor + off,
            self.lost_minor + lost,
            self.provision_minor - moved[codes.provision],
        )


def _watched(codes: Codes) -> tuple[str, str, str]:
    return codes.interest, codes.off_balance_interest, codes.written_off_interest


def lines_of(posting: Posting, *, codes: Codes, owed: Receivable) -> list[Line]:
    """The lines of a posting that is no reversal, with what is ``owed`` of interest before it."""
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
            lines = _decided(posting, codes, owed)
    return [_forward(line) for line in lines if line[2]]


def undone(lines: Iterable[Iterable[object]]) -> list[Line]:
    """The lines that take others back, last first."""
    kept = [(str(debit), str(credit), int(str(amount))) for debit, credit, amount in lines]
    return [(credit, debit, amount) for debit, credit, amount in reversed(kept)]


def _decided(posting: Posting, codes: Codes, owed: Receivable) -> list[Line]:
    match posting.kind:
        case Kind.COST:
            return [(codes.costs, PAYABLE, posting.parts.costs_minor)]
        case Kind.FEE:
            return [(codes.costs, FEE_INCOME, posting.parts.costs_minor)]
        case Kind.WAIVE:
            on, lost, off = _shares(_charges(posting.parts), owed)
            fee = (FEE_INCOME, codes.costs, posting.parts.costs_minor)
            return [fee, (INCOME, codes.interest, on), *_off_the_memo(codes, lost, off)]
        case Kind.RESTRUCTURE:
            return [(codes.principal, codes.overdue, posting.overdue_principal_minor)]
        case Kind.WRITE_OFF:
            return _written_off(posting, codes, owed)
        case Kind.RECOVERY:
            return _recovered(posting, codes, owed)
        case _:
            raise AssertionError(f"{posting.key}: no lines for {posting.kind}")


def _shares(interest: int, owed: Receivable) -> tuple[int, int, int]:
    """Interest paid or waived as what stood on the balance sheet, was written off, stood off it."""
    on = min(interest, owed.on_minor)
    lost = min(interest - on, owed.lost_minor)
    return on, lost, interest - on - lost


def _off_the_memo(codes: Codes, lost: int, off: int) -> list[Line]:
    return [
        (CONTRA, codes.written_off_interest, lost),
        (CONTRA, codes.off_balance_interest, off),
    ]


def _written_off(posting: Posting, codes: Codes, owed: Receivable) -> list[Line]:
    overdue, principal = posting.overdue_principal_minor, posting.parts.principal_minor
    interest = owed.on_minor
    # Below zero a surplus of the provision is released; the line is then booked the other way.
    short = principal + interest - owed.provision_minor
    return [
        (LOSS, codes.provision, short),
        (codes.provision, codes.overdue, overdue),
        (codes.provision, codes.principal, principal - overdue),
        (codes.provision, codes.interest, interest),
        (codes.written_off, CONTRA, principal),
        (codes.written_off_interest, CONTRA, interest),
    ]


def _recovered(posting: Posting, codes: Codes, owed: Receivable) -> list[Line]:
    parts = posting.parts
    _on, lost, off = _shares(_charges(parts), owed)
    return [
        (TOKENS, codes.costs, parts.costs_minor),
        (TOKENS, codes.provision, parts.principal_minor + lost),
        (TOKENS, INCOME, off),
        (CONTRA, codes.written_off, parts.principal_minor),
        *_off_the_memo(codes, lost, off),
        (TOKENS, codes.overpaid, parts.overpaid_minor),
    ]


def _paid(posting: Posting, codes: Codes, owed: Receivable) -> list[Line]:
    parts, overdue = posting.parts, posting.overdue_principal_minor
    on, lost, off = _shares(_charges(parts), owed)
    return [
        (TOKENS, codes.costs, parts.costs_minor),
        (TOKENS, codes.interest, on),
        (TOKENS, INCOME, lost + off),
        *_off_the_memo(codes, lost, off),
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
