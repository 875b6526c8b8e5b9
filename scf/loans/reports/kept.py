"""Loans whose line of a month needs no fold: what the closes kept says it, read set by set.

Left to the fold are loans with arrears, whose claims no row tells apart, those whose terms changed,
those paid off, and those whose past was changed after the month was over.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from scf.loans import machine
from scf.loans.models import Loan, LoanDay, LoanPosting, LoanSnapshot

PLAIN = ("draw", "repay", "repay_by_anchor", "return", "refund", "cost", "grade")


@dataclass(frozen=True)
class Kept:
    """A loan without arrears at the close of a day, in fen and ppm a year."""

    product: str
    rate_ppm: int
    principal_minor: int


def kept_at(loans: Collection[Loan], *, day: date) -> dict[UUID, Kept]:
    """What the rows of the close of a ``day`` tell of these loans; two queries, whatever their
    number. ``actions`` of the loans are prefetched.
    """
    ids = [loan.pk for loan in loans]
    rows = LoanDay.objects.filter(on=day, loan_id__in=ids, days_past_due=0)
    principals = dict(rows.values_list("loan_id", "principal_minor"))
    # An act dated back posts on days before it was known.
    late = LoanPosting.objects.filter(loan_id__in=ids, on__lte=day, booked_on__gt=day)
    changed = set(late.values_list("loan_id", flat=True))
    return {
        loan.pk: _kept(loan, principals[loan.pk])
        for loan in loans
        if loan.pk in principals and loan.pk not in changed and _is_plain(loan)
    }


def kept_now(loans: Collection[Loan], *, day: date) -> dict[UUID, Kept]:
    """What counters and snapshots tell of these loans on the open bank ``day``; one query.

    A snapshot speaks for the morning it was taken on, and for those up to its next event.
    """
    speaks = Q(on=day) | Q(on__lt=day, next_event_on__gte=day)
    rows = LoanSnapshot.objects.filter(
        speaks, loan_id__in=[loan.pk for loan in loans], unpaid_since__isnull=True
    )
    without_arrears = set(rows.values_list("loan_id", flat=True))
    return {
        loan.pk: _kept(loan, loan.principal_minor)
        for loan in loans
        if loan.pk in without_arrears and loan.status in machine.RUNNING and _is_plain(loan)
    }


def _kept(loan: Loan, principal_minor: int) -> Kept:
    return Kept(str(loan.terms["product"]), int(loan.terms["rate_ppm"]), principal_minor)


def _is_plain(loan: Loan) -> bool:
    is_written_off = loan.status == machine.S.WRITTEN_OFF
    return not is_written_off and all(act.kind in PLAIN for act in loan.actions.all())
