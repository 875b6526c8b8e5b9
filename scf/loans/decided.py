"""What people decided about loans, as the bank may see it: proposals, grades, provisions, demands.

The core enterprise sees the demands made of it, and nothing else of this.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import NotFound
from scf.loans.classification import Tier, tier_by_days
from scf.loans.models import (
    GuaranteeDemand,
    Loan,
    LoanAction,
    LoanGrade,
    LoanProposal,
    LoanProvision,
)
from scf.loans.observation import worse
from scf.loans.state import State, days_past_due, oldest_due
from scf.workflow.models import Fact

UNDOABLE = ("cost", "waive", "restructure", "write_off", "grade", "call_technical", "undo")


def get_proposal(proposal_id: UUID, *, by: Actor) -> LoanProposal:
    """One proposal of the actor's bank. Raises NotFound."""
    found: LoanProposal | None = LoanProposal.objects.visible_to(by).filter(pk=proposal_id).first()
    if found is None:
        raise NotFound(_("没有这项提议"))
    return found


def list_proposals(*, by: Actor, loan: Loan | None = None, status: str = "") -> Any:
    """The proposals of the actor's bank, newest first: about one loan, or only of a status."""
    rows = LoanProposal.objects.visible_to(by).select_related("loan")
    rows = rows.filter(loan=loan) if loan else rows
    return rows.filter(status=status) if status else rows


def list_grades(loan: Loan, *, by: Actor) -> list[LoanGrade]:
    """The loan's grades, the latest first; empty for a loan that was always 正常."""
    return list(LoanGrade.objects.visible_to(by).filter(loan=loan).order_by("-id"))


def list_provisions(loan: Loan, *, by: Actor) -> list[LoanProvision]:
    """What was provided for the loan month end by month end, the latest first; fen."""
    return list(LoanProvision.objects.visible_to(by).filter(loan=loan).order_by("-id"))


def list_undoable(loan: Loan) -> list[LoanAction]:
    """The decisions and costs that stand and may be undone, the latest first."""
    standing: list[LoanAction] = []
    gone: set[str] = set()
    for row in loan.actions.filter(kind__in=UNDOABLE).order_by("-id"):
        if row.key in gone:
            continue
        standing.append(row)
        if row.kind == "undo":
            gone.add(str(row.details["of"]))
    return standing


def get_demand(demand_id: UUID, *, by: Actor) -> GuaranteeDemand:
    """One demand on a core enterprise, for the bank or for that enterprise. Raises NotFound."""
    rows = GuaranteeDemand.objects.visible_to(by).select_related("loan")
    found: GuaranteeDemand | None = rows.filter(pk=demand_id).first()
    if found is None:
        raise NotFound(_("没有这项代偿要求"))
    return found


def list_demands(*, by: Actor, loan: Loan | None = None) -> Any:
    """The demands the actor may see, newest first; those about one loan."""
    rows = GuaranteeDemand.objects.visible_to(by).select_related("loan")
    return rows.filter(loan=loan) if loan else rows


def tier_of(loan: Loan, state: State) -> Tier:
    """The loan's grade now: that of the last close, or worse where days past due say so already.

    A technical exception holds for its own due date and seven days (K14).
    """
    due_on = oldest_due(state)
    is_technical = due_on is not None and due_on == state.technical_due_on
    rule = tier_by_days(days_past_due(state), is_technical=is_technical)
    return worse(rule, Tier(loan.tier))


@dataclass(frozen=True, slots=True)
class Upheld:
    """The bank's answer to a refusal: on which bank day, why, and payable until when."""

    on: date
    reason: str
    pay_by: date


def upheld_of(demand: GuaranteeDemand) -> Upheld | None:
    """The latest time the bank upheld a demand; None when it never did."""
    rows = Fact.objects.filter(subject_id=demand.pk, name="guarantee.upheld")
    fact = rows.order_by("-id").first()
    if fact is None:
        return None
    said = fact.details
    return Upheld(fact.business_date, said["reason"], date.fromisoformat(said["upheld_to"]))
