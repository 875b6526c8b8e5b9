"""Many loans at once: found by what a bank asks for, summed, and each at a glance."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import models
from django.db.models import Count, Exists, F, Func, OuterRef, Q, Sum, Value

from scf.core.actor import Actor
from scf.loans import machine
from scf.loans.book import Book, advance
from scf.loans.buckets import BUCKETS, BY_CODE, Bucket, bucket_of
from scf.loans.classification import Tier
from scf.loans.decided import tier_of
from scf.loans.models import Loan, LoanAction, LoanQuerySet
from scf.loans.quotes import Quote, asking_days, due_quote
from scf.loans.reading import open_day_of
from scf.loans.seen import reads_as
from scf.loans.services.life import book_of
from scf.loans.state import days_past_due
from scf.parties.selectors import list_organizations
from scf.workflow import clocks


@dataclass(frozen=True)
class Wanted:
    """What a list of loans is narrowed to; amounts are fen of principal outstanding.

    ``search`` looks in numbers and in names (also pinyin) of lender and borrower; ``bucket`` is a
    code of ``buckets``; ``due_within`` keeps running loans with a day that asks for money, of a row
    or a fee, in so many days.
    """

    search: str = ""
    status: str = ""
    bucket: str = ""
    due_within: int | None = None
    least_minor: int | None = None
    most_minor: int | None = None


@dataclass(frozen=True)
class Sums:
    """A list's totals, in fen."""

    loans: int
    drawn_minor: int
    principal_minor: int
    overdue_loans: int
    overdue_principal_minor: int


@dataclass(frozen=True)
class Glance:
    """A loan as one line of a list: what is due today, and what falls due next.

    ``next_due_minor`` is what that day will ask for when nothing else is paid before.
    """

    loan: Loan
    on: date
    due: Quote
    next_due_on: date | None
    next_due_minor: int
    days_past_due: int
    tier: Tier

    @property
    def bucket(self) -> Bucket | None:
        """The bucket of its arrears."""
        return bucket_of(self.days_past_due)


@dataclass(frozen=True)
class BucketSum:
    """How many loans stand in a bucket and what they owe today, in fen."""

    bucket: Bucket
    loans: int
    overdue_minor: int
    principal_minor: int


def find_loans(wanted: Wanted, *, by: Actor) -> LoanQuerySet:
    """The loans the actor may see that fit, newest first."""
    rows: LoanQuerySet = Loan.objects.visible_to(by)
    if wanted.search:
        rows = rows.filter(_named(wanted.search.strip(), by))
    if wanted.status:
        rows = rows.filter(reads_as(wanted.status, by=by))
    if wanted.due_within is not None:
        rows = _due_within(rows, wanted.due_within)
    if wanted.least_minor is not None:
        rows = rows.filter(principal_minor__gte=wanted.least_minor)
    if wanted.most_minor is not None:
        rows = rows.filter(principal_minor__lte=wanted.most_minor)
    if wanted.bucket:
        rows = _past_due_in(rows, BY_CODE[wanted.bucket])
    return rows


def sum_loans(rows: LoanQuerySet, *, by: Actor) -> Sums:
    """The totals of these loans, overdue as the actor's side reads it; one query."""
    late = reads_as(machine.S.OVERDUE, by=by)
    found = rows.order_by().aggregate(
        all=Count("pk"),
        drawn=Sum("drawn_minor"),
        principal=Sum("principal_minor"),
        overdue=Count("pk", filter=late),
        overdue_principal=Sum("principal_minor", filter=late),
    )
    return Sums(
        loans=found["all"],
        drawn_minor=found["drawn"] or 0,
        principal_minor=found["principal"] or 0,
        overdue_loans=found["overdue"],
        overdue_principal_minor=found["overdue_principal"] or 0,
    )


def list_arrears(*, by: Actor) -> list[Glance]:
    """The overdue loans the actor's bank lent, the longest past due first."""
    rows = Loan.objects.visible_to(by).filter(
        Q(bank_id=by.organization_id), status=machine.S.OVERDUE
    )
    return sorted(glance_at(rows), key=lambda each: (-each.days_past_due, -each.due.total_minor))


def sum_buckets(arrears: Iterable[Glance]) -> list[BucketSum]:
    """Every bucket with what stands in it, empty ones too."""
    found = list(arrears)
    return [_sum_bucket(bucket, found) for bucket in BUCKETS]


def glance_at(rows: Iterable[Loan]) -> list[Glance]:
    """Each loan as it stands on the open bank day; one query for the acts of all of them."""
    loans = list(rows)
    models.prefetch_related_objects(loans, "actions")
    return [_glance(loan) for loan in loans]


def _sum_bucket(bucket: Bucket, arrears: list[Glance]) -> BucketSum:
    inside = [each for each in arrears if bucket.holds(each.days_past_due)]
    return BucketSum(
        bucket=bucket,
        loans=len(inside),
        overdue_minor=sum(each.due.total_minor for each in inside),
        principal_minor=sum(each.loan.principal_minor for each in inside),
    )


def _glance(loan: Loan) -> Glance:
    today = open_day_of(loan)
    book = book_of(loan, on=today)
    late = days_past_due(book.state)
    next_on, amount = _next_due(book)
    return Glance(
        loan=loan,
        on=today,
        due=due_quote(book, on=today),
        next_due_on=next_on,
        next_due_minor=amount,
        days_past_due=late,
        tier=tier_of(loan, book.state),
    )


def _next_due(book: Book) -> tuple[date | None, int]:
    """The first day after today that asks for money, and how much is due by then."""
    for day in asking_days(book):
        amount = due_quote(advance(book, day), on=day).total_minor
        if amount:
            return day, amount
    return None, 0


def _named(word: str, by: Actor) -> Q:
    known = list_organizations(by=by, search=word).values("pk")
    return Q(number__icontains=word) | Q(buyer_id__in=known) | Q(bank_id__in=known)


def _past_due_in(rows: Any, bucket: Bucket) -> LoanQuerySet:
    """Overdue loans by the oldest unpaid due date their snapshot keeps: nothing is folded."""
    today = clocks.business_date()
    late: LoanQuerySet = rows.filter(
        status=machine.S.OVERDUE, snapshot__unpaid_since__lte=today - timedelta(days=bucket.least)
    )
    if bucket.most is None:
        return late
    return late.filter(snapshot__unpaid_since__gte=today - timedelta(days=bucket.most))


def _due_within(rows: Any, days: int) -> LoanQuerySet:
    """Running loans with money lent and a due date, of a row or a fee, in so many days from today.

    By the dates as signed; a loan planned anew, or with a fee added for one of these days, has
    others, which only its fold tells, and is rare.
    """
    first = clocks.business_date()
    last = first + timedelta(days=days)
    running = rows.filter(status__in=machine.RUNNING)
    added = Q(kind="cost", details__due_on__gte=first.isoformat(),
              details__due_on__lte=last.isoformat())  # fmt: skip
    changed = LoanAction.objects.filter(Q(kind="restructure") | added, loan=OuterRef("pk"))
    anew = Exists(changed)
    moved = [
        loan.pk
        for loan in running.filter(anew).prefetch_related("actions")
        if any(first <= day <= last for day in _days_due(loan, first))
    ]
    rows_due = Q(_falls("$.due_dates[*]", first, last), drawn_minor__gt=0)
    signed = (rows_due | Q(_falls("$.fees[*].on", first, last))) & ~Q(anew)
    found: LoanQuerySet = running.filter(signed | Q(pk__in=moved))
    return found


def _days_due(loan: Loan, today: date) -> list[date]:
    """The days from today on that ask for something by the plan in force."""
    book = book_of(loan, on=max(today, loan.opened_on or today))
    is_today = due_quote(book, on=book.state.on).total_minor > 0
    today_due = [row.due_on for row in book.state.rows if row.due_on == today and is_today]
    return [*today_due, *asking_days(book)]


def _falls(where: str, first: date, last: date) -> Func:
    """Whether a day at a place of the terms lies in a span; ISO dates compare as texts."""
    path = f'{where} ? (@ >= "{first.isoformat()}" && @ <= "{last.isoformat()}")'
    return Func(
        F("terms"),
        Value(path),
        function="jsonb_path_exists",
        template="%(function)s(%(expressions)s::jsonpath)",
        output_field=models.BooleanField(),
    )
