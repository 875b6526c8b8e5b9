"""A dispute freezes one line and nothing else; the arbiter says how much of it the payee gets."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.chain.abi import hash_of
from scf.core.actor import SYSTEM, Actor
from scf.core.errors import Conflict, RuleBroken
from scf.payments import machine
from scf.payments.agreements import Action, escrow_act, line_args
from scf.payments.models import PaymentLine
from scf.payments.selectors import line_of, lock_payment
from scf.wallets.acts import ask_act, send_act
from scf.wallets.attempts import attempt_key
from scf.wallets.models import Act
from scf.workflow.models import Fact


@transaction.atomic
def dispute_line(
    payment_id: UUID, order_line_id: UUID, *, party: UUID, reason_hash: str, by: Actor
) -> Act:
    """Freeze what is not yet paid of a line, by the signature of its buyer or seller.

    Raises Conflict(wrong_state) for a line that is paid, returned, or disputed before.
    """
    payment = lock_payment(payment_id, by=by)
    line = line_of(payment, order_line_id)
    if line.status not in machine.LINE.steps["disputed"].sources or was_disputed(line):
        raise Conflict(
            _("这一行已付清、已退回或已提出过争议"), code="wrong_state", status=line.status
        )
    return ask_act(
        escrow_act(
            payment,
            "dispute_line",
            attempt_key(f"dispute_line:{line.pk}"),
            "disputeLine",
            [*line_args(line), reason_hash, "instruction", {"approval_of": str(party)}],
            action=Action.DISPUTE_LINE,
            subject_id=line.pk,
            parties=(party,),
            payee=payment.payee_wallet.address,
            payload_hash=hash_of(["bytes32", "bytes32"], [line.line_id, reason_hash]),
        ),
        by=by,
    )


@transaction.atomic
def resolve_line(
    payment_id: UUID,
    order_line_id: UUID,
    *,
    payee_gets_minor: int,
    decision_hash: str,
    by: Actor,
) -> Act:
    """The arbiter of the terms (the bank) decides how much of the held amount the payee gets, in
    fen.

    Raises RuleBroken(over_release) when it is more than the line still holds or less than nothing,
    Conflict(wrong_state) for a line nobody disputes.
    """
    payment = lock_payment(payment_id, by=by)
    line = line_of(payment, order_line_id)
    if line.status != machine.L.DISPUTED:
        raise Conflict(_("这一行没有争议"), code="wrong_state", status=line.status)
    held = line.cap_minor - line.released_minor - line.returned_minor
    if not 0 <= payee_gets_minor <= held:
        raise RuleBroken(
            _("争议金额只有 %(available)s 分，不能裁付 %(asked)s 分"),
            code="over_release",
            available=held,
            asked=payee_gets_minor,
        )
    return ask_act(
        escrow_act(
            payment,
            "resolve_line",
            attempt_key(f"resolve_line:{line.pk}"),
            "resolveLine",
            [*line_args(line), decision_hash, "instruction", "approvals"],
            action=Action.RESOLVE_LINE,
            subject_id=line.pk,
            parties=(payment.bank_id,),
            amount_minor=payee_gets_minor,
            payee=payment.payee_wallet.address,
            payload_hash=hash_of(["bytes32", "bytes32"], [line.line_id, decision_hash]),
        ),
        by=by,
    )


@transaction.atomic
def lapse_dispute(line: PaymentLine) -> Act | None:
    """Relay what rule K21 says of a dispute whose arbiter let both clocks run out; nobody approves.

    None when the line is not disputed any more. Safe twice.
    """
    payment = lock_payment(line.payment_id, by=SYSTEM)
    line = line_of(payment, line.order_line_id)
    if line.status != machine.L.DISPUTED:
        return None
    key = attempt_key(f"lapse_dispute:{line.pk}")
    args = line_args(line)
    return send_act(
        escrow_act(payment, "lapse_dispute", key, "lapseDispute", args, subject_id=line.pk)
    )


def was_disputed(line: PaymentLine) -> bool:
    """True when the line's dispute was decided: the contract hears of one dispute a line."""
    return Fact.objects.filter(subject_id=line.pk, name="payment_line.disputed").exists()
