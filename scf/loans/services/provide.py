"""Provisions at a month end: what must stand for each loan, booked by difference (计提指引)."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Q

from scf.core.actor import SYSTEM
from scf.ledger.selectors import list_balances
from scf.loans import machine
from scf.loans.classification import Tier, provision_floor
from scf.loans.entries import LOSS, Codes
from scf.loans.models import Loan, LoanPosting, LoanProvision
from scf.wallets.ledger_accounts import Leg, stage
from scf.workflow.closing import closing_act
from scf.workflow.deals import lock_deals

PROVIDED_TOGETHER = 500  # loans in one transaction, whose locks others wait for


def provide_month_end(on: date) -> int:
    """Provide at the month end ``on`` for every loan that may need it; returns how many rows.

    A loan may need it when it runs, or when money moved on it this month: one that was paid or
    recovered lets its provision go. Safe twice, and after being killed.
    """
    moved = LoanPosting.objects.filter(booked_on__gte=on.replace(day=1)).values("loan_id")
    rows = Loan.objects.filter(Q(status__in=machine.RUNNING) | Q(pk__in=moved))
    ids = list(rows.order_by("id").values_list("pk", flat=True))
    starts = range(0, len(ids), PROVIDED_TOGETHER)
    return sum(provide_for_loans(ids[at : at + PROVIDED_TOGETHER], on=on) for at in starts)


@closing_act()
def provide_for_loans(loan_ids: Sequence[UUID], *, on: date) -> int:
    """Book, loan by loan, what must stand at a month end less what stands; returns how many rows.

    General 1 % of principal on the balance sheet, and specific by grade (2, 25, 50, 100 %),
    together at most the principal: 6702 against 1304. A loan written off needs none. A row where
    anything changed, all in one transaction; once a loan and month end, safe twice.
    """
    wanted = Loan.objects.filter(pk__in=loan_ids)
    lock_deals(wanted.values_list("deal_id", flat=True))
    loans = list(wanted.exclude(provisions__on=on).order_by("id"))
    standing, latest = _standing(loans), _latest(loans)
    found = [_provision(loan, standing.get(loan.pk, 0), on=on) for loan in loans]
    made = [row for row in found if _is_news(row, latest.get(row.loan_id))]
    stage(_leg(row) for row in made)
    LoanProvision.objects.bulk_create(made)
    return len(made)


def required(principal_minor: int, *, tier: Tier) -> tuple[int, int]:
    """General and specific provision in fen: 1 %, and by grade the middle figure of the rule."""
    general = provision_floor(principal_minor, tier=Tier.NORMAL)
    if tier is Tier.NORMAL:
        return general, 0
    specific = provision_floor(principal_minor, tier=tier)
    return general, min(specific, principal_minor - general)


def _standing(loans: Sequence[Loan]) -> Mapping[UUID, int]:
    """What the ledger says is provided for each loan, in fen."""
    codes: dict[UUID, dict[str, UUID]] = {}
    for loan in loans:
        codes.setdefault(loan.bank_id, {})[Codes(loan.pk).provision] = loan.pk
    return {
        of_code[row.code]: row.balance_minor
        for bank_id, of_code in codes.items()
        for row in list_balances(bank_id, by=SYSTEM, codes=of_code)
    }


def _latest(loans: Sequence[Loan]) -> Mapping[UUID, LoanProvision]:
    rows = LoanProvision.objects.filter(loan__in=loans).order_by("loan_id", "-id")
    return {row.loan_id: row for row in rows.distinct("loan_id")}


def _provision(loan: Loan, standing_minor: int, *, on: date) -> LoanProvision:
    principal = 0 if loan.status == machine.S.WRITTEN_OFF else loan.principal_minor
    tier = Tier(loan.tier)
    general, specific = required(principal, tier=tier)
    return LoanProvision(
        loan=loan,
        on=on,
        tier=tier,
        principal_minor=principal,
        general_minor=general,
        specific_minor=specific,
        booked_minor=general + specific - standing_minor,
    )


def _is_news(row: LoanProvision, last: LoanProvision | None) -> bool:
    before = (last.tier, last.principal_minor) if last else (Tier.NORMAL, 0)
    return bool(row.booked_minor) or before != (row.tier, row.principal_minor)


def _leg(row: LoanProvision) -> Leg:
    account = Codes(row.loan_id).provision
    debit, credit = (LOSS, account) if row.booked_minor > 0 else (account, LOSS)
    return Leg(
        bank_id=row.loan.bank_id,
        debit=debit,
        credit=credit,
        amount_minor=abs(row.booked_minor),
        kind="loan_provision",
        key=f"loan_provision:{row.loan_id}:{row.on}:0",
        deal_id=row.loan.deal_id,
        value_date=row.on,
    )
