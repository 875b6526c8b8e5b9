"""Doors from the escrow's and the wallets' facts to the loan."""

from datetime import date
from uuid import UUID

from scf.core.actor import SYSTEM
from scf.loans import services
from scf.loans.collections import services as collections
from scf.loans.models import Loan
from scf.wallets.selectors import get_wallet
from scf.workflow import clocks
from scf.workflow.facts import on
from scf.workflow.models import Fact

# Acts that pay a loan, or give back.
MONEY = ("sweep", "repay", "refund", "guarantee", "use_deposit")


def _loan_of(fact: Fact) -> Loan | None:
    found: Loan | None = Loan.objects.filter(payment_id=fact.subject_id).first()
    return found


def _loan_of_act(fact: Fact) -> Loan | None:
    if fact.deal_id is None:
        return None
    found: Loan | None = Loan.objects.filter(deal_id=fact.deal_id, opened_on__isnull=False).first()
    return found


def _moved(fact: Fact, purpose: str, amount_minor: int) -> services.Moved:
    details = fact.details
    value_date = date.fromisoformat(details["value_date"])
    return services.Moved(f"{purpose}:{fact.pk}", amount_minor, value_date, details["tx_hash"])


@on("payment.opened")
def payment_opened(fact: Fact) -> None:
    if loan := _loan_of(fact):
        services.commit_loan(loan)


@on("payment.cancelled")
def payment_cancelled(fact: Fact) -> None:
    if loan := _loan_of(fact):
        services.cancel_loan(loan)


@on("payment.funded")
def payment_funded(fact: Fact) -> None:
    if loan := _loan_of(fact):
        services.open_loan(loan, moved=_moved(fact, "fund", fact.details["amount_minor"]))


@on("payment.released")
def payment_released(fact: Fact) -> None:
    loan, amount = _loan_of(fact), fact.details["loan_minor"]
    if loan and amount and loan.draws_by_release:
        services.draw_loan(loan, moved=_moved(fact, "draw", amount))


@on("payment.returned")
def payment_returned(fact: Fact) -> None:
    loan, amount = _loan_of(fact), fact.details["loan_minor"]
    if loan and amount:
        services.take_back(loan, moved=_moved(fact, "return", amount))


@on("wallet.moved")
def wallet_moved(fact: Fact) -> None:
    kind, amount = fact.details["act_kind"], fact.details["amount_minor"]
    loan = _loan_of_act(fact) if kind in MONEY else None
    if loan and kind == "refund":
        services.record_refund(loan, moved=_moved(fact, kind, amount))
    elif loan and kind == "guarantee":
        services.record_guarantee(loan, moved=_moved(fact, "repay", amount))
    elif loan:
        services.record_repayment(loan, moved=_moved(fact, "repay", amount), cause=kind)
        _collect(loan.buyer_id, loan.bank_id, -amount if kind == "sweep" else 0)


@on("wallet.minted")
def wallet_minted(fact: Fact) -> None:
    if fact.details["act_kind"] != "mint_collection":
        return
    wallet = get_wallet(fact.details["wallet_id"], by=SYSTEM)
    _collect(wallet.owner_id, wallet.bank_id, fact.details["amount_minor"])


@on("loan.fell_overdue")
def loan_fell_overdue(fact: Fact) -> None:
    collections.open_collection_task(fact.subject_id)


@on("loan.cured", "loan.settled", "loan.overpaid", "loan.restructured")
def loan_paid_up(fact: Fact) -> None:
    collections.lift_collection_tasks(fact.subject_id)


@on("loan.settled", "loan.overpaid", "deposit.applied", "deposit.use_failed")
def deposit_not_needed(fact: Fact) -> None:
    # A use on its way when the loan was paid otherwise: its rest goes home after its own end.
    found = Loan.objects.filter(deal_id=fact.deal_id).first() if fact.deal_id else None
    if found:
        services.free_deposit(found)


def _collect(buyer_id: UUID, bank_id: UUID, unposted_minor: int) -> None:
    services.collect_due(
        buyer_id,
        bank_id=bank_id,
        on=clocks.business_date(),
        is_evening=False,
        unposted_minor=unposted_minor,
    )
