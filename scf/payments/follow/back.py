"""Out of the escrow and back: a finished line's rest, everything at expiry, and what could not be
received.
"""

from scf.core.actor import SYSTEM
from scf.payments import machine
from scf.payments.follow.overtaken import end_overtaken_by_expiry, end_overtaken_of_line
from scf.payments.follow.told import (
    Told,
    account_at,
    checked_loan_part,
    claim_code,
    count,
    end_if_over,
    event_key,
    keep_movement,
    loan_code,
    own_code,
    stage_legs,
)
from scf.payments.models import Direction, Payment, PaymentLine
from scf.payments.selectors import free_of
from scf.wallets.outcomes import mark_subject_done
from scf.workflow import facts

L = machine.L


def line_returned(told: Told) -> None:
    """The rest of a finished line went back, loan part to the bank, own part to the buyer (K9,
    K11).
    """
    line = told.line
    _give_back(told, "return_line", line)
    mark_subject_done(line.pk, kind="return_line", tx_hash=told.tx_hash)
    rows = PaymentLine.objects.filter(pk=line.pk)
    rows.update(returned_minor=line.returned_minor + int(told.details["amount"]))
    if line.confirmed_minor == line.released_minor:
        machine.LINE.fire(line, "returned", by=SYSTEM, **told.proof)
        end_overtaken_of_line(line)
    end_if_over(told)


def reclaimed(told: Told) -> None:
    """Expiry: everything free went back. Lines that still waited are over.

    What is confirmed stays its payee's, and a disputed line waits for its decision up to the long
    stop.
    """
    _give_back(told, "reclaim", None)
    mark_subject_done(told.payment.pk, kind="reclaim", tx_hash=told.tx_hash)
    is_past_long_stop = int(told.details["disputed"]) == 0
    for line in told.payment.lines.exclude(status__in=[L.PAID, L.RETURNED]):
        if rest := free_of(line, is_past_long_stop=is_past_long_stop):
            _end_line(line, rest, told)
    end_overtaken_by_expiry(told.payment)
    end_if_over(told)


def _end_line(line: PaymentLine, rest_minor: int, told: Told) -> None:
    PaymentLine.objects.filter(pk=line.pk).update(returned_minor=line.returned_minor + rest_minor)
    owes = line.confirmed_minor > line.released_minor and line.status != L.DISPUTED
    if not owes:
        machine.LINE.fire(line, "returned", by=SYSTEM, **told.proof)


def became_claimable(told: Told) -> None:
    """A payee could not receive: the amount waits inside the escrow, and nobody else is held up."""
    payment, amount = told.payment, int(told.details["amount"])
    _count_claimable(payment, amount)
    source = account_at(told.details["wallet"])
    stage_legs(told, [(source, claim_code(payment), amount, f"{event_key(told)}:claim")])


def claimed(told: Told) -> None:
    """What could not be received before has been paid to a wallet of the same owner."""
    payment, amount = told.payment, int(told.details["amount"])
    _count_claimable(payment, -amount)
    receiver = account_at(told.details["to"])
    stage_legs(told, [(claim_code(payment), receiver, amount, f"{event_key(told)}:claim")])
    if told.details["wallet"] == payment.payee_wallet.address:
        facts.record("payment.claimed", payment, by=SYSTEM, amount_minor=amount, **told.proof)


def _count_claimable(payment: Payment, change_minor: int) -> None:
    payment.claimable_minor += change_minor
    Payment.objects.filter(pk=payment.pk).update(claimable_minor=payment.claimable_minor)


def _give_back(told: Told, kind: str, line: PaymentLine | None) -> None:
    payment, amount = told.payment, int(told.details["amount"])
    loan = checked_loan_part(told)
    key = keep_movement(told, kind, Direction.OUT, amount, loan, line)
    count(payment, returned_minor=amount, returned_loan_minor=loan)
    bank = account_at(payment.bank_wallet.address)
    buyer = account_at(payment.buyer_wallet.address)
    stage_legs(
        told,
        [
            (loan_code(payment), bank, loan, f"{key}:loan"),
            (own_code(payment), buyer, amount - loan, f"{key}:own"),
        ],
    )
    machine.MACHINE.fire(
        payment,
        "returned",
        by=SYSTEM,
        cause=kind,
        line_id=str(line.order_line_id) if line else "",
        amount_minor=amount,
        loan_minor=loan,
        own_minor=amount - loan,
        **told.proof,
    )
