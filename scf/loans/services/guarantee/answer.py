"""The core enterprise's side of a demand: it pays, or says why not; what its money does."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from scf.core.actor import SYSTEM, Actor
from scf.core.errors import Conflict, RuleBroken
from scf.core.money import format_yuan
from scf.loans import machine
from scf.loans.models import GuaranteeDemand, GuaranteePayment, Loan
from scf.loans.services.follow import Moved, record_repayment
from scf.loans.services.guarantee.access import locked_demand, require_guarantor, said
from scf.loans.services.guarantee.reckon import reckon_guarantee
from scf.loans.services.under_way import on_the_way
from scf.parties.checks import require_step_up, require_within_signing_limit
from scf.parties.permissions import Permission
from scf.payments.selectors import get_payment
from scf.wallets import services as wallets
from scf.wallets.attempts import acts_under_way, latest_of
from scf.wallets.machine import A
from scf.wallets.models import Act, Purpose
from scf.wallets.selectors import active_wallet, require_covered
from scf.workflow import facts
from scf.workflow.closing import closing_act

KIND = "guarantee"


@closing_act()
def pay_guarantee(demand_id: UUID, *, amount_minor: int, key: str, by: Actor) -> Act:
    """The core enterprise orders a payment to the bank from its own general wallet. Safe twice.

    At most what is left of the demand and settles the loan, and one payment at a time: of two
    people at the same moment the second hears of the first. Needs a fresh second factor; above the
    person's signing limit another person orders it. Raises NotFound, Forbidden(forbidden,
    not_your_side, step_up_required, over_signing_limit), Conflict(wrong_state,
    guarantee_under_way), RuleBroken(amount_not_positive, more_than_owed, wallet_missing,
    wallet_frozen, overdrawn).
    """
    demand = locked_demand(demand_id, by=by)
    require_guarantor(demand, by=by)
    require_step_up(by)
    require_within_signing_limit(by, permission=Permission.LOAN_REPAY, amount_minor=amount_minor)
    known = latest_of([wish := f"{KIND}:{demand.pk}:{key}"]).get(wish)
    if known is not None and known.status != A.FAILED:
        return known
    _require_payable(demand, amount_minor)
    loan = demand.loan
    wallet = active_wallet(demand.anchor_id, bank_id=loan.bank_id, purpose=Purpose.GENERAL)
    require_covered(wallet, amount_minor)
    return wallets.transfer(
        wallet,
        payee=get_payment(loan.payment_id, by=SYSTEM).bank_wallet,
        amount_minor=amount_minor,
        key=f"{demand.pk}:{key}",
        kind=KIND,
        deal_id=loan.deal_id,
        by=by,
    )


@closing_act()
def decline_guarantee(demand_id: UUID, *, reason: str, by: Actor) -> GuaranteeDemand:
    """The core enterprise will not pay, and says why; the bank upholds its demand or withdraws it.

    Fact ``guarantee.declined``, the bank's turn. Not while a payment of it is under way. Raises
    NotFound, Forbidden(forbidden, not_your_side), Conflict(wrong_state, guarantee_under_way),
    RuleBroken(reason_missing).
    """
    demand = locked_demand(demand_id, by=by)
    require_guarantor(demand, by=by)
    if not (answer := reason.strip()):
        raise RuleBroken(_("请写明拒付理由"), code="reason_missing")
    machine.GUARANTEE.require_possible(demand, "declined")
    _require_none_under_way(demand)
    demand.answer = answer
    demand.save(update_fields=["answer"])
    machine.GUARANTEE.fire(demand, "declined", by=by, reason=answer, **said(demand))
    return demand


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
        **said(demand) | {"amount_minor": moved.amount_minor},
        paid_minor=moved.amount_minor,
        claim_minor=claim,
        value_date=moved.on.isoformat(),
        tx_hash=moved.tx_hash,
    )
    if demand.status in machine.ASKING and not demand.left_minor:
        machine.GUARANTEE.fire(demand, "paid", by=SYSTEM, **said(demand))
    return loan


def payable_minor(demand: GuaranteeDemand) -> int:
    """What may still be paid under a demand, in fen: what is left of it, and no more than settles
    the loan today beside what is on its way to it, since what overpays it would go back to the
    borrower.
    """
    loan = demand.loan
    owed = reckon_guarantee(loan).owed.total_minor - on_the_way(loan)
    return max(0, min(demand.left_minor, owed))


def _require_payable(demand: GuaranteeDemand, amount_minor: int) -> None:
    if demand.status != machine.GuaranteeStatus.DEMANDED:
        raise Conflict(
            _("代偿要求当前为“%(status_words)s”，不能付款"),
            code="wrong_state",
            status=demand.status,
            status_words=demand.status_label,
        )
    _require_none_under_way(demand)
    most = payable_minor(demand)
    if amount_minor > most:
        raise RuleBroken(_("代偿最多 %(owed)s 元"), code="more_than_owed", owed=format_yuan(most))


def _require_none_under_way(demand: GuaranteeDemand) -> None:
    for act in acts_under_way(KIND, deal_id=demand.deal_id):
        raise Conflict(
            _("已有一笔代偿 %(amount)s 元正在办理：请等它入账"),
            code="guarantee_under_way",
            amount=format_yuan(act.amount_minor),
        )


def _overpaid(loan: Loan, key: str) -> int:
    row = loan.postings.filter(key=key, reverses__isnull=True).last()
    return int(row.parts["overpaid_minor"]) if row else 0
