"""Using the buyer's deposit for a loan that is past due: one person proposes, another approves.

The pledgee may take from the pledge what is due and unpaid (民法典 §436); what it leaves stays
pledged until nothing is owed, and goes home then.
"""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import Conflict, RuleBroken
from scf.loans import machine
from scf.loans.models import Loan
from scf.loans.quotes import due_quote
from scf.loans.selectors import get_loan
from scf.loans.services.access import require_bank
from scf.loans.services.life import book_of, locked
from scf.loans.services.under_way import on_the_way
from scf.loans.state import days_past_due
from scf.parties.checks import require_step_up, require_within_signing_limit
from scf.parties.permissions import Permission
from scf.payments.machine import DEPOSIT, D
from scf.payments.models import Deposit
from scf.payments.selectors import deposit_of
from scf.payments.services import end_deposit, use_deposit
from scf.wallets.models import Act
from scf.workflow import clocks
from scf.workflow.closing import closing_act


@dataclass(frozen=True, slots=True)
class DepositUse:
    """What the bank may take from a deposit today, in fen: no more than is held, of what is due and
    not on its way already.
    """

    held_minor: int
    due_minor: int
    days_past_due: int

    @property
    def amount_minor(self) -> int:
        """What a proposal of today takes."""
        return min(self.held_minor, self.due_minor)


def usable_deposit(loan: Loan) -> DepositUse:
    """What of the deposit may be used today: nothing while no due date has passed unpaid."""
    deposit = deposit_of(loan.payment_id)
    held = deposit.held_minor if deposit and deposit.status in (D.PLEDGED, D.USE_PROPOSED) else 0
    if not held or loan.status not in machine.RUNNING or loan.opened_on is None:
        return DepositUse(held, 0, 0)
    book = book_of(loan, on=max(clocks.business_date(), loan.opened_on))
    days = days_past_due(book.state)
    due = due_quote(book, on=book.state.on).total_minor if days > 0 else 0
    return DepositUse(held, max(0, due - on_the_way(loan)), days)


@closing_act()
def propose_deposit_use(loan_id: UUID, *, reason: str, by: Actor) -> Deposit:
    """One person of the bank proposes to take what is due from the deposit; nothing moves.

    Fact ``deposit.use_proposed``, the approver's turn. Raises NotFound, Forbidden(forbidden,
    not_your_side), Conflict(wrong_state), RuleBroken(no_deposit, reason_missing, nothing_due).
    """
    loan, deposit = _locked(loan_id, by, Permission.LOAN_PROPOSE)
    if not reason.strip():
        raise RuleBroken(_("请写明原因"), code="reason_missing")
    DEPOSIT.require_possible(deposit, "use_proposed")
    use = usable_deposit(loan)
    if not use.amount_minor:
        raise RuleBroken(_("没有逾期未还的款项，不能动用保证金"), code="nothing_due")
    _keep(deposit, use.amount_minor, reason.strip())
    DEPOSIT.fire(
        deposit, "use_proposed", by=by, amount_minor=use.amount_minor, reason=deposit.reason,
        due_minor=use.due_minor, days_past_due=use.days_past_due,
    )  # fmt: skip
    return deposit


@closing_act()
def approve_deposit_use(loan_id: UUID, *, seen_minor: int, by: Actor) -> Act:
    """Another person says yes to exactly what was proposed: the bank draws it under the mandate.

    The loan hears of it from the chain, as of any repayment. Needs a fresh second factor. Raises
    NotFound, Forbidden(forbidden, not_your_side, four_eyes, step_up_required, over_signing_limit),
    Conflict(wrong_state, content_changed) also when less is due by now.
    """
    loan, deposit = _locked(loan_id, by, Permission.LOAN_APPROVE)
    require_step_up(by)
    DEPOSIT.require_possible(deposit, "use_approved")
    if seen_minor != deposit.using_minor or usable_deposit(loan).amount_minor < seen_minor:
        raise Conflict(_("内容在阅读期间已变更，请重新提出"), code="content_changed")
    require_within_signing_limit(by, permission=Permission.LOAN_APPROVE, amount_minor=seen_minor)
    DEPOSIT.fire(deposit, "use_approved", by=by, amount_minor=seen_minor, reason=deposit.reason)
    return use_deposit(deposit, by=by)


@closing_act()
def refuse_deposit_use(loan_id: UUID, *, reason: str, by: Actor) -> Deposit:
    """Say no, or take the proposal back; the deposit lies pledged as before.

    Raises as proposing does.
    """
    _loan, deposit = _locked(loan_id, by, Permission.LOAN_APPROVE)
    if not reason.strip():
        raise RuleBroken(_("请写明原因"), code="reason_missing")
    DEPOSIT.require_possible(deposit, "use_refused")
    amount = deposit.using_minor
    _keep(deposit, 0, "")
    DEPOSIT.fire(deposit, "use_refused", by=by, amount_minor=amount, reason=reason.strip())
    return deposit


def free_deposit(loan: Loan) -> None:
    """Nothing is owed any more: what is left of the deposit goes home. Harmless twice."""
    if loan.status in machine.PAID:
        end_deposit(loan.payment_id)


def _locked(loan_id: UUID, by: Actor, permission: Permission) -> tuple[Loan, Deposit]:
    loan = locked(get_loan(loan_id, by=by))
    require_bank(loan, by=by, permission=permission)
    deposit = deposit_of(loan.payment_id)
    if deposit is None:
        raise RuleBroken(_("本笔融资没有保证金"), code="no_deposit")
    return loan, deposit


def _keep(deposit: Deposit, using_minor: int, reason: str) -> None:
    deposit.using_minor, deposit.reason = using_minor, reason
    deposit.save(update_fields=["using_minor", "reason"])
