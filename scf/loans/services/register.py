"""The loan before its money: terms fixed at approval, committed at signing, or cancelled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from scf.core.actor import SYSTEM, Actor
from scf.core.errors import Conflict
from scf.loans import machine
from scf.loans.entries import CONTRA, Codes
from scf.loans.guarantee_rows import Recourse
from scf.loans.joint import Shares
from scf.loans.models import Loan, SweepWhen
from scf.loans.offer import Fee
from scf.loans.services.booking import stage_lines
from scf.loans.services.life import locked
from scf.loans.stored import terms_as_json
from scf.loans.terms import Terms
from scf.workflow import clocks, facts
from scf.workflow.closing import closing_act
from scf.workflow.deals import lock_deal


@dataclass(frozen=True)
class LoanIn:
    """A loan as approved; ``terms`` are the core's, from the planned funding day. Fen and ppm."""

    application_id: UUID
    payment_id: UUID
    deal_id: UUID
    bank_id: UUID
    buyer_id: UUID
    seller_id: UUID
    terms: Terms
    sweep: str = SweepWhen.ON_DUE.value
    anchor_id: UUID | None = None  # the core enterprise, and what it answers for
    recourse: str = Recourse.NONE.value
    shares: Mapping[str, int] = field(default_factory=dict)  # joint lending: ppm by funder
    outside_fees: Sequence[Fee] = ()  # what the borrower pays others for this loan


@closing_act()
def register_terms(given: LoanIn, *, by: Actor) -> Loan:
    """Keep the terms of a loan whose escrow was prepared; nothing is lent yet.

    Fact ``loan.registered``. One loan a payment, safe twice. Raises Conflict(content_changed) for
    other terms under one payment, BadShares for shares no joint loan can have.
    """
    lock_deal(given.deal_id)
    stored = terms_as_json(given.terms)
    known: Loan | None = Loan.objects.filter(payment_id=given.payment_id).first()
    if known:
        if known.core_terms != given.terms and known.status == machine.S.AWAITING:
            raise Conflict(_("贷款条款已登记，内容不同"), code="content_changed")
        return known
    loan: Loan = Loan.objects.create(
        status=machine.S.AWAITING,
        deal_id=given.deal_id,
        application_id=given.application_id,
        payment_id=given.payment_id,
        bank_id=given.bank_id,
        buyer_id=given.buyer_id,
        seller_id=given.seller_id,
        terms=stored,
        sweep=SweepWhen(given.sweep),
        anchor_id=given.anchor_id,
        recourse=Recourse(given.recourse),
        shares=dict(Shares(given.shares).ppm) if given.shares else {},
        outside_fees=[
            {"on": fee.on.isoformat(), "amount_minor": fee.amount_minor}
            for fee in given.outside_fees
        ],
        frame_minor=given.terms.frame_minor,
        matures_on=given.terms.maturity_on,
    )
    facts.record("loan.registered", loan, by=by, frame_minor=loan.frame_minor)
    return loan


@closing_act()
def commit_loan(loan: Loan) -> None:
    """All have signed: the commitment stands off balance until funding or release (K25)."""
    loan = locked(loan)
    if loan.status != machine.S.AWAITING or loan.is_committed:
        return
    _mark_committed(loan, is_committed=True)
    codes = Codes(loan.pk)
    stage_lines(
        loan,
        [(codes.commitment, CONTRA, loan.frame_minor)],
        key=f"loan_commitment:{loan.pk}",
        kind="loan_commitment",
        on=clocks.business_date(),
    )


@closing_act()
def cancel_loan(loan: Loan) -> None:
    """The escrow was cancelled before funding: the commitment ends. Harmless twice."""
    loan = locked(loan)
    if loan.status != machine.S.AWAITING:
        return
    if loan.is_committed:
        _mark_committed(loan, is_committed=False)
        end_commitment(loan, loan.frame_minor, key="cancelled", on=clocks.business_date())
    machine.MACHINE.fire(loan, "cancelled", by=SYSTEM)


def end_commitment(loan: Loan, amount_minor: int, *, key: str, on: date) -> None:
    """Take ``amount_minor`` fen of the commitment off: lent, or not to be lent any more."""
    lines = [(CONTRA, Codes(loan.pk).commitment, amount_minor)]
    stage_lines(loan, lines, key=f"loan_commitment:{loan.pk}:{key}", kind="loan_commitment", on=on)


def _mark_committed(loan: Loan, *, is_committed: bool) -> None:
    Loan.objects.filter(pk=loan.pk).update(is_committed=is_committed)
    loan.is_committed = is_committed
