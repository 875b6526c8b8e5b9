"""What each side reads of a loan's status.

That a lender wrote its claim off is the lender's own affair: the borrower owes as before, so to
everybody else such a loan is overdue.
"""

from collections.abc import Mapping

from django.db.models import Q

from scf.core.actor import Actor
from scf.loans.machine import RUNNING, S
from scf.loans.models import Loan


def is_lender_of(loan: Loan, *, by: Actor) -> bool:
    """Whether the actor's bank lends: as the lender of record, or beside it (联合贷)."""
    mine = by.organization_id
    return by.is_system or loan.bank_id == mine or str(mine) in loan.shares


def status_for(loan: Loan, *, by: Actor) -> str:
    """The loan's status as the actor's side reads it."""
    hides = loan.status == S.WRITTEN_OFF and not is_lender_of(loan, by=by)
    return S.OVERDUE.value if hides else str(loan.status)


def label_for(loan: Loan, *, by: Actor) -> str:
    """That status in words."""
    return str(S(status_for(loan, by=by)).label)


def reads_as(status: str, *, by: Actor) -> Q:
    """The loans the actor's side reads as being in this status."""
    if by.is_system or status not in (S.OVERDUE, S.WRITTEN_OFF):
        return Q(status=status)
    written_off = Q(status=S.WRITTEN_OFF)
    lends = Q(bank_id=by.organization_id) | Q(shares__has_key=str(by.organization_id))
    if status == S.WRITTEN_OFF:
        return written_off & lends
    return Q(status=S.OVERDUE) | written_off & ~lends


def counts_for(counts: Mapping[str, int], *, is_lender: bool) -> dict[str, int]:
    """How many loans a side reads in each status, from how many there are."""
    shown = dict(counts)
    hidden = 0 if is_lender else shown.pop(S.WRITTEN_OFF, 0)
    if hidden:
        shown[S.OVERDUE] = shown.get(S.OVERDUE, 0) + hidden
    return shown


def bears_a_tier(loan: Loan) -> bool:
    """Whether there is a claim to classify: not before money is lent, nor after it came back."""
    return loan.status in RUNNING
