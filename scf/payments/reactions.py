"""Doors from the chain's events to what this room makes of them."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from scf.payments.follow import back, deposits, funding, lines
from scf.payments.follow.told import Told, told_by
from scf.payments.models import PaymentLine
from scf.payments.services import collect_receipt, interest, lapse_dispute
from scf.workflow.facts import on
from scf.workflow.models import Fact

FOLLOWERS: dict[str, Callable[[Told], None]] = {
    "chain.AgreementOpened": funding.opened,
    "chain.OwnFundsPaid": funding.own_funds_in,
    "chain.AgreementFunded": funding.funded,
    "chain.AgreementCancelled": funding.cancelled,
    "chain.LineConfirmed": lines.line_confirmed,
    "chain.LineReleased": lines.line_released,
    "chain.LineDisputed": lines.disputed,
    "chain.LineResolved": lines.resolved,
    "chain.LineReturned": back.line_returned,
    "chain.AgreementReclaimed": back.reclaimed,
    "chain.BecameClaimable": back.became_claimable,
    "chain.Claimed": back.claimed,
}


@on(*FOLLOWERS)
def follow(fact: Fact) -> None:
    if told := told_by(fact):
        FOLLOWERS[fact.name](told)


@on("payment_line.clocks_ran_out")
def clocks_ran_out(fact: Fact) -> None:
    lapse_dispute(PaymentLine.objects.get(pk=fact.subject_id))


@on("bank.credited")
def bank_credited(fact: Fact) -> None:
    collect_receipt(
        UUID(fact.details["owner_id"]),
        bank_id=UUID(fact.details["bank_id"]),
        amount_minor=fact.details["amount_minor"],
        key=f"credit:{fact.subject_id}",
    )


@on("wallet.minted")
def interest_minted(fact: Fact) -> None:
    details = fact.details
    if details["act_kind"] == interest.KIND:
        interest.confirm_interest_paid(
            details["key"],
            amount_minor=details["amount_minor"],
            tx_hash=details["tx_hash"],
            value_date=details["value_date"],
        )


@on("payment.settled", "payment.closed", "payment.cancelled")
def escrow_closed(fact: Fact) -> None:
    # K15: what the balances earned since the last quarter is paid with the closing.
    if "value_date" in fact.details:
        until = date.fromisoformat(fact.details["value_date"])
        interest.pay_escrow_interest(fact.subject_id, until=until)


@on("wallet.moved")
def deposit_moved(fact: Fact) -> None:
    deposits.moved(fact)


@on("act.failed")
def act_failed(fact: Fact) -> None:
    deposits.use_failed(fact)
