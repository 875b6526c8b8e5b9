"""Into the escrow: opened, own funds in, funded; or cancelled before that."""

from scf.core.actor import SYSTEM
from scf.payments import machine
from scf.payments.follow.overtaken import end_all_overtaken
from scf.payments.follow.told import (
    Told,
    account_at,
    count,
    keep_movement,
    loan_code,
    own_code,
    stage_legs,
)
from scf.payments.models import Direction
from scf.wallets.outcomes import mark_subject_done


def opened(told: Told) -> None:
    """All three have signed and the agreement stands on the chain."""
    machine.MACHINE.fire(told.payment, "opened", by=SYSTEM, **told.proof)
    if not told.payment.own_funds_minor:
        machine.MACHINE.fire(told.payment, "own_funds_in", by=SYSTEM, amount_minor=0, **told.proof)


def own_funds_in(told: Told) -> None:
    """The buyer's part is in the escrow."""
    payment, amount = told.payment, int(told.details["amount"])
    key = keep_movement(told, "own_funds", Direction.IN, amount, 0)
    count(payment, own_funds_in_minor=amount)
    stage_legs(
        told,
        [(payment.buyer_wallet.account_code, own_code(payment), amount, f"{key}:own")],
    )
    machine.MACHINE.fire(payment, "own_funds_in", by=SYSTEM, amount_minor=amount, **told.proof)


def funded(told: Told) -> None:
    """The bank's part is in the escrow: the token leg of K25; the loan leg is loans' own."""
    payment, amount = told.payment, int(told.details["amount"])
    key = keep_movement(told, "fund", Direction.IN, amount, amount)
    count(payment, funded_minor=amount)
    stage_legs(
        told,
        [(payment.bank_wallet.account_code, loan_code(payment), amount, f"{key}:loan")],
    )
    machine.MACHINE.fire(payment, "funded", by=SYSTEM, amount_minor=amount, **told.proof)


def cancelled(told: Told) -> None:
    """Before funding: own funds went back to the buyer."""
    payment, amount = told.payment, int(told.details["amount"])
    if amount:
        key = keep_movement(told, "cancel", Direction.OUT, amount, 0)
        count(payment, returned_minor=amount)
        to = account_at(payment.buyer_wallet.address)
        stage_legs(told, [(own_code(payment), to, amount, f"{key}:own")])
    # By the bank's word or by anyone's after fundBy: the effect is the same.
    mark_subject_done(payment.pk, kind="cancel", tx_hash=told.tx_hash)
    machine.MACHINE.fire(payment, "cancelled", by=SYSTEM, amount_minor=amount, **told.proof)
    end_all_overtaken(payment)
