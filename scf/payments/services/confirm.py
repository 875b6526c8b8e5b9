"""Confirming what was accepted (or shipped), and releasing it to the payee."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.chain.abi import hash_of
from scf.core.actor import Actor
from scf.core.errors import Conflict, RuleBroken
from scf.payments.agreements import Action, escrow_act, line_args, terms_of
from scf.payments.machine import LIVE, OPEN_LINES, L
from scf.payments.models import Payment, PaymentLine
from scf.payments.selectors import line_of, lock_payment
from scf.payments.services.dispute import was_disputed
from scf.payments.terms import CONFIRM_BUYER_ALONE, CONFIRM_SELLER_AND_BANK
from scf.wallets.acts import ActIn, approve_act, prepare_act, send_act, send_if_ready
from scf.wallets.attempts import attempt_key, instruction_id_of, latest_of
from scf.wallets.machine import A
from scf.wallets.models import Act

CLOSINGS = {
    "": 0,
    "short_closed": 1,
    "rejected": 2,
}  # the contract's LineStatus after the confirmation


@transaction.atomic
def ask_confirmation(
    payment_id: UUID,
    order_line_id: UUID,
    *,
    key: str,
    amount_minor: int,
    evidence_hash: str,
    closing: str = "",
    by: Actor,
) -> Act:
    """Write down the confirmation of one delivery of a line, ``amount_minor`` fen, for its parties
    to sign one by one (``sign_confirmation``).

    ``key`` names the delivery, so asking twice is asking once, and after a failure once more;
    ``closing`` is empty, short_closed or rejected. Raises RuleBroken(over_release) when more than
    the line's rest is asked, Conflict(wrong_state) when the line takes no confirmation any more.
    """
    payment = lock_payment(payment_id, by=by)
    line = line_of(payment, order_line_id)
    if payment.status not in LIVE or not takes_confirmations(line):
        raise Conflict(_("这一行已不能再确认"), code="wrong_state", status=line.status)
    rest = line.cap_minor - line.confirmed_minor
    if amount_minor > rest:
        raise RuleBroken(
            _("本行最多还可确认 %(available)s 分，本次为 %(asked)s 分"),
            code="over_release",
            available=rest,
            asked=amount_minor,
        )
    return prepare_act(_confirmation(line, key, amount_minor, evidence_hash, CLOSINGS[closing]))


@transaction.atomic
def sign_confirmation(payment_id: UUID, *, key: str, party: UUID, by: Actor) -> Act:
    """One party's signature under the confirmation of a delivery that was asked for last; the last
    of them sends it.

    Raises NotFound when nothing is asked of the party, Conflict(wrong_state) when the confirmation
    has failed: it must be asked for again.
    """
    lock_payment(payment_id, by=by)
    act = latest_of([confirmation_key(key)]).get(confirmation_key(key))
    if act and act.status == A.FAILED:
        raise Conflict(_("上一次确认未成功，需由第一签署方重新签署"), code="wrong_state")
    return approve_act(act.key if act else confirmation_key(key), party=party, by=by)


def takes_confirmations(line: PaymentLine) -> bool:
    """True while more may be confirmed of the line; nothing is any more once it was disputed."""
    return line.status in OPEN_LINES and not was_disputed(line)


def confirmation_key(key: str) -> str:
    """The wish that the confirmation of a delivery is, for all its attempts."""
    return f"confirm:{key}"


def _confirmation(
    line: PaymentLine, key: str, amount_minor: int, evidence_hash: str, closing: int
) -> ActIn:
    payment = line.payment
    return escrow_act(
        payment,
        "confirm",
        attempt_key(confirmation_key(key)),
        "confirm",
        [*line_args(line), evidence_hash, closing, "instruction", "approvals"],
        action=Action.CONFIRM,
        subject_id=line.pk,
        parties=confirmers_of(payment),
        amount_minor=amount_minor,
        payee=payment.payee_wallet.address,
        payload_hash=hash_of(
            ["bytes32", "bytes32", "uint8"], [line.line_id, evidence_hash, closing]
        ),
        after=_asked_before(line, confirmation_key(key)) if closing else (),
    )


def _asked_before(line: PaymentLine, key: str) -> tuple[str, ...]:
    """The other confirmations of the line that the chain has not told yet, also what failed and
    may be signed again: the one that closes the line comes after them, whichever is signed first.
    """
    asked = Act.objects.filter(subject_id=line.pk, kind="confirm")
    done = asked.filter(status=A.DONE).values("instruction_id")
    waiting = asked.exclude(instruction_id__in=done).exclude(instruction_id=instruction_id_of(key))
    return tuple(sorted(set(waiting.values_list("instruction_id", flat=True))))


def send_waiting(line: PaymentLine) -> int:
    """Relay the confirmations of a line that waited for the one just told; says how many."""
    asked = Act.objects.filter(subject_id=line.pk, kind="confirm", status=A.ASKED)
    return sum(send_if_ready(act) for act in asked)


def confirmers_of(payment: Payment) -> tuple[UUID, ...]:
    """Whose signatures a confirmation needs, by the terms (K3, K20)."""
    mode = terms_of(payment).confirm_mode
    if mode == CONFIRM_SELLER_AND_BANK:
        return (payment.seller_id, payment.bank_id)
    return (
        (payment.buyer_id,) if mode == CONFIRM_BUYER_ALONE else (payment.buyer_id, payment.bank_id)
    )


@transaction.atomic
def release_due(line: PaymentLine) -> Act | None:
    """Send the release of what is confirmed and not yet paid; nobody's approval is needed.

    None when nothing is due, while the line is disputed, while a release is on its way (it will pay
    whatever is confirmed by then), and under PAY_ON_DRAWDOWN, where the act of funding pays (K3).
    Once an amount already paid, and once more after each failure.
    """
    line.refresh_from_db()
    payment = line.payment
    is_due = line.confirmed_minor > line.released_minor and line.status != L.DISPUTED
    if not is_due or payment.release_policy == "PAY_ON_DRAWDOWN" or _has_release_under_way(line):
        return None
    key = attempt_key(f"release:{line.pk}:{line.released_minor}")
    return send_act(
        escrow_act(payment, "release", key, "release", line_args(line), subject_id=line.pk)
    )


def _has_release_under_way(line: PaymentLine) -> bool:
    return Act.objects.filter(subject_id=line.pk, kind="release", status=A.SENT).exists()
