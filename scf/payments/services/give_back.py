"""Unused money back: a line that is over before expiry, and whatever is left at expiry (K9, K10,
K11).
"""

from uuid import UUID

from django.db import transaction

from scf.chain.abi import hash_of
from scf.core.actor import Actor
from scf.payments.agreements import Action, escrow_act, line_args, terms_of
from scf.payments.models import Payment, PaymentLine
from scf.payments.selectors import line_of, lock_payment
from scf.wallets.acts import approve_act, attempt_key, mark_failed, prepare_act, send_act
from scf.wallets.machine import A
from scf.wallets.models import Act


@transaction.atomic
def return_line(payment_id: UUID, order_line_id: UUID, *, party: UUID, by: Actor) -> Act:
    """One party (buyer or seller) agrees that the rest of a finished line goes back; both send it
    (K9).
    """
    payment = lock_payment(payment_id, by=by)
    line = line_of(payment, order_line_id)
    wanted = escrow_act(
        payment,
        "return_line",
        _return_key(line),
        "returnLine",
        [*line_args(line), "instruction", "approvals"],
        action=Action.RETURN_LINE,
        subject_id=line.pk,
        parties=(payment.buyer_id, payment.seller_id),
        amount_minor=rest_of(line),
        payload_hash=hash_of(["bytes32"], [line.line_id]),
    )
    prepare_act(wanted)
    return approve_act(wanted.key, party=party, by=by)


def _return_key(line: PaymentLine) -> str:
    """The key of the return being agreed on; one of another amount is agreed no more."""
    base = f"return_line:{line.pk}"
    agreed = Act.objects.filter(key=attempt_key(base)).first()
    if agreed and agreed.status == A.ASKED and agreed.amount_minor != rest_of(line):
        mark_failed(agreed.key, reason="amount_changed")
    return attempt_key(base)


def return_short_line(line: PaymentLine) -> Act:
    """The rest of a short-closed line goes back by itself, where the terms say so (K9)."""
    args = line_args(line)
    return send_act(
        escrow_act(
            line.payment,
            "return_line",
            f"return_short:{line.pk}",
            "returnShortLine",
            args,
            subject_id=line.pk,
        )
    )


def rest_of(line: PaymentLine) -> int:
    """What a finished line leaves in the escrow, in fen."""
    return line.cap_minor - line.confirmed_minor - line.returned_minor


def reclaim_expired(payment: Payment) -> Act:
    """Send the reclaim of an expired agreement; the bank's day end asks, nobody's approval is
    needed (K10).

    Safe twice: once an agreement and an amount already out, so that a later rest (a dispute that
    ended)
    can be reclaimed as well.
    """
    key = attempt_key(f"reclaim:{payment.pk}:{payment.out_minor}")
    return send_act(escrow_act(payment, "reclaim", key, "reclaim", [terms_of(payment).as_call()]))
