"""One confirmed event of an agreement, and how it is counted and booked.

An event told twice is followed once, and a movement's key is the event's besides. The event may
come from a stranger's transaction, so nothing here needs our own command.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from scf.chain.models import ChainEvent
from scf.core.actor import SYSTEM
from scf.core.ids import named_id
from scf.core.money import split_loan_part
from scf.payments import machine
from scf.payments.follow.overtaken import end_all_overtaken
from scf.payments.models import Payment, PaymentLine, PaymentMovement
from scf.payments.selectors import line_by_chain_id, payment_of_agreement
from scf.wallets.ledger_accounts import Leg, stage
from scf.wallets.outcomes import mark_done
from scf.wallets.selectors import wallet_at
from scf.workflow.models import Fact

SETTLED, RETURNED = 5, 6  # the contract's Status


@dataclass(frozen=True)
class Told:
    """One confirmed event of an agreement of ours."""

    payment: Payment
    details: dict[str, Any]
    tx_hash: str
    value_date: date

    @property
    def line(self) -> PaymentLine:
        """The line the event speaks of."""
        return line_by_chain_id(self.payment, self.details["line_id"])

    @property
    def proof(self) -> dict[str, object]:
        """Where on the chain it stands, for the fact of ours."""
        return {"tx_hash": self.tx_hash, "value_date": self.value_date.isoformat()}


def told_by(fact: Fact) -> Told | None:
    """The event as one of ours; None for a stranger's agreement, and when it was told before.

    Marks the act it carries as done.
    """
    payment = payment_of_agreement(fact.details["agreement_id"])
    told_before = Fact.objects.filter(subject_id=fact.subject_id, name=fact.name, pk__lt=fact.pk)
    if payment is None or told_before.exists():
        return None
    details = {**fact.details, "event_id": str(fact.subject_id)}
    if details.get("instruction_id"):
        mark_done(details["instruction_id"], tx_hash=details["tx_hash"])
    return Told(payment, details, details["tx_hash"], date.fromisoformat(details["value_date"]))


def is_kept(told: Told) -> bool:
    """Whether the payee could not receive what this transaction releases, so that it waits."""
    said = ChainEvent.objects.filter(tx_hash=told.tx_hash, name="BecameClaimable")
    return said.filter(reference=told.payment.agreement_id).exists()


def keep_movement(
    told: Told,
    kind: str,
    direction: str,
    amount: int,
    loan: int,
    line: PaymentLine | None = None,
) -> str:
    """Keep the movement; its key is the event's, and is returned."""
    key = event_key(told)
    PaymentMovement.objects.create(
        payment=told.payment,
        key=key,
        kind=kind,
        direction=direction,
        line=line,
        amount_minor=amount,
        loan_minor=loan,
        value_date=told.value_date,
        tx_hash=told.tx_hash,
    )
    return key


def count(payment: Payment, **more: int) -> None:
    """Let counters of the payment grow, on the row and in hand."""
    changed = {name: getattr(payment, name) + amount for name, amount in more.items()}
    Payment.objects.filter(pk=payment.pk).update(**changed)
    for name, value in changed.items():
        setattr(payment, name, value)


def stage_legs(told: Told, legs: list[tuple[str, str, int, str]]) -> None:
    """Hand the legs (debit, credit, fen, key) to the ledger, linked when there are several."""
    payment = told.payment
    link = named_id(event_key(told)) if sum(1 for leg in legs if leg[2]) > 1 else None
    stage(
        Leg(
            bank_id=payment.bank_id,
            debit=debit,
            credit=credit,
            amount_minor=amount,
            kind="escrow",
            key=key,
            link=link,
            deal_id=payment.deal_id,
            value_date=told.value_date,
        )
        for debit, credit, amount, key in legs
    )


def checked_loan_part(told: Told) -> int:
    """The loan part the contract booked, which must be what K6 gives here."""
    payment, amount = told.payment, int(told.details["amount"])
    loan = int(told.details["loan_part"])
    out = payment.out_minor + amount
    ours = split_loan_part(out, payment.loan_minor, payment.total_minor, payment.out_loan_minor)
    if loan != ours or loan + int(told.details["own_part"]) != amount:
        raise AssertionError(f"{payment}: the chain split {amount} into {loan}, K6 says {ours}")
    return loan


def end_if_over(told: Told) -> None:
    """Close the escrow when the contract says it is settled or returned."""
    payment = told.payment
    status = int(told.details["status"])
    if status == SETTLED:
        machine.MACHINE.fire(payment, "settled", by=SYSTEM, **told.proof)
    elif status == RETURNED:
        machine.MACHINE.fire(payment, "closed", by=SYSTEM, **told.proof)
    if status in (SETTLED, RETURNED):
        end_all_overtaken(payment)


def event_key(told: Told) -> str:
    """What names the event once for all: rows and ledger keys begin with it."""
    return f"event:{told.details['event_id']}"


def own_code(payment: Payment) -> str:
    """The escrow account of the buyer's part."""
    return f"2011.82.own:{payment.pk}"


def loan_code(payment: Payment) -> str:
    """The escrow account of the loan part."""
    return f"2011.82.loan:{payment.pk}"


def claim_code(payment: Payment) -> str:
    """The account of what a payee could not receive."""
    return f"2011.82.claim:{payment.pk}"


def account_at(address: str) -> str:
    """The ledger account that mirrors the wallet at an address."""
    wallet = wallet_at(address)
    if wallet is None:
        raise AssertionError(f"{address} is no wallet of ours")
    return wallet.account_code
