"""A line a loan as it stood at the close of a month's last day, read in portions."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from scf.core.actor import Actor
from scf.loans import machine
from scf.loans.buckets import Bucket, bucket_of
from scf.loans.calendars import add_months
from scf.loans.classification import Tier, tier_by_days
from scf.loans.entries import FEE_INCOME, INCOME
from scf.loans.models import Loan, LoanPosting
from scf.loans.quotes import Quote, due_quote
from scf.loans.services.life import book_of
from scf.loans.services.provide import required
from scf.loans.state import LoanStatus, days_past_due
from scf.workflow import clocks

DAY = timedelta(days=1)
PORTION = 500
PAID = (LoanStatus.SETTLED, LoanStatus.OVERPAID)


@dataclass(frozen=True)
class Month:
    """A month of the bank's days: ``last`` is its last day, or today while it runs."""

    first: date
    last: date
    is_over: bool

    @property
    def name(self) -> str:
        """2026-06."""
        return f"{self.first:%Y-%m}"


@dataclass(frozen=True)
class LoanLine:
    """A loan at the close of the month, in fen; what came, went and was booked in the month.

    ``income_minor`` is what its postings of the month brought to interest income (6011),
    ``fees_minor`` to fee income (6021);
    ``required_minor`` is the provision its grade asks for, ``provision_minor`` what stands.
    """

    loan: Loan
    product: str
    rate_ppm: int
    tier: Tier
    days_past_due: int
    principal_minor: int
    overdue: Quote
    income_minor: int
    fees_minor: int
    lent_minor: int
    received_minor: int
    required_minor: int
    provision_minor: int
    is_new: bool
    is_settled: bool

    @property
    def bucket(self) -> Bucket | None:
        """The bucket of its arrears."""
        return bucket_of(self.days_past_due)


def month_of(given: date) -> Month:
    """The month a day lies in, cut at the open bank day."""
    today, first = clocks.business_date(), given.replace(day=1)
    last = add_months(first, 1) - DAY
    return Month(first, min(last, max(today, first)), is_over=last < today)


def month_lines(month: Month, *, by: Actor) -> Iterator[LoanLine]:
    """Every loan of the actor's bank that was open in the month, oldest first, in portions."""
    for loans in _portions(month, by):
        ids = [loan.pk for loan in loans]
        incomes, fees = _booked(ids, month, INCOME), _booked(ids, month, FEE_INCOME)
        for loan in loans:
            yield _line(loan, month, income_minor=incomes[loan.pk], fees_minor=fees[loan.pk])


def _portions(month: Month, by: Actor) -> Iterator[list[Loan]]:
    moved = LoanPosting.objects.filter(loan=OuterRef("pk"), booked_on__gte=month.first)
    rows = Loan.objects.visible_to(by).filter(
        Q(status__in=machine.RUNNING) | Exists(moved),
        Q(bank_id=by.organization_id),
        opened_on__lte=month.last,
    )
    rows = rows.prefetch_related("actions", "grades", "provisions").order_by("id")
    portion: list[Loan] = []
    for loan in rows.iterator(chunk_size=PORTION):
        portion.append(loan)
        if len(portion) == PORTION:
            yield portion
            portion = []
    if portion:
        yield portion


def _booked(ids: Iterable[UUID], month: Month, income: str) -> dict[UUID, int]:
    """By loan what its postings brought to an account of income, credits less debits."""
    rows = LoanPosting.objects.filter(
        loan_id__in=list(ids), booked_on__gte=month.first, booked_on__lte=month.last
    )
    sums: dict[UUID, int] = defaultdict(int)
    for loan_id, legs in rows.values_list("loan_id", "legs"):
        for debit, credit, amount in legs:
            sums[loan_id] += amount * ((credit == income) - (debit == income))
    return sums


def _line(loan: Loan, month: Month, *, income_minor: int, fees_minor: int) -> LoanLine:
    # A month that is over is looked at the morning after; of one that runs the day is still open.
    morning = month.last + DAY if month.is_over else month.last
    book = book_of(loan, on=morning)
    state, late = book.state, days_past_due(book.state, on=month.last)
    tier = _tier(loan, month, late)
    principal = 0 if loan.status == machine.S.WRITTEN_OFF else state.principal_minor
    is_new = loan.opened_on is not None and loan.opened_on >= month.first
    return LoanLine(
        loan=loan,
        product=str(book.terms.product),
        rate_ppm=book.terms.rate_ppm,
        tier=tier,
        days_past_due=late,
        principal_minor=principal,
        overdue=due_quote(book, on=morning),
        income_minor=income_minor,
        fees_minor=fees_minor,
        lent_minor=_moved(loan, month, ("draw",)),
        received_minor=_moved(loan, month, ("repay", "return", "repay_by_anchor")),
        required_minor=sum(required(principal, tier=tier)),
        provision_minor=_provision(loan, month),
        is_new=is_new,
        is_settled=book.status in PAID,
    )


def _tier(loan: Loan, month: Month, late: int) -> Tier:
    given = [grade.tier for grade in loan.grades.all() if grade.on <= month.last]
    return Tier(given[-1]) if given else tier_by_days(late)


def _provision(loan: Loan, month: Month) -> int:
    given = [row for row in loan.provisions.all() if row.on <= month.last]
    return given[-1].general_minor + given[-1].specific_minor if given else 0


def _moved(loan: Loan, month: Month, kinds: tuple[str, ...]) -> int:
    rows = (each for each in loan.actions.all() if month.first <= each.on <= month.last)
    return sum(each.amount_minor for each in rows if each.kind in kinds)
