"""Doors from the escrow's and the loan's facts to this room."""

from uuid import UUID

from scf.financing import deposits, follow, overdue
from scf.financing.services.end import end_expired
from scf.financing.services.issue_papers import note_papers
from scf.financing.services.lend import drop_approvals
from scf.workflow.facts import on
from scf.workflow.models import Fact


@on("payment.opened")
def payment_opened(fact: Fact) -> None:
    follow.escrow_opened(fact)


@on("payment.funded")
def payment_funded(fact: Fact) -> None:
    follow.escrow_funded(fact)


@on("payment.settled", "payment.closed", "payment.cancelled")
def payment_over(fact: Fact) -> None:
    follow.escrow_over(fact)


@on("act.failed")
def act_failed(fact: Fact) -> None:
    details = fact.details
    follow.act_failed(details["act_kind"], UUID(details["act_subject"]), reason=details["reason"])


@on("application.withdrawn", "application.cancelled", "application.expired", "application.lapsed")
def application_ended(fact: Fact) -> None:
    deposits.end_unfunded(fact.subject_id)
    drop_approvals(fact.subject_id)


@on("deposit.pledged")
def deposit_pledged(fact: Fact) -> None:
    deposits.send_back_late(fact.deal_id)


@on("application.expired", "application.lapsed")
def application_expired(fact: Fact) -> None:
    end_expired(fact.subject_id)


@on("loan.repaid", "loan.frame_lowered")
def principal_fell(fact: Fact) -> None:
    follow.principal_fell(fact)


@on("loan.fell_overdue", "loan.written_off")
def loan_fell_overdue(fact: Fact) -> None:
    overdue.freeze_borrower(fact.subject_id)


@on("loan.cured", "loan.observation_ended", "loan.settled", "loan.overpaid")
def loan_not_overdue(fact: Fact) -> None:
    overdue.unfreeze_borrower(fact.subject_id)


@on(
    "payment.opened", "payment.funded", "payment.released", "payment.claimed", "payment.returned",
    "loan.drawn", "loan.settled", "loan.due_soon", "loan.past_due", "loan.repaid",
    "order_line.accepted", "order_line.part_accepted", "wallet.moved", "guarantee.demanded",
    "guarantee.upheld",
)  # fmt: skip
def paper_due(fact: Fact) -> None:
    note_papers(fact)
