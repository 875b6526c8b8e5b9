"""Interest on what lies in escrow, by daily closing balances, where the terms name rate and payee
(K15).
"""

from datetime import date, timedelta

from django.db import transaction

from scf.chain.calls import ZERO_ADDRESS
from scf.core.actor import SYSTEM
from scf.core.money import PPM, half_up
from scf.payments.models import Direction, Payment
from scf.wallets import services as wallets
from scf.wallets.models import Act

DAY_BASE = 360
QUARTER_ENDS = (3, 6, 9, 12)


def is_interest_day(day: date) -> bool:
    """True on the 21st of a quarter's last month, when escrow interest is paid."""
    return day.month in QUARTER_ENDS and day.day == 21


@transaction.atomic
def pay_escrow_interest(payment: Payment, *, until: date) -> Act | None:
    """Pay the interest of the closing balances from the last payment up to the day before
    ``until``.

    Rounded once a payment (K1): q(sum of balances x ppm / 360). None when nothing is due. The
    bank's
    standing order lets its signer issue it; booked as interest expense. Safe twice for one day.
    """
    if not payment.interest_ppm or payment.terms["interest_to"] == ZERO_ADDRESS:
        return None
    amount = half_up(_balance_days(payment, until) * payment.interest_ppm, PPM * DAY_BASE)
    if not amount:
        return None
    return wallets.mint(
        payment.buyer_wallet,
        amount_minor=amount,
        key=f"{payment.pk}:{until.isoformat()}",
        kind="mint_interest",
        standing="escrow_interest",
        agreement_id=payment.agreement_id,
        deal_id=payment.deal_id,
        by=SYSTEM,
    )


def _balance_days(payment: Payment, until: date) -> int:
    """The sum of daily closing balances (fen x days) from the last payment of interest to before
    ``until``.
    """
    since = payment.interest_paid_to
    total = 0
    for movement in payment.movements.all():
        # What entered on a day counts from that day's close, what left no longer does.
        first = max(movement.value_date, since) if since else movement.value_date
        held = max((until - first) // timedelta(days=1), 0)
        sign = 1 if movement.direction == Direction.IN else -1
        total += sign * movement.amount_minor * held
    return total
