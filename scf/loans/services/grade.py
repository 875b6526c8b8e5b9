"""The grade of a loan at the close of a day: the rule, history, what people decided (五级分类)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from scf.core.actor import SYSTEM
from scf.loans import machine
from scf.loans.book import Book
from scf.loans.classification import TECHNICAL_DAYS, Tier
from scf.loans.models import Loan, LoanGrade
from scf.loans.observation import History, best_tier, worse
from scf.loans.services.life import book_of, locked
from scf.loans.state import days_past_due, is_observed, oldest_due
from scf.workflow import facts
from scf.workflow.closing import closing_act


@dataclass(frozen=True)
class Graded:
    """A grade and why: ``rule`` is the best one that days and history allow."""

    tier: Tier
    rule: Tier
    days_past_due: int
    is_technical: bool
    is_observed: bool


@dataclass
class GradeOf:
    """What a change of grade is about: the loan, seen by its bank and by nobody else."""

    pk: UUID
    deal_id: UUID | None
    bank_id: UUID

    def parties(self) -> Mapping[str, UUID]:
        """The bank alone."""
        return {"bank": self.bank_id}


def loans_to_grade() -> list[UUID]:
    """The loans whose grade time may move: running, and overdue, observed or not 正常 already."""
    rows = Loan.objects.filter(status__in=machine.RUNNING)
    moving = rows.exclude(status=machine.S.ACTIVE, tier=Tier.NORMAL)
    return list(moving.order_by("id").values_list("pk", flat=True))


@closing_act()
def grade_loan(loan_id: UUID, *, day: date) -> Loan:
    """Grade the loan as it stands at the close of ``day``; a row when anything changed.

    Fact ``loan_grade.changed``, the bank's alone, when the grade itself moved. A loan that is paid
    keeps its last grade. Safe twice.
    """
    loan = locked(Loan.objects.get(pk=loan_id))
    if loan.status not in machine.RUNNING:
        return loan
    graded = _graded(loan, _at_close(loan, day), day)
    last: LoanGrade | None = loan.grades.last()
    if _without_days(graded) != _said(last):
        LoanGrade.objects.create(
            loan=loan,
            on=day,
            tier=graded.tier,
            rule=graded.rule,
            days_past_due=graded.days_past_due,
            is_technical=graded.is_technical,
            is_observed=graded.is_observed,
            is_manual=graded.tier is not graded.rule,
        )
    _move(loan, graded, day)
    return loan


def _at_close(loan: Loan, day: date) -> Book:
    # A quiet loan is closed by the column and was not lived to this morning.
    morning = day + timedelta(days=1)
    return book_of(loan, on=max(morning, loan.lived_to or morning))


def _graded(loan: Loan, book: Book, day: date) -> Graded:
    state, last = book.state, loan.grades.last()
    days, called = days_past_due(state, on=day), state.technical_due_on
    is_technical = 0 < days <= TECHNICAL_DAYS and called == oldest_due(state)
    history = History(
        # What people gave is not history: taken back, it must not hold the loan down.
        tier=Tier(last.rule) if last else Tier.NORMAL,
        has_arrears=days > 0,
        restructured_on=state.restructured_on,
        tier_at_restructure=_tier_before(loan, state.restructured_on),
    )
    rule = best_tier(days, history=history, on=day, is_technical=is_technical)
    tier = worse(rule, state.manual_tier or Tier.NORMAL)
    return Graded(tier, rule, days, is_technical, is_observed(state))


def _tier_before(loan: Loan, day: date | None) -> Tier | None:
    row = loan.grades.filter(on__lt=day).last() if day else None
    return Tier(row.tier) if row else None


def _without_days(graded: Graded) -> tuple[str, str, bool, bool]:
    return str(graded.tier), str(graded.rule), graded.is_technical, graded.is_observed


def _said(row: LoanGrade | None) -> tuple[str, str, bool, bool]:
    """What the last row says; a loan without one is 正常."""
    if row is None:
        return str(Tier.NORMAL), str(Tier.NORMAL), False, False
    return row.tier, row.rule, row.is_technical, row.is_observed


def _move(loan: Loan, graded: Graded, day: date) -> None:
    if loan.tier == graded.tier:
        return
    before = loan.tier
    Loan.objects.filter(pk=loan.pk).update(tier=graded.tier)
    loan.tier = graded.tier
    facts.record(
        "loan_grade.changed",
        GradeOf(loan.pk, loan.deal_id, loan.bank_id),
        by=SYSTEM,
        before=before,
        tier=str(graded.tier),
        days_past_due=graded.days_past_due,
        day=day.isoformat(),
        number=loan.number,
    )
