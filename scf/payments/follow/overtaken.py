"""Acts that what just happened makes pointless: ended at once, so that they hold up nothing."""

from scf.payments import machine
from scf.payments.models import Payment, PaymentLine
from scf.wallets.models import Act
from scf.wallets.outcomes import end_overtaken

L = machine.L
# By the line's status the acts on it that the contract would refuse for good.
IMPOSSIBLE = {
    L.DISPUTED: ("confirm", "release", "return_line"),
    L.PAID: ("dispute_line",),
    L.RETURNED: ("confirm", "dispute_line", "return_line"),
}
DECIDED = ("resolve_line", "lapse_dispute")
BEFORE_EXPIRY = ("confirm", "dispute_line", "return_line")
OF_AGREEMENT = ("open", "own_funds", "fund", "cancel", "reclaim")
OF_LINE = (*BEFORE_EXPIRY, *DECIDED, "release")


def end_overtaken_of_line(line: PaymentLine) -> None:
    """End what was asked for on a line and its status leaves no room for any more.

    A release that a dispute was faster than is asked for anew by the decision, for what is left.
    """
    kinds = IMPOSSIBLE.get(L(line.status), ())
    if line.status != L.DISPUTED:
        kinds = (*kinds, *DECIDED)
    end_overtaken(Act.objects.filter(subject_id=line.pk, kind__in=kinds))


def end_overtaken_by_expiry(payment: Payment) -> None:
    """End what may only happen before the expiry (K10), once that has taken effect."""
    lines = payment.lines.values("pk")
    end_overtaken(Act.objects.filter(subject_id__in=lines, kind__in=BEFORE_EXPIRY))


def end_all_overtaken(payment: Payment) -> None:
    """End every act on an escrow that is over; what waits for a wallet can still be claimed."""
    lines = payment.lines.values("pk")
    end_overtaken(Act.objects.filter(subject_id__in=lines, kind__in=OF_LINE))
    end_overtaken(Act.objects.filter(subject_id=payment.pk, kind__in=OF_AGREEMENT))
