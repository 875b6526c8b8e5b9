"""A proposal becomes an action of the loan when a second person approves exactly what was shown."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from scf.core.actor import SYSTEM, Actor
from scf.core.errors import Conflict
from scf.loans import machine
from scf.loans.models import Loan, LoanAction, LoanProposal
from scf.loans.services.grade import grade_loan
from scf.loans.services.life import Change, close_missed, follow_status, relive
from scf.loans.services.propose import content_hash, locked_proposal, look_at
from scf.parties.checks import require_step_up, require_within_signing_limit
from scf.parties.permissions import Permission
from scf.workflow import clocks, facts
from scf.workflow.closing import closing_act

# What the loan's own timeline says; grades and write-offs are the bank's, the proposal tells them.
TOLD = {
    "cost": "loan.cost_added",
    "waive": "loan.waived",
    "restructure": "loan.restructured",
    "undo": "loan.decision_undone",
}


@closing_act()
def approve_proposal(proposal_id: UUID, *, seen: str, by: Actor) -> LoanProposal:
    """Say yes to exactly what was shown: ``seen`` is the proposal's content hash.

    The action is folded on its own day; what differs is posted, reversals first. Needs a fresh
    second factor. Facts ``loan_proposal.approved`` and, where the borrower is concerned,
    ``loan.cost_added``, ``loan.waived``, ``loan.restructured``, ``loan.decision_undone``. Raises
    NotFound, Forbidden(forbidden, four_eyes, step_up_required, over_signing_limit),
    Conflict(wrong_state, content_changed) and what proposing raises when the loan can no longer
    take it.
    """
    proposal = locked_proposal(proposal_id, by=by)
    require_step_up(by)
    if proposal.status == machine.ProposalStatus.PROPOSED:
        _require_as_seen(proposal, seen)
    machine.PROPOSAL.fire(
        proposal,
        "approved",
        by=by,
        content=seen,
        kind=proposal.kind,
        loan_id=str(proposal.loan_id),
        key=proposal.action_key,
        amount_minor=proposal.amount_minor,
        value_date=proposal.on.isoformat(),
        reason=proposal.reason,
    )
    require_within_signing_limit(
        by, permission=Permission.LOAN_APPROVE, amount_minor=_sum_decided(proposal)
    )
    _act(proposal, by)
    return proposal


def _require_as_seen(proposal: LoanProposal, seen: str) -> None:
    if seen != proposal.content_hash or content_hash(proposal, look_at(proposal)) != seen:
        raise Conflict(_("内容在阅读期间已变更，请重新提出"), code="content_changed")


def _sum_decided(proposal: LoanProposal) -> int:
    """What the decision adds, forgives, writes off or plans anew, in fen: what is signed for."""
    parts: dict[str, int] = proposal.shown.get("parts", {})
    return max(int(proposal.amount_minor), sum(parts.values()))


def _act(proposal: LoanProposal, by: Actor) -> None:
    loan, day = proposal.loan, clocks.business_date()
    close_missed(loan)
    LoanAction.objects.create(
        loan=loan,
        key=proposal.action_key,
        kind=proposal.kind,
        on=proposal.on,
        amount_minor=proposal.amount_minor,
        details=proposal.details,
    )
    change = relive(loan, to=day)
    dated = {"key": proposal.action_key, "value_date": proposal.on.isoformat()}
    due_on = proposal.details.get("due_on") or proposal.on.isoformat()
    if proposal.kind in TOLD:
        facts.record(
            TOLD[proposal.kind],
            loan,
            by=by,
            amount_minor=proposal.amount_minor,
            details=proposal.details,
            reason=proposal.reason,
            **({"due_on": due_on} if proposal.kind == "cost" else {}),
            **dated,
        )
    if change.freed_minor:
        _tell_freed(loan, change, **dated)
    follow_status(loan, book=change.book, **dated)
    grade_loan(loan.pk, day=day)


def _tell_freed(loan: Loan, change: Change, **dated: object) -> None:
    """Money that had paid a cost or interest has paid principal after all: the limits hear it."""
    facts.record(
        "loan.repaid",
        loan,
        by=SYSTEM,
        amount_minor=0,
        cause="decision",
        principal_minor=change.freed_minor,
        interest_minor=change.interest_minor,
        penalty_minor=change.penalty_minor,
        tx_hash="",
        **dated,
    )
