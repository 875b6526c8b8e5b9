"""Provisions at a month end: what must stand for each loan, booked by difference (计提指引)."""

from datetime import date
from uuid import UUID

from django.db.models import Q

from scf.core.actor import SYSTEM
from scf.ledger.selectors import list_balances
from scf.loans import machine
from scf.loans.classification import Tier, provision_floor
from scf.loans.entries import LOSS, Codes
from scf.loans.models import Loan, LoanPosting, LoanProvision
from scf.loans.services.life import locked, stage_lines
from scf.workflow.closing import closing_act


def loans_to_provide(on: date) -> list[UUID]:
    """The loans whose provision may differ at the month end ``on``: running, or moved this month.

    One that was paid or recovered in the month lets its provision go.
    """
    moved = LoanPosting.objects.filter(booked_on__gte=on.replace(day=1)).values("loan_id")
    rows = Loan.objects.filter(Q(status__in=machine.RUNNING) | Q(pk__in=moved))
    return list(rows.order_by("id").values_list("pk", flat=True))


@closing_act()
def provide_for_loan(loan_id: UUID, *, on: date) -> LoanProvision | None:
    """Book the difference between what must stand for the loan at a month end and what stands.

    General 1 % of principal on the balance sheet, and specific by grade (2, 25, 50, 100 %),
    together at most the principal: 6702 against 1304. A loan written off needs none. A row when
    anything changed; once a month end, safe twice.
    """
    loan = locked(Loan.objects.get(pk=loan_id))
    known: LoanProvision | None = loan.provisions.filter(on=on).first()
    if known is not None:
        return known
    principal = 0 if loan.status == machine.S.WRITTEN_OFF else loan.principal_minor
    tier = Tier(loan.tier)
    general, specific = required(principal, tier=tier)
    booked = general + specific - _standing(loan)
    last: LoanProvision | None = loan.provisions.last()
    before = (last.tier, last.principal_minor) if last else (Tier.NORMAL, 0)
    if not booked and before == (tier, principal):
        return None
    _book(loan, booked, on=on)
    made: LoanProvision = LoanProvision.objects.create(
        loan=loan,
        on=on,
        tier=tier,
        principal_minor=principal,
        general_minor=general,
        specific_minor=specific,
        booked_minor=booked,
    )
    return made


def required(principal_minor: int, *, tier: Tier) -> tuple[int, int]:
    """General and specific provision in fen: 1 %, and by grade the middle figure of the rule."""
    general = provision_floor(principal_minor, tier=Tier.NORMAL)
    if tier is Tier.NORMAL:
        return general, 0
    specific = provision_floor(principal_minor, tier=tier)
    return general, min(specific, principal_minor - general)


def _standing(loan: Loan) -> int:
    rows = list_balances(loan.bank_id, by=SYSTEM, codes=[Codes(loan.pk).provision])
    return sum(row.balance_minor for row in rows)


def _book(loan: Loan, difference: int, *, on: date) -> None:
    if not difference:
        return
    account = Codes(loan.pk).provision
    line = (LOSS, account, difference) if difference > 0 else (account, LOSS, -difference)
    stage_lines(loan, [line], key=f"loan_provision:{loan.pk}:{on}", kind="loan_provision", on=on)
