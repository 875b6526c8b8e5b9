"""The borrower repays by its own hand, from its general wallet, before or after the due date."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import Conflict, Forbidden, NotPermitted, RuleBroken
from scf.core.money import format_yuan
from scf.loans import machine
from scf.loans.models import Loan
from scf.loans.quotes import settlement_quote
from scf.loans.selectors import get_loan
from scf.loans.services.life import book_of, locked
from scf.loans.services.under_way import on_the_way
from scf.parties.checks import require_step_up, require_within_signing_limit
from scf.parties.permissions import Permission
from scf.payments.selectors import get_payment
from scf.payments.services.collect import repay
from scf.wallets.attempts import latest_of
from scf.wallets.machine import A
from scf.wallets.models import Act
from scf.wallets.selectors import require_covered, require_not_frozen
from scf.workflow import clocks
from scf.workflow.closing import closing_act


@closing_act()
def repay_loan(loan_id: UUID, *, amount_minor: int, key: str, by: Actor) -> Act:
    """Order a repayment of ``amount_minor`` fen; the loan hears of it from the chain. Safe twice.

    What is due is paid first, then accrued interest and principal early (K12). Needs a fresh second
    factor; above the person's signing limit another person orders it. Raises NotFound,
    Forbidden(not_your_side, step_up_required, over_signing_limit), Conflict(wrong_state),
    RuleBroken(amount_not_positive, more_than_owed, wallet_frozen, overdrawn).
    """
    loan = locked(get_loan(loan_id, by=by))
    if loan.buyer_id != by.organization_id:
        raise Forbidden(_("只有借款人可以还款"), code="not_your_side")
    if not by.can(Permission.LOAN_REPAY):
        raise NotPermitted(Permission.LOAN_REPAY)
    require_step_up(by)
    require_within_signing_limit(by, permission=Permission.LOAN_REPAY, amount_minor=amount_minor)
    payment = get_payment(loan.payment_id, by=by)
    known = latest_of([wish := f"repay:{payment.pk}:{key}"]).get(wish)
    if known is None or known.status == A.FAILED:
        _require_owed(loan, amount_minor)
        # Signed against a frozen wallet it would only get stuck.
        require_not_frozen(payment.buyer_wallet)
        require_covered(payment.buyer_wallet, amount_minor)
    return repay(payment, amount_minor=amount_minor, key=key, by=by)


def _require_owed(loan: Loan, amount_minor: int) -> None:
    """Refuse more than settles the loan today without what is on its way to it already."""
    if loan.status not in machine.RUNNING:
        raise Conflict(_("贷款当前状态下不能还款"), code="wrong_state", status=loan.status)
    today = max(clocks.business_date(), loan.opened_on or clocks.business_date())
    coming = on_the_way(loan)
    owed = settlement_quote(book_of(loan, on=today), on=today).total_minor - coming
    if amount_minor <= owed:
        return
    words = (
        _("已有 %(coming)s 元正在还款途中，今天结清还需 %(owed)s 元")
        if coming
        else _("今天结清只需 %(owed)s 元")
    )
    raise RuleBroken(
        words,
        code="more_than_owed",
        owed=format_yuan(max(0, owed)),
        coming=format_yuan(coming),
    )
