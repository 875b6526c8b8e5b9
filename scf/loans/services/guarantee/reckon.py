"""What a demand may ask for: the sum that settles the loan today, claim by claim."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from scf.loans import machine
from scf.loans.guarantee_rows import Recourse
from scf.loans.models import Loan
from scf.loans.quotes import Quote, settlement_quote
from scf.loans.services.life import book_of
from scf.workflow import clocks

ANSWERS = (Recourse.SHORTFALL_REFUND, Recourse.BUY_BACK)
IN_DEFAULT = (machine.S.OVERDUE, machine.S.WRITTEN_OFF)


@dataclass(frozen=True)
class Reckoned:
    """What may be asked today, in fen: ``owed`` by claim, at most ``most_minor``.

    A 回购 asks for all of it and nothing less (``is_whole``).
    """

    on: date
    owed: Quote
    is_whole: bool

    @property
    def most_minor(self) -> int:
        """What settles the loan today."""
        return self.owed.total_minor

    def as_json(self) -> dict[str, object]:
        """The reckoning as a demand keeps it: the day, each claim and their sum, in fen."""
        return {
            "on": self.on.isoformat(),
            "costs_minor": self.owed.costs_minor,
            "penalty_minor": self.owed.penalty_minor,
            "compound_minor": self.owed.compound_minor,
            "interest_minor": self.owed.interest_minor,
            "principal_minor": self.owed.principal_minor,
            "total_minor": self.owed.total_minor,
        }


def reckon_guarantee(loan: Loan) -> Reckoned:
    """What the core enterprise may be asked for today: the loan folded to the open bank day.

    Costs, penalty, compound interest, interest and principal, as whoever settles the loan pays
    them; the borrower's money that came in has lowered them already.
    """
    today = clocks.business_date()
    owed = settlement_quote(book_of(loan, on=today), on=today)
    return Reckoned(on=today, owed=owed, is_whole=loan.recourse == Recourse.BUY_BACK)


def guarantor_of(loan: Loan) -> UUID | None:
    """The core enterprise that answers for the borrower; None where nobody does.

    Where it is the borrower itself (K22) it owes the loan already.
    """
    anchor: UUID | None = loan.anchor_id
    answers = loan.recourse in ANSWERS and anchor != loan.buyer_id
    return anchor if answers else None


def may_demand(loan: Loan) -> bool:
    """Whether a demand is possible now: somebody answers, the borrower defaulted, none is open."""
    is_open = loan.demands.filter(status__in=machine.ASKING).exists()
    return guarantor_of(loan) is not None and loan.status in IN_DEFAULT and not is_open
