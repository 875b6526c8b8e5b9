"""The bank's side of a demand: propose, demand, refuse, uphold, withdraw."""

from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import UUID

import rfc8785
from django.utils.translation import gettext_lazy as _

from scf.core import clock
from scf.core.actor import Actor
from scf.core.errors import Conflict, RuleBroken
from scf.core.money import format_yuan
from scf.loans import machine
from scf.loans.models import GuaranteeDemand, Loan
from scf.loans.selectors import get_loan
from scf.loans.services.access import require_bank
from scf.loans.services.guarantee.access import locked_demand, said
from scf.loans.services.guarantee.reckon import (
    Reckoned,
    guarantor_of,
    has_ground,
    reckon_guarantee,
)
from scf.loans.services.life import locked
from scf.parties.checks import require_step_up, require_within_signing_limit
from scf.parties.permissions import Permission
from scf.workflow import clocks, facts
from scf.workflow.closing import closing_act

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

PAY_WITHIN = timedelta(days=10)  # what a page proposes; the bank names the day
DAY = timedelta(days=1)


@dataclass(frozen=True)
class DemandIn:
    """What is asked: fen, why, and the last day to pay or to answer."""

    amount_minor: int
    reason: str
    pay_by: date


@closing_act()
def propose_guarantee(loan_id: UUID, *, given: DemandIn, key: str, by: Actor) -> GuaranteeDemand:
    """One person of the bank proposes to ask the core enterprise for ``amount_minor`` fen.

    For a loan that is overdue or written off: 回购 asks for all that settles it, 差额退款 for at
    most that. Also for one that runs, once the escrow's last day is over and goods that were paid
    never came: 差额退款 then for at most the loan's part of those.

    Fact ``guarantee.proposed``. Safe twice. Raises NotFound, Forbidden(forbidden,
    not_your_side), Conflict(wrong_state, change_waiting, duplicate_key), RuleBroken(no_recourse,
    reason_missing, amount_not_positive, more_than_owed, day_is_past).
    """
    loan = locked(get_loan(loan_id, by=by))
    require_bank(loan, by=by, permission=Permission.LOAN_PROPOSE)
    known: GuaranteeDemand | None = GuaranteeDemand.objects.filter(key=key).first()
    if known is not None:
        return _same(known, loan, given)
    anchor_id = _require_recourse(loan)
    reckoned = reckon_guarantee(loan)
    _require_sound(given, reckoned)
    demand = GuaranteeDemand(
        status=machine.GuaranteeStatus.PROPOSED,
        deal_id=loan.deal_id,
        turn_party=loan.bank_id,
        turn_role="approver",
        loan=loan,
        key=key,
        anchor_id=anchor_id,
        ground=loan.recourse,
        amount_minor=given.amount_minor,
        reason=given.reason.strip(),
        pay_by=given.pay_by,
        shown=reckoned.as_json(),
    )
    demand.content_hash = _content_hash(demand)
    demand.save(force_insert=True)
    facts.record("guarantee.proposed", demand, by=by, reason=demand.reason, **said(demand))
    return demand


@closing_act()
def demand_guarantee(demand_id: UUID, *, seen: str, by: Actor) -> GuaranteeDemand:
    """Another person of the bank demands exactly what was ``seen``, with a fresh second factor.

    Fact ``guarantee.demanded``, the core enterprise's turn until the day to pay is over. Raises
    NotFound, Forbidden(forbidden, four_eyes, step_up_required, over_signing_limit, not_your_side),
    Conflict(wrong_state, content_changed): also when the borrower paid meanwhile, so that less is
    owed than is asked.
    """
    demand = locked_demand(demand_id, by=by)
    require_bank(demand.loan, by=by, permission=Permission.LOAN_APPROVE)
    require_step_up(by)
    machine.GUARANTEE.require_possible(demand, "demanded")
    owed = reckon_guarantee(demand.loan).most_minor
    if seen != demand.content_hash or owed < demand.amount_minor:
        raise Conflict(
            _("提议之后情况已变化：今天结清只需 %(owed)s 元，请退回后重新提出"),
            code="content_changed",
            owed=format_yuan(owed),
        )
    machine.GUARANTEE.fire(demand, "demanded", by=by, reason=demand.reason, **said(demand))
    require_within_signing_limit(
        by, permission=Permission.LOAN_APPROVE, amount_minor=demand.amount_minor
    )
    _hand_over(demand)
    return demand


@closing_act()
def refuse_guarantee(demand_id: UUID, *, reason: str, by: Actor) -> GuaranteeDemand:
    """Another person says no; the core enterprise never hears of it. Fact ``guarantee.refused``.

    Raises NotFound, Forbidden(forbidden, four_eyes, not_your_side), Conflict(wrong_state),
    RuleBroken(reason_missing).
    """
    return _decide(demand_id, "refused", reason=reason, by=by)


@closing_act()
def withdraw_guarantee(demand_id: UUID, *, reason: str, by: Actor) -> GuaranteeDemand:
    """The bank takes its demand back; what was paid stays paid. Fact ``guarantee.withdrawn``.

    Raises NotFound, Forbidden(forbidden, not_your_side), Conflict(wrong_state),
    RuleBroken(reason_missing).
    """
    return _decide(demand_id, "withdrawn", reason=reason, by=by)


@closing_act()
def uphold_guarantee(demand_id: UUID, *, reason: str, pay_by: date, by: Actor) -> GuaranteeDemand:
    """The bank answers a refusal: the demand stands, payable until ``pay_by``.

    Fact ``guarantee.upheld``, the core enterprise's turn again. Raises as withdrawing, and
    RuleBroken(day_is_past).
    """
    _require_ahead(pay_by)
    demand = _decide(demand_id, "upheld", reason=reason, by=by, upheld_to=pay_by.isoformat())
    _hand_over(demand, pay_by=pay_by)
    return demand


def _decide(
    demand_id: UUID, step: str, *, reason: str, by: Actor, **details: object
) -> GuaranteeDemand:
    demand = locked_demand(demand_id, by=by)
    require_bank(demand.loan, by=by, permission=Permission.LOAN_APPROVE)
    if not reason.strip():
        raise RuleBroken(_("请写明原因"), code="reason_missing")
    words = {**said(demand), **details, "reason": reason.strip()}
    machine.GUARANTEE.fire(demand, step, by=by, **words)
    return demand


def _hand_over(demand: GuaranteeDemand, *, pay_by: date | None = None) -> None:
    """It is the core enterprise's turn until the day is over (Shanghai).

    Before the demand it was no party to the row, so the machine could not name it.
    """
    last = pay_by or demand.pay_by
    demand.turn_party = demand.anchor_id
    demand.due_at = clock.shanghai_midnight(last + DAY) if last else None
    demand.save(update_fields=["turn_party", "due_at"])


def _require_recourse(loan: Loan) -> UUID:
    anchor = guarantor_of(loan)
    if anchor is None:
        raise RuleBroken(_("本项目的核心企业没有代偿责任"), code="no_recourse")
    if not has_ground(loan):
        raise Conflict(_("贷款当前状态下不能操作"), code="wrong_state", status=loan.status)
    if loan.demands.filter(status__in=machine.ASKING).exists():
        raise Conflict(_("已有一项代偿要求"), code="change_waiting")
    return anchor


def _require_sound(given: DemandIn, reckoned: Reckoned) -> None:
    if not given.reason.strip():
        raise RuleBroken(_("请写明原因"), code="reason_missing")
    _require_ahead(given.pay_by)
    amount, most = given.amount_minor, reckoned.most_minor
    if amount <= 0:
        raise RuleBroken(_("金额必须大于零"), code="amount_not_positive")
    if amount > most or (reckoned.is_whole and amount != most):
        raise RuleBroken(
            _refusal(reckoned),
            code="more_than_owed",
            owed=format_yuan(most),
        )  # fmt: skip


def _refusal(reckoned: Reckoned) -> "str | _StrPromise":
    if reckoned.is_whole:
        return _("回购须为今天结清的 %(owed)s 元")
    if reckoned.is_in_default:
        return _("今天结清只需 %(owed)s 元")
    return _("已付款未交货的差额（贷款部分）为 %(owed)s 元")


def _require_ahead(pay_by: date) -> None:
    if pay_by < clocks.business_date():
        raise RuleBroken(_("日期不能早于今天"), code="day_is_past")


def _same(known: GuaranteeDemand, loan: Loan, given: DemandIn) -> GuaranteeDemand:
    wanted = (loan.pk, given.amount_minor, given.reason.strip(), given.pay_by)
    if wanted != (known.loan_id, known.amount_minor, known.reason, known.pay_by):
        raise Conflict(_("该键已用于另一项提议"), code="duplicate_key")
    return known


def _content_hash(demand: GuaranteeDemand) -> str:
    """SHA-256 (hex) over the canonical JSON of what is asked and what was owed (RFC 8785)."""
    content: dict[str, Any] = {
        "loan": str(demand.loan_id),
        "anchor": str(demand.anchor_id),
        "ground": demand.ground,
        "amount_minor": demand.amount_minor,
        "reason": demand.reason,
        "pay_by": str(demand.pay_by),
        "shown": demand.shown,
    }
    return sha256(rfc8785.dumps(content)).hexdigest()
