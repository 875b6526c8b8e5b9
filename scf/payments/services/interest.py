"""Interest on what lies in escrow, by daily closing balances, where the terms name rate and payee
(K15).
"""

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from scf.chain.calls import ZERO_ADDRESS
from scf.core.actor import SYSTEM
from scf.core.money import interest_on
from scf.payments import machine
from scf.payments.models import Direction, Payment
from scf.payments.selectors import lock_payment
from scf.wallets import services as wallets
from scf.wallets.attempts import base_of
from scf.wallets.machine import A
from scf.wallets.models import Act
from scf.workflow import facts

DAY_BASE = 360
QUARTER_ENDS = (3, 6, 9, 12)
KIND = "mint_interest"
BEARING = (machine.S.OPEN, machine.S.OWN_FUNDS_IN, *machine.LIVE)


def is_interest_day(day: date) -> bool:
    """True on the 21st of a quarter's last month, when escrow interest is paid."""
    return day.month in QUARTER_ENDS and day.day == 21


def list_bearing_interest() -> list[UUID]:
    """The escrows that hold money and whose terms name a rate, oldest first."""
    rows = Payment.objects.filter(status__in=BEARING, interest_ppm__gt=0)
    return list(rows.order_by("id").values_list("pk", flat=True))


@transaction.atomic
def pay_escrow_interest(payment_id: UUID, *, until: date) -> Act | None:
    """Pay the interest of the closing balances from the last payment up to the day before
    ``until``.

    Rounded once a payment (K1): q(sum of balances x ppm / 360). None when nothing is due. The
    bank's standing order lets its signer issue it; booked as interest expense. Safe twice for one
    day, and while an earlier payment is still on its way.
    """
    payment = lock_payment(payment_id, by=SYSTEM)
    if not payment.interest_ppm or payment.terms["interest_to"] == ZERO_ADDRESS:
        return None
    amount = interest_on(
        _balance_days(payment, until), rate_ppm=payment.interest_ppm, day_base=DAY_BASE
    )
    if amount <= 0:
        return None
    return wallets.mint(
        payment.buyer_wallet,
        amount_minor=amount,
        key=f"{payment.pk}:{until.isoformat()}",
        kind=KIND,
        standing="escrow_interest",
        agreement_id=payment.agreement_id,
        deal_id=payment.deal_id,
        by=SYSTEM,
    )


@transaction.atomic
def confirm_interest_paid(key: str, *, amount_minor: int, tx_hash: str, value_date: str) -> None:
    """The chain issued the interest an act of ours named: fact ``payment.interest_paid``. Harmless
    twice.
    """
    payment_id, until = _named_by(key)
    payment = lock_payment(payment_id, by=SYSTEM)
    if payment.interest_paid_to and payment.interest_paid_to >= until:
        return
    paid = payment.interest_paid_minor + amount_minor
    Payment.objects.filter(pk=payment.pk).update(interest_paid_minor=paid, interest_paid_to=until)
    payment.interest_paid_minor, payment.interest_paid_to = paid, until
    facts.record(
        "payment.interest_paid",
        payment,
        by=SYSTEM,
        amount_minor=amount_minor,
        until=until.isoformat(),
        tx_hash=tx_hash,
        value_date=value_date,
    )


def _named_by(key: str) -> tuple[UUID, date]:
    """Payment and day of ``mint_interest:<payment>:<until>``, whichever attempt it is."""
    _kind, payment_id, until = base_of(key).split(":")
    return UUID(payment_id), date.fromisoformat(until)


def _paid_to(payment: Payment) -> date | None:
    """Up to which day interest was asked for: what is on its way counts, what failed does not."""
    asked = Act.objects.filter(kind=KIND, key__startswith=f"{KIND}:{payment.pk}:")
    days = [_named_by(act.key)[1] for act in asked.exclude(status=A.FAILED)]
    return max(days, default=None)


def _balance_days(payment: Payment, until: date) -> int:
    """The sum of daily closing balances (fen x days) from the last payment of interest to before
    ``until``.
    """
    since = _paid_to(payment)
    total = 0
    for movement in payment.movements.all():
        # What entered on a day counts from that day's close, what left no longer does.
        first = max(movement.value_date, since) if since else movement.value_date
        held = max((until - first) // timedelta(days=1), 0)
        sign = 1 if movement.direction == Direction.IN else -1
        total += sign * movement.amount_minor * held
    return total
