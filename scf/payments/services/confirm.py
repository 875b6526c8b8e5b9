"""Confirming what was accepted (or shipped), and releasing it to the payee."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.chain.abi import hash_of
from scf.core.actor import Actor
from scf.core.errors import RuleBroken
from scf.payments.agreements import Action, escrow_act, line_args, terms_of
from scf.payments.models import Payment, PaymentLine
from scf.payments.selectors import line_of, lock_payment
from scf.payments.terms import CONFIRM_BUYER_ALONE, CONFIRM_SELLER_AND_BANK
from scf.wallets.acts import ActIn, approve_act, prepare_act, send_act
from scf.wallets.machine import A
from scf.wallets.models import Act

CLOSINGS = {
    "": 0,
    "short_closed": 1,
    "rejected": 2,
}  # the contract's LineStatus after the confirmation


@transaction.atomic
def confirm_line(
    payment_id: UUID,
    order_line_id: UUID,
    *,
    key: str,
    amount_minor: int,
    evidence_hash: str,
    closing: str = "",
    first: UUID,
    by: Actor,
) -> Act:
    """Ask the confirmation of one delivery of a line, ``amount_minor`` fen, by the ``first``
    party's signature.

    ``key`` names the delivery, so asking twice is asking once; ``closing`` is empty, short_closed
    or
    rejected. The second signature, where the terms want one, is given by ``approve_confirmation``.
    Raises RuleBroken(over_release) when more than the line's rest is asked.
    """
    payment = lock_payment(payment_id, by=by)
    line = line_of(payment, order_line_id)
    rest = line.cap_minor - line.confirmed_minor
    if amount_minor > rest:
        raise RuleBroken(
            _("本行最多还可确认 %(available)s 分，本次为 %(asked)s 分"),
            code="over_release",
            available=rest,
            asked=amount_minor,
        )
    wanted = _confirmation(line, key, amount_minor, evidence_hash, CLOSINGS[closing])
    prepare_act(wanted)
    return approve_act(wanted.key, party=first, by=by)


def _confirmation(
    line: PaymentLine, key: str, amount_minor: int, evidence_hash: str, closing: int
) -> ActIn:
    payment = line.payment
    return escrow_act(
        payment,
        "confirm",
        f"confirm:{key}",
        "confirm",
        [*line_args(line), evidence_hash, closing, "instruction", "approvals"],
        action=Action.CONFIRM,
        parties=confirmers_of(payment),
        amount_minor=amount_minor,
        payee=payment.payee_wallet.address,
        payload_hash=hash_of(
            ["bytes32", "bytes32", "uint8"], [line.line_id, evidence_hash, closing]
        ),
    )


@transaction.atomic
def approve_confirmation(payment_id: UUID, *, key: str, party: UUID, by: Actor) -> Act:
    """The second party's signature under a confirmation that the first asked for."""
    lock_payment(payment_id, by=by)
    return approve_act(f"confirm:{key}", party=party, by=by)


def confirmers_of(payment: Payment) -> tuple[UUID, ...]:
    """Whose signatures a confirmation needs, by the terms (K3, K20)."""
    mode = terms_of(payment).confirm_mode
    if mode == CONFIRM_SELLER_AND_BANK:
        return (payment.seller_id, payment.bank_id)
    return (
        (payment.buyer_id,) if mode == CONFIRM_BUYER_ALONE else (payment.buyer_id, payment.bank_id)
    )


def release_line(line: PaymentLine, *, cause: str) -> Act:
    """Send the release of what is confirmed and not yet paid; nobody's approval is needed. Once a
    cause.
    """
    args = line_args(line)
    return send_act(
        escrow_act(
            line.payment,
            "release",
            f"release:{cause}",
            "release",
            args,
            subject_id=line.pk,
        )
    )


def has_release_under_way(line: PaymentLine) -> bool:
    """True while a release of the line is on its way: it will pay whatever is confirmed by then."""
    return Act.objects.filter(subject_id=line.pk, kind="release", status=A.SENT).exists()
