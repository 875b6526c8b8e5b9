"""Proposing a decision about a loan, refusing it: 减免, 费用, 重组, 核销, 分类, 撤销."""

from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

import rfc8785
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import Conflict, DomainError, NotFound, RuleBroken
from scf.loans import machine
from scf.loans.actions import Action, RefusedAction
from scf.loans.decision_rows import ProposalKind
from scf.loans.fit import require_fit
from scf.loans.models import Loan, LoanProposal
from scf.loans.selectors import get_loan
from scf.loans.services.access import require_bank
from scf.loans.services.life import locked
from scf.loans.shown import shown_of
from scf.loans.stored import action_from_json, details_as_json
from scf.parties.permissions import Permission
from scf.workflow import clocks, facts
from scf.workflow.closing import closing_act


@dataclass(frozen=True)
class DecisionIn:
    """A decision as a page or the API gives it; ``details`` are JSON values by kind (fen, ppm):

    ``cost`` nature (enforcement; or fee, with its name and due_on) · ``waive`` fee_minor (agreed
    fees alone), penalty_minor, compound_minor, interest_minor, summing to ``amount_minor`` ·
    ``restructure`` due_dates, rate_ppm, penalty_rate_ppm, product, level_minor, is_relief ·
    ``grade`` tier · ``undo`` of (the key of the action) · ``write_off`` and ``call_technical``
    nothing.
    """

    kind: str
    on: date
    amount_minor: int = 0
    details: dict[str, Any] = field(default_factory=dict)
    reason: str = ""


@closing_act()
def propose_decision(loan_id: UUID, *, given: DecisionIn, key: str, by: Actor) -> LoanProposal:
    """One person of the bank proposes; nothing moves. Fact ``loan_proposal.proposed``.

    Back-dated within the loan's life, never ahead. Safe twice with one key. Raises NotFound,
    Forbidden(forbidden, not_your_side), Conflict(wrong_state, duplicate_key),
    RuleBroken(reason_missing, proposal_invalid, over_waiver, grade_too_good, not_technical,
    day_is_past, fee_after_maturity).
    """
    loan = locked(get_loan(loan_id, by=by))
    require_bank(loan, by=by, permission=Permission.LOAN_PROPOSE)
    known: LoanProposal | None = LoanProposal.objects.filter(key=key).first()
    if known is not None:
        return _same(known, loan, given)
    if not given.reason.strip():
        raise RuleBroken(_("请写明原因"), code="reason_missing")
    proposal = LoanProposal(
        status=machine.ProposalStatus.PROPOSED,
        deal_id=loan.deal_id,
        turn_party=loan.bank_id,
        turn_role="approver",
        loan=loan,
        key=key,
        kind=given.kind,
        on=given.on,
        amount_minor=given.amount_minor,
        reason=given.reason.strip(),
    )
    change = _change(proposal, given.details)
    proposal.details = details_as_json(change)
    proposal.shown = look_at(proposal)
    proposal.content_hash = content_hash(proposal, proposal.shown)
    proposal.save(force_insert=True)
    facts.record(
        "loan_proposal.proposed",
        proposal,
        by=by,
        kind=proposal.kind,
        loan_id=str(loan.pk),
        number=loan.number,
        amount_minor=proposal.amount_minor,
        value_date=proposal.on.isoformat(),
        reason=proposal.reason,
    )
    return proposal


@closing_act()
def refuse_proposal(proposal_id: UUID, *, by: Actor, reason: str) -> LoanProposal:
    """Another person says no; nothing moved and nothing does. Raises as ``approve_proposal``."""
    proposal = locked_proposal(proposal_id, by=by)
    if not reason.strip():
        raise RuleBroken(_("请写明原因"), code="reason_missing")
    machine.PROPOSAL.fire(
        proposal, "refused", by=by, reason=reason.strip(), loan_id=str(proposal.loan_id)
    )
    return proposal


def locked_proposal(proposal_id: UUID, *, by: Actor) -> LoanProposal:
    """The proposal of the actor's own bank, behind its deal's lock. Raises NotFound."""
    found = LoanProposal.objects.visible_to(by).filter(pk=proposal_id).first()
    if found is None:
        raise NotFound(_("没有这项提议"))
    proposal: LoanProposal = found
    proposal.loan = locked(proposal.loan)
    proposal.refresh_from_db(fields=["status", "version"])
    return proposal


def change_of(proposal: LoanProposal) -> Action:
    """The action the proposal becomes. Raises RuleBroken(proposal_invalid)."""
    return _change(proposal, proposal.details)


def look_at(proposal: LoanProposal) -> dict[str, Any]:
    """What the proposal would do now, if the loan can take it; raises as proposing does."""
    loan, change = proposal.loan, change_of(proposal)
    if loan.opened_on is None or not loan.opened_on <= change.on <= clocks.business_date():
        raise RuleBroken(_("日期须在放款日与今天之间"), code="proposal_invalid", field="on")
    actions = [row.as_action() for row in loan.actions.all()]
    try:
        shown = shown_of(loan.core_terms, actions, change)
    except RefusedAction as refusal:
        raise RuleBroken(
            _("贷款不能接受这项变更：%(refusal)s"),
            code="proposal_invalid",
            field="details",
            refusal=refusal.code,
        ) from refusal
    require_fit(loan, change, shown)
    return shown


def why_overtaken(proposal: LoanProposal) -> str:
    """Why a waiting proposal can no longer be approved, in words; empty while it can."""
    try:
        shown = look_at(proposal)
    except DomainError as refusal:
        return refusal.text()
    if content_hash(proposal, shown) == proposal.content_hash:
        return ""
    return str(_("提出以后贷款有了变动，所示影响不再成立"))


def content_hash(proposal: LoanProposal, shown: dict[str, Any]) -> str:
    """SHA-256 (hex) over the canonical JSON of what is proposed and what it would do (RFC 8785)."""
    content = {
        "loan": str(proposal.loan_id),
        "kind": proposal.kind,
        "on": proposal.on.isoformat(),
        "amount_minor": proposal.amount_minor,
        "details": proposal.details,
        "reason": proposal.reason,
        "shown": shown,
    }
    return sha256(rfc8785.dumps(content)).hexdigest()


def _change(proposal: LoanProposal, details: dict[str, Any]) -> Action:
    if proposal.kind not in ProposalKind.values:
        raise RuleBroken(_("没有这种提议"), code="proposal_invalid", field="kind")
    try:
        return action_from_json(
            proposal.kind,
            details,
            key=proposal.action_key,
            on=proposal.on,
            amount_minor=proposal.amount_minor,
        )
    except (RefusedAction, TypeError, ValueError) as wrong:
        raise RuleBroken(_("提议的内容不正确"), code="proposal_invalid", field="details") from wrong


def _same(known: LoanProposal, loan: Loan, given: DecisionIn) -> LoanProposal:
    wanted = (loan.pk, given.kind, given.on, given.amount_minor, given.reason.strip())
    found = (known.loan_id, known.kind, known.on, known.amount_minor, known.reason)
    is_same = wanted == found and details_as_json(_change(known, given.details)) == known.details
    if not is_same:
        raise Conflict(_("该键已用于另一项提议"), code="duplicate_key")
    return known
