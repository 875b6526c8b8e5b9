"""The bank gives back what was overpaid, by its own signature."""

from uuid import UUID

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import Conflict, Forbidden, NotPermitted
from scf.loans import machine
from scf.loans.models import Loan
from scf.loans.selectors import get_loan
from scf.loans.services.life import locked
from scf.parties.checks import require_step_up, require_within_signing_limit
from scf.parties.permissions import Permission
from scf.payments.selectors import get_payment
from scf.wallets import services as wallets
from scf.wallets.attempts import failed_wish
from scf.wallets.machine import A
from scf.wallets.models import Act
from scf.workflow.closing import closing_act


def refund_left(loan: Loan) -> int:
    """What is overpaid and not yet on its way back, in fen."""
    if loan.status != machine.S.OVERPAID:
        return 0
    refunds = Act.objects.filter(deal_id=loan.deal_id, kind="refund")
    going = refunds.filter(status__in=[A.ASKED, A.SENT]).aggregate(sum=Sum("amount_minor"))["sum"]
    return max(loan.overpaid_minor - int(going or 0), 0)


@closing_act()
def refund_overpaid(loan_id: UUID, *, by: Actor) -> Act:
    """Order the refund of all that is overpaid to the borrower's general wallet.

    The loan hears of it from the chain and is settled then. Needs a fresh second factor. Raises
    NotFound, Forbidden(forbidden, not_your_side, step_up_required, over_signing_limit),
    Conflict(wrong_state) when nothing is overpaid or its refund is under way.
    """
    loan = locked(get_loan(loan_id, by=by))
    if loan.bank_id != by.organization_id:
        raise Forbidden(_("只有贷款人可以退款"), code="not_your_side")
    if not by.can(Permission.PAYMENT_SIGN):
        raise NotPermitted(Permission.PAYMENT_SIGN)
    require_step_up(by)
    amount = refund_left(loan)
    if not amount:
        raise Conflict(_("没有待退的多还款"), code="wrong_state", status=loan.status)
    require_within_signing_limit(by, permission=Permission.PAYMENT_SIGN, amount_minor=amount)
    payment = get_payment(loan.payment_id, by=by)
    return wallets.transfer(
        payment.bank_wallet,
        payee=payment.buyer_wallet,
        amount_minor=amount,
        key=_key(loan),
        kind="refund",
        deal_id=loan.deal_id,
        by=by,
    )


def _key(loan: Loan) -> str:
    """Numbered; a refund that failed and the next are a single wish."""
    if failed := failed_wish("refund", deal_id=loan.deal_id):
        return failed.removeprefix("refund:")
    refunds = Act.objects.filter(deal_id=loan.deal_id, kind="refund")
    return f"{loan.pk}:{refunds.count() + 1}"
