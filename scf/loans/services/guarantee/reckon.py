"""What a demand may ask for: all that settles the loan today, claim by claim, once it is overdue;
before that, what was paid for goods that never came.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from scf.core.actor import SYSTEM
from scf.core.money import half_up
from scf.loans import machine
from scf.loans.guarantee_rows import Recourse
from scf.loans.models import Loan
from scf.loans.quotes import Quote, settlement_quote
from scf.loans.services.life import book_of
from scf.payments.selectors import payment_with_lines
from scf.trade.selectors import get_lines
from scf.trade.values import accepted_value_minor
from scf.workflow import clocks

ANSWERS = (Recourse.SHORTFALL_REFUND, Recourse.BUY_BACK)
IN_DEFAULT = (machine.S.OVERDUE, machine.S.WRITTEN_OFF)
UNLENT = (machine.S.AWAITING, machine.S.CANCELLED)


@dataclass(frozen=True)
class Reckoned:
    """What may be asked today, in fen: ``owed`` by claim, at most ``most_minor``.

    A 回购 asks for all that is owed and nothing less (``is_whole``). ``undelivered_minor`` is the
    loan's part of what was paid for goods that had not come when the escrow ended; it bounds a
    差额退款 while the loan itself is not overdue.
    """

    on: date
    owed: Quote
    is_whole: bool
    is_in_default: bool
    undelivered_minor: int

    @property
    def most_minor(self) -> int:
        """What settles the loan today, or the gap that undelivered goods leave, if that is less."""
        owed = self.owed.total_minor
        return owed if self.is_whole or self.is_in_default else min(owed, self.undelivered_minor)

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
            "undelivered_minor": self.undelivered_minor,
        }


def reckon_guarantee(loan: Loan) -> Reckoned:
    """What the core enterprise may be asked for today: the loan folded to the open bank day.

    Costs, penalty, compound interest, interest and principal, as whoever settles the loan pays
    them; the borrower's money that came in has lowered them already.
    """
    today = max(clocks.business_date(), loan.core_terms.opened_on)
    owed = settlement_quote(book_of(loan, on=today), on=today)
    return Reckoned(
        on=today,
        owed=owed,
        is_whole=loan.recourse == Recourse.BUY_BACK,
        is_in_default=loan.status in IN_DEFAULT,
        undelivered_minor=undelivered_minor(loan),
    )


def undelivered_minor(loan: Loan) -> int:
    """The loan's part (K6) of what the escrow paid for goods not accepted by its last day, in fen.

    Money paid on drawdown or on shipment may go to goods that never come (K3): then the gap between
    what was paid and what was delivered is what the core enterprise refunds. Until the escrow's
    last day is over goods may still come, or be replaced, so it is 0.
    """
    expiry_on = loan.core_terms.expiry_on
    if expiry_on is None or clocks.business_date() < expiry_on or loan.status in UNLENT:
        return 0
    payment = payment_with_lines(loan.payment_id)
    if payment is None:
        return 0
    paid = {line.order_line_id: line.released_minor for line in payment.lines.all()}
    lines = get_lines(list(paid), by=SYSTEM)
    gap = sum(max(0, paid[line.pk] - accepted_value_minor(line)) for line in lines)
    return half_up(gap * payment.loan_minor, payment.total_minor)


def guarantor_of(loan: Loan) -> UUID | None:
    """The core enterprise that answers for the borrower; None where nobody does.

    Where it is the borrower itself (K22) it owes the loan already.
    """
    anchor: UUID | None = loan.anchor_id
    answers = loan.recourse in ANSWERS and anchor != loan.buyer_id
    return anchor if answers else None


def may_demand(loan: Loan) -> bool:
    """Whether a demand is possible now: somebody answers, there is a ground, and none is open."""
    is_open = loan.demands.filter(status__in=machine.ASKING).exists()
    return guarantor_of(loan) is not None and not is_open and has_ground(loan)


def has_ground(loan: Loan) -> bool:
    """Whether the borrower defaulted, or a running loan paid for goods that never came."""
    if loan.status in IN_DEFAULT:
        return True
    return loan.status in machine.RUNNING and undelivered_minor(loan) > 0
