"""What happens to a line: confirmed, paid, disputed, resolved."""

from datetime import timedelta

from scf.core import clock
from scf.core.actor import SYSTEM
from scf.payments import machine
from scf.payments.follow.overtaken import end_overtaken_of_line
from scf.payments.follow.told import (
    Told,
    account_at,
    checked_loan_part,
    count,
    end_if_over,
    is_kept,
    keep_movement,
    loan_code,
    own_code,
    stage_legs,
)
from scf.payments.models import Direction, PaymentLine
from scf.payments.services.confirm import release_due, send_waiting
from scf.payments.services.give_back import return_short_rest
from scf.wallets.outcomes import mark_subject_done
from scf.workflow.models import Fact

CLOSINGS = {1: "short_closed", 2: "rejected"}  # the contract's LineStatus


def line_confirmed(told: Told) -> None:
    """A delivery is confirmed; what it is worth is now owed to the payee."""
    line, details = told.line, told.details
    PaymentLine.objects.filter(pk=line.pk).update(confirmed_minor=details["confirmed"])
    closing = CLOSINGS.get(details["line_status"], "")
    # A line with money still to be released stays confirmed until that is paid; then it closes.
    if details["confirmed"] > line.released_minor:
        machine.LINE.fire(
            line,
            "confirmed",
            by=SYSTEM,
            amount_minor=details["amount"],
            closing=closing,
            evidence_hash=details["evidence_hash"],
            **told.proof,
        )
    elif closing:
        machine.LINE.fire(line, closing, by=SYSTEM, **told.proof)
    send_waiting(line)
    release_due(line)
    return_short_rest(line)


def line_released(told: Told) -> None:
    """Money went to the payee (or waits as claimable): book it by K6 and move line and escrow."""
    payment, line, amount = told.payment, told.line, int(told.details["amount"])
    loan = checked_loan_part(told)
    key = keep_movement(told, "release", Direction.OUT, amount, loan, line)
    count(payment, released_minor=amount, released_loan_minor=loan)
    PaymentLine.objects.filter(pk=line.pk).update(released_minor=line.released_minor + amount)
    to = account_at(payment.payee_wallet.address)
    stage_legs(
        told,
        [
            (loan_code(payment), to, loan, f"{key}:loan"),
            (own_code(payment), to, amount - loan, f"{key}:own"),
        ],
    )
    mark_subject_done(line.pk, kind="release", tx_hash=told.tx_hash)
    _settle_line(line, told)
    machine.MACHINE.fire(
        payment,
        "released",
        by=SYSTEM,
        line_id=str(line.order_line_id),
        amount_minor=amount,
        loan_minor=loan,
        **({"is_kept": True} if is_kept(told) else {}),
        **told.proof,
    )
    end_if_over(told)


def disputed(told: Told) -> None:
    """The line is frozen until buyer and seller agree, the arbiter speaks, or both clocks ran out.

    The others go on paying.
    """
    line, terms = told.line, told.payment.terms
    machine.LINE.fire(line, "disputed", by=SYSTEM, held_minor=told.details["held"], **told.proof)
    begun = clock.from_timestamp(told.details["disputed_at"])
    ends = begun + timedelta(days=terms["dispute_days"] + terms["arbiter_days"])
    # The clocks of a deal strike at midnight: K21 is relayed in the morning after the second one.
    due_at = clock.shanghai_midnight(clock.shanghai_date(ends) + timedelta(days=1))
    PaymentLine.objects.filter(pk=line.pk).update(due_at=due_at)
    end_overtaken_of_line(line)


def resolved(told: Told) -> None:
    """The arbiter has spoken: what the payee gets is confirmed, the rest waits for return or
    reclaim.
    """
    line, gets = told.line, int(told.details["payee_gets"])
    PaymentLine.objects.filter(pk=line.pk).update(confirmed_minor=line.released_minor + gets)
    machine.LINE.fire(line, "resolved", by=SYSTEM, payee_gets_minor=gets, **told.proof)
    mark_subject_done(line.pk, kind="lapse_dispute", tx_hash=told.tx_hash)
    end_overtaken_of_line(line)
    if gets:
        release_due(line)
    else:
        _settle_line(line, told)


def _settle_line(line: PaymentLine, told: Told) -> None:
    line.refresh_from_db()
    closing = _closing_of(line)
    if line.released_minor + line.returned_minor == line.cap_minor:
        machine.LINE.fire(line, "paid", by=SYSTEM, **told.proof)
    elif closing:
        machine.LINE.fire(line, closing, by=SYSTEM, **told.proof)
    else:
        machine.LINE.fire(line, "part_paid", by=SYSTEM, **told.proof)
    end_overtaken_of_line(line)
    release_due(line)
    return_short_rest(line)


def _closing_of(line: PaymentLine) -> str:
    """How the line ends once what it owes is paid; empty while more may be confirmed."""
    said = ["payment_line.confirmed", "payment_line.resolved"]
    last = Fact.objects.filter(subject_id=line.pk, name__in=said).order_by("-id").first()
    if last is None:
        return ""
    # Nothing is confirmed after a decision: what the payee did not get goes back.
    return "rejected" if last.name == "payment_line.resolved" else str(last.details["closing"])
