"""What tests of a stored loan's life ask again and again: days that pass, balances, agreement."""

from dataclasses import replace
from datetime import date, timedelta

from scf.core import clock
from scf.core.actor import SYSTEM, Actor
from scf.financing.day_end import book_day
from scf.ledger.selectors import list_balances
from scf.loans.calendars import month_ends
from scf.loans.invariants import (
    counters_equal_the_fold,
    ledger_equals_the_fold,
    postings_equal_the_fold,
)
from scf.loans.models import Loan, LoanProposal
from scf.loans.services import DecisionIn, approve_proposal, propose_decision
from scf.workflow import clocks
from scf.workflow.models import Fact
from tests.factories.parties import party, somebody

DAY = timedelta(days=1)


def go_to(to: date) -> None:
    """Close each month end and the day before a date, and open that date: a close catches up."""
    for day in (*month_ends(clocks.business_date(), to - DAY), to - DAY):
        clocks.open_day(day)
        book_day(day)
    clocks.open_day(to)


def balance(code: str) -> int:
    """What the bank's book says an account holds, in fen on its normal side."""
    rows = list_balances(party("yuanfan").pk, by=SYSTEM, codes=[code])
    return sum(row.balance_minor for row in rows)


def told(name: str) -> list[dict]:
    """The details of every fact of a name, oldest first."""
    return list(Fact.objects.filter(name=name).order_by("id").values_list("details", flat=True))


def assert_books_agree() -> None:
    """Rows, ledger and the fold of the actions say the same."""
    checks = (counters_equal_the_fold, postings_equal_the_fold, ledger_equals_the_fold)
    assert [violation for check in checks for violation in check()] == []


def maker() -> Actor:
    """The bank's operations: proposes."""
    return somebody("luo")


def checker() -> Actor:
    """The bank's approver, with the second factor just shown."""
    return with_factor(somebody("yi"))


def with_factor(actor: Actor) -> Actor:
    """The same person right after the second factor, by the wall clock."""
    return replace(actor, stepped_up_at=clock.now())


def proposed(loan: Loan, kind: str, *, on: date | None = None, **given: object) -> LoanProposal:
    """A decision one person proposed."""
    amount = given.pop("amount_minor", 0)
    decision = DecisionIn(
        kind=kind,
        on=on or clocks.business_date(),
        amount_minor=amount,
        details=given,
        reason="客户申请",
    )
    nr = LoanProposal.objects.count()
    return propose_decision(loan.pk, given=decision, key=f"page:{nr}", by=maker())


def decided(loan: Loan, kind: str, *, on: date | None = None, **given: object) -> LoanProposal:
    """A decision of two persons, in force; the loan is read again."""
    proposal = proposed(loan, kind, on=on, **given)
    approve_proposal(proposal.pk, seen=proposal.content_hash, by=checker())
    loan.refresh_from_db()
    return proposal
