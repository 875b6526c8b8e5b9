"""Unused money back: a line that is over before expiry, and whatever is left at expiry (K9, K10,
K11).
"""

from uuid import UUID

from django.db import transaction

from scf.chain.abi import hash_of
from scf.core.actor import Actor
from scf.payments.agreements import Action, escrow_act, line_args, terms_of
from scf.payments.machine import L
from scf.payments.models import Payment, PaymentLine
from scf.payments.selectors import line_of, lock_payment
from scf.wallets.acts import approve_act, prepare_act, send_act
from scf.wallets.attempts import attempt_key, latest_of
from scf.wallets.machine import A
from scf.wallets.models import Act
from scf.wallets.outcomes import end_overtaken


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
    agreed = latest_of([base]).get(base)
    if agreed and agreed.status == A.ASKED and agreed.amount_minor != rest_of(line):
        end_overtaken(Act.objects.filter(pk=agreed.pk))
    return attempt_key(base)


def return_short_rest(line: PaymentLine) -> Act | None:
    """Send the rest of a line closed short back by itself, where the terms say so (K9).

    Nobody approves, anyone may relay it. None while the line still owes its payee, and when nothing
    is left. Safe twice; one that failed is sent again.
    """
    line.refresh_from_db()
    is_over = line.status == L.SHORT_CLOSED and line.confirmed_minor == line.released_minor
    if not (is_over and line.payment.terms["return_short"] and rest_of(line) > 0):
        return None
    args = line_args(line)
    return send_act(
        escrow_act(
            line.payment,
            "return_line",
            attempt_key(f"return_short:{line.pk}"),
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
