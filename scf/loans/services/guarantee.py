"""The core enterprise answers for the borrower: 差额退款 and 回购 (programme.recourse).

The bank demands by two persons; the core enterprise pays from its own wallet; its money repays the
loan as anybody's would, is kept as its own, and gives it a claim on the borrower.
"""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from scf.core.actor import SYSTEM, Actor
from scf.core.errors import Conflict, Forbidden, NotFound, RuleBroken
from scf.core.money import format_yuan
from scf.loans import machine
from scf.loans.decision_rows import GuaranteeDemand, GuaranteePayment, Recourse
from scf.loans.models import Loan
from scf.loans.quotes import settlement_quote
from scf.loans.selectors import get_loan
from scf.loans.services.follow import Moved, record_repayment
from scf.loans.services.life import book_of, locked
from scf.parties.checks import require_step_up, require_within_signing_limit
from scf.parties.permissions import Permission
from scf.payments.selectors import get_payment
from scf.wallets import services as wallets
from scf.wallets.models import Act, Purpose
from scf.wallets.selectors import active_wallet, require_covered
from scf.workflow import clocks, facts
from scf.workflow.closing import closing_act

ANSWERS = (Recourse.SHORTFALL_REFUND, Recourse.BUY_BACK)
OPEN = (machine.GuaranteeStatus.PROPOSED, machine.GuaranteeStatus.DEMANDED)


@closing_act()
def propose_guarantee(
    loan_id: UUID, *, amount_minor: int, reason: str, key: str, by: Actor
) -> GuaranteeDemand:
    """One person of the bank proposes to ask the core enterprise for ``amount_minor`` fen.

    For a loan that is overdue or written off; 回购 asks for all that settles it, 差额退款 for at
    most that. Fact ``guarantee.proposed``. Safe twice. Raises NotFound, Forbidden(forbidden,
    not_your_side), Conflict(wrong_state, change_waiting, duplicate_key), RuleBroken(no_recourse,
    reason_missing, amount_not_positive, more_than_owed).
    """
    loan = locked(get_loan(loan_id, by=by))
    _require_bank(loan.bank_id, by, Permission.LOAN_PROPOSE)
    known: GuaranteeDemand | None = GuaranteeDemand.objects.filter(key=key).first()
    if known is not None:
        if (known.loan_id, known.amount_minor) != (loan.pk, amount_minor):
            raise Conflict(_("该键已用于另一项提议"), code="duplicate_key")
        return known
    anchor_id = _require_recourse(loan)
    if not reason.strip():
        raise RuleBroken(_("请写明原因"), code="reason_missing")
    _require_owed(loan, amount_minor)
    demand: GuaranteeDemand = GuaranteeDemand.objects.create(
        status=machine.GuaranteeStatus.PROPOSED,
        deal_id=loan.deal_id,
        turn_party=loan.bank_id,
        turn_role="approver",
        loan=loan,
        key=key,
        anchor_id=anchor_id,
        ground=loan.recourse,
        amount_minor=amount_minor,
        reason=reason.strip(),
    )
    facts.record("guarantee.proposed", demand, by=by, **_said(demand))
    return demand


@closing_act()
def demand_guarantee(demand_id: UUID, *, by: Actor) -> GuaranteeDemand:
    """Another person of the bank makes the demand, with a fresh second factor.

    Fact ``guarantee.demanded``, the core enterprise's turn. Raises NotFound, Forbidden(forbidden,
    four_eyes, step_up_required, not_your_side), Conflict(wrong_state).
    """
    demand = _locked(demand_id, by)
    _require_bank(demand.loan.bank_id, by, Permission.LOAN_APPROVE)
    require_step_up(by)
    machine.GUARANTEE.fire(demand, "demanded", by=by, **_said(demand))
    # Before this step the core enterprise was no party, so the machine could not name it.
    GuaranteeDemand.objects.filter(pk=demand.pk).update(turn_party=demand.anchor_id)
    demand.turn_party = demand.anchor_id
    return demand


@closing_act()
def refuse_guarantee(demand_id: UUID, *, reason: str, by: Actor) -> GuaranteeDemand:
    """Another person says no; the core enterprise never hears of it. Raises as demanding."""
    demand = _locked(demand_id, by)
    _require_bank(demand.loan.bank_id, by, Permission.LOAN_APPROVE)
    machine.GUARANTEE.fire(demand, "refused", by=by, reason=reason)
    return demand


@closing_act()
def withdraw_guarantee(demand_id: UUID, *, reason: str, by: Actor) -> GuaranteeDemand:
    """The bank takes its demand back; what was paid stays paid. Raises as demanding."""
    demand = _locked(demand_id, by)
    _require_bank(demand.loan.bank_id, by, Permission.LOAN_APPROVE)
    machine.GUARANTEE.fire(demand, "withdrawn", by=by, reason=reason)
    return demand


@closing_act()
def pay_guarantee(demand_id: UUID, *, amount_minor: int, key: str, by: Actor) -> Act:
    """The core enterprise orders a payment to the bank from its own general wallet. Safe twice.

    At most what is left of the demand. Needs a fresh second factor. Raises NotFound,
    Forbidden(forbidden, not_your_side, step_up_required, over_signing_limit),
    Conflict(wrong_state), RuleBroken(amount_not_positive, more_than_owed, wallet_missing,
    wallet_frozen, overdrawn).
    """
    demand = _locked(demand_id, by)
    if demand.anchor_id != by.organization_id:
        raise Forbidden(_("只有核心企业可以代偿"), code="not_your_side")
    _require_can(by, Permission.LOAN_REPAY)
    require_step_up(by)
    require_within_signing_limit(by, permission=Permission.LOAN_REPAY, amount_minor=amount_minor)
    if demand.status != machine.GuaranteeStatus.DEMANDED:
        raise Conflict(_("贷款当前状态下不能操作"), code="wrong_state", status=demand.status)
    left = demand.amount_minor - demand.paid_minor
    if amount_minor > left:
        raise RuleBroken(_("代偿最多 %(owed)s 元"), code="more_than_owed", owed=format_yuan(left))
    loan = demand.loan
    wallet = active_wallet(demand.anchor_id, bank_id=loan.bank_id, purpose=Purpose.GENERAL)
    require_covered(wallet, amount_minor)
    return wallets.transfer(
        wallet,
        payee=get_payment(loan.payment_id, by=SYSTEM).bank_wallet,
        amount_minor=amount_minor,
        key=f"{demand.pk}:{key}",
        kind="guarantee",
        deal_id=loan.deal_id,
        by=by,
    )


@closing_act()
def record_guarantee(loan: Loan, *, moved: Moved) -> Loan:
    """The core enterprise's money reached the bank: it repays the loan and becomes its claim.

    Facts ``loan.repaid`` with the cause guarantee, ``guarantee.paid_in``, and ``guarantee.paid``
    when the demand is met. Harmless twice.
    """
    loan = record_repayment(loan, moved=moved, cause="guarantee")
    demand: GuaranteeDemand | None = loan.demands.exclude(
        status__in=[machine.GuaranteeStatus.PROPOSED, machine.GuaranteeStatus.REFUSED]
    ).first()
    if demand is None or GuaranteePayment.objects.filter(key=moved.key).exists():
        return loan
    claim = moved.amount_minor - _overpaid(loan, moved.key)
    GuaranteePayment.objects.create(
        demand=demand,
        key=moved.key,
        on=moved.on,
        amount_minor=moved.amount_minor,
        claim_minor=claim,
        tx_hash=moved.tx_hash,
    )
    facts.record(
        "guarantee.paid_in",
        demand,
        by=SYSTEM,
        **_said(demand),
        paid_minor=moved.amount_minor,
        claim_minor=claim,
        value_date=moved.on.isoformat(),
        tx_hash=moved.tx_hash,
    )
    is_open = demand.status == machine.GuaranteeStatus.DEMANDED
    if is_open and demand.paid_minor >= demand.amount_minor:
        machine.GUARANTEE.fire(demand, "paid", by=SYSTEM, **_said(demand))
    return loan


def _overpaid(loan: Loan, key: str) -> int:
    row = loan.postings.filter(key=key, reverses__isnull=True).last()
    return int(row.parts["overpaid_minor"]) if row else 0


def _locked(demand_id: UUID, by: Actor) -> GuaranteeDemand:
    found = GuaranteeDemand.objects.visible_to(by).filter(pk=demand_id).first()
    if found is None:
        raise NotFound(_("没有这项代偿要求"))
    demand: GuaranteeDemand = found
    demand.loan = locked(demand.loan)
    demand.refresh_from_db(fields=["status", "version"])
    return demand


def _require_recourse(loan: Loan) -> UUID:
    anchor: UUID | None = loan.anchor_id
    if loan.recourse not in ANSWERS or anchor is None or anchor == loan.buyer_id:
        raise RuleBroken(_("本项目的核心企业没有代偿责任"), code="no_recourse")
    if loan.status not in (machine.S.OVERDUE, machine.S.WRITTEN_OFF):
        raise Conflict(_("贷款当前状态下不能操作"), code="wrong_state", status=loan.status)
    if loan.demands.filter(status__in=OPEN).exists():
        raise Conflict(_("已有一项代偿要求"), code="change_waiting")
    return anchor


def _require_owed(loan: Loan, amount_minor: int) -> None:
    today: date = clocks.business_date()
    owed = settlement_quote(book_of(loan, on=today), on=today).total_minor
    if amount_minor <= 0:
        raise RuleBroken(_("金额必须大于零"), code="amount_not_positive")
    is_whole = loan.recourse == Recourse.BUY_BACK
    if amount_minor > owed or (is_whole and amount_minor != owed):
        raise RuleBroken(
            _("今天结清只需 %(owed)s 元"), code="more_than_owed", owed=format_yuan(owed)
        )


def _require_bank(bank_id: UUID, by: Actor, permission: Permission) -> None:
    if bank_id != by.organization_id:
        raise Forbidden(_("只有贷款人可以操作"), code="not_your_side")
    _require_can(by, permission)


def _require_can(by: Actor, permission: Permission) -> None:
    if not by.can(permission):
        raise Forbidden(_("此操作需要权限 %(permission)s"), permission=str(permission))


def _said(demand: GuaranteeDemand) -> dict[str, object]:
    return {
        "loan_id": str(demand.loan_id),
        "number": demand.loan.number,
        "ground": demand.ground,
        "amount_minor": demand.amount_minor,
        "reason": demand.reason,
    }
