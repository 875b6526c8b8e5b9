"""A line a loan as it stood at the close of a month's last day, read in portions.

What the closes kept is read, and only loans of which that does not tell enough are folded.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from scf.core.actor import Actor
from scf.loans import machine
from scf.loans.book import fold
from scf.loans.buckets import Bucket, bucket_of
from scf.loans.calendars import add_months
from scf.loans.classification import Tier, tier_by_days
from scf.loans.entries import FEE_INCOME, INCOME
from scf.loans.models import Loan, LoanPosting
from scf.loans.quotes import Quote, due_quote
from scf.loans.reports.kept import kept_at, kept_now
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
class Stood:
    """How a loan stood at the close of a month: the part of its line that closes keep."""

    product: str
    rate_ppm: int
    principal_minor: int
    days_past_due: int
    overdue: Quote
    is_settled: bool


@dataclass(frozen=True)
class LoanLine:
    """A loan at the close of the month, in fen; what came, went and was booked in the month.

    ``overdue`` is what was due by then and not paid, nothing for a loan without days past due.
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
        kept = lines_kept(loans, month)
        for loan in loans:
            stood = kept.get(loan.pk) or stood_by_fold(loan, month)
            yield _line(loan, month, stood, income_minor=incomes[loan.pk], fees_minor=fees[loan.pk])


def lines_kept(loans: Collection[Loan], month: Month) -> dict[UUID, Stood]:
    """How the loans stood of which the closes kept enough, by id."""
    tell = kept_at if month.is_over else kept_now
    found = tell(loans, day=month.last)
    nothing = _nothing(month.last)
    return {
        pk: Stood(each.product, each.rate_ppm, each.principal_minor, 0, nothing, is_settled=False)
        for pk, each in found.items()
    }


def stood_by_fold(loan: Loan, month: Month) -> Stood:
    """How a loan stood at the close of the month, lived again with all that is known now.

    A month that is over is looked at the morning after, without that morning's acts; of one that
    runs the day is still open.
    """
    actions = [row.as_action() for row in loan.actions.all() if row.on <= month.last]
    book = fold(loan.lived_terms, actions, as_of=month.last + DAY if month.is_over else month.last)
    late = days_past_due(book.state, on=month.last)
    return Stood(
        product=str(book.terms.product),
        rate_ppm=book.terms.rate_ppm,
        principal_minor=book.state.principal_minor,
        days_past_due=late,
        overdue=due_quote(book, on=book.state.on) if late else _nothing(month.last),
        is_settled=book.status in PAID,
    )


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


def _line(
    loan: Loan, month: Month, stood: Stood, *, income_minor: int, fees_minor: int
) -> LoanLine:
    tier = _tier(loan, month, stood.days_past_due)
    principal = 0 if loan.status == machine.S.WRITTEN_OFF else stood.principal_minor
    is_new = loan.opened_on is not None and loan.opened_on >= month.first
    return LoanLine(
        loan=loan,
        product=stood.product,
        rate_ppm=stood.rate_ppm,
        tier=tier,
        days_past_due=stood.days_past_due,
        principal_minor=principal,
        overdue=stood.overdue,
        income_minor=income_minor,
        fees_minor=fees_minor,
        lent_minor=_moved(loan, month, ("draw",)),
        received_minor=_moved(loan, month, ("repay", "return", "repay_by_anchor")),
        required_minor=sum(required(principal, tier=tier)),
        provision_minor=_provision(loan, month),
        is_new=is_new,
        is_settled=stood.is_settled,
    )


def _nothing(on: date) -> Quote:
    return Quote(
        on=on, costs_minor=0, penalty_minor=0, compound_minor=0, interest_minor=0, principal_minor=0
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
