"""Whether a proposed decision fits the loan as it stands: the rules that refuse one in words."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from scf.core.errors import Conflict, RuleBroken
from scf.core.money import format_yuan
from scf.loans import machine
from scf.loans.actions import (
    Action,
    AddCost,
    CallTechnical,
    CostNature,
    Grade,
    Restructure,
    Undo,
    Waive,
    WriteOff,
)
from scf.loans.cap_fit import require_fee_within_cap, require_plan_within_cap
from scf.loans.classification import TECHNICAL_DAYS, Tier, tier_by_days
from scf.loans.models import Loan
from scf.loans.observation import is_bad, worse
from scf.workflow import clocks

LONGEST_NAME = 60  # of a fee, in characters


def require_fit(loan: Loan, change: Action, shown: Mapping[str, Any]) -> None:
    """Refuse a decision that would do nothing, or more than the rules allow.

    ``shown`` is what it would do (``shown.shown_of``). Raises Conflict(wrong_state),
    RuleBroken(over_waiver, grade_too_good, not_technical, terms_invalid, proposal_invalid,
    day_is_past, fee_after_maturity, cost_above_cap).
    """
    match change:
        case AddCost():
            _require_running(loan)
            _require_sound_fee(loan, change, shown["before"])
        case Waive():
            _require_owed(change, shown["parts"])
        case WriteOff() | Restructure():
            _require_something(loan, shown["parts"])
            _require_whole(loan, change)
        case Grade():
            _require_running(loan)
            _require_no_better(loan, change, shown["before"])
        case CallTechnical():
            _require_technical(shown["before"])
        case Undo():
            _require_standing(loan, change)
    if isinstance(change, Restructure):
        _require_lawful_penalty(shown["after"])
        require_plan_within_cap(loan, change)


def _require_running(loan: Loan) -> None:
    if loan.status not in machine.RUNNING:
        raise Conflict(_("贷款当前状态下不能操作"), code="wrong_state", status=loan.status)


def _require_sound_fee(loan: Loan, cost: AddCost, before: Mapping[str, Any]) -> None:
    if cost.nature is not CostNature.FEE:
        return
    _require_due_day(cost, date.fromisoformat(before["due_dates"][-1]))
    require_fee_within_cap(loan, cost)


def _require_due_day(cost: AddCost, maturity: date) -> None:
    """A fee has a name and an agreed day: not past when it is decided, and within the term.

    Once maturity has passed the term is over: then it can only be due on the day itself.
    """
    today = clocks.business_date()
    if cost.due_on is None or not 0 < len(cost.name.strip()) <= LONGEST_NAME:
        raise RuleBroken(_("约定的费用须写明名称和到期日"), code="proposal_invalid", field="due_on")
    if cost.due_on < today:
        raise RuleBroken(_("费用到期日不得早于今天"), code="day_is_past", field="due_on")
    if cost.due_on > max(maturity, today):
        raise RuleBroken(
            _("费用到期日不得晚于贷款到期日 %(maturity)s"),
            code="fee_after_maturity",
            field="due_on",
            maturity=max(maturity, today).isoformat(),
        )


def _require_something(loan: Loan, parts: Mapping[str, int]) -> None:
    if not any(parts.values()):
        raise Conflict(_("贷款当前状态下不能操作"), code="wrong_state", status=loan.status)


def _require_whole(loan: Loan, change: Action) -> None:
    """A loan that will still be drawn by releases is not written off: its escrow returns first."""
    left = loan.frame_minor - loan.drawn_minor - loan.frame_lowered_minor
    if isinstance(change, WriteOff) and loan.draws_by_release and left:
        raise Conflict(_("托管中还有未提用的资金"), code="wrong_state", status=loan.status)


def _require_owed(waiver: Waive, parts: Mapping[str, int]) -> None:
    most = {
        "fee_minor": parts["costs_minor"],
        **{name: parts[name] for name in ("penalty_minor", "compound_minor", "interest_minor")},
    }
    for name, owed in most.items():
        if getattr(waiver, name) > owed:
            raise RuleBroken(
                _("减免超过所欠金额：最多 %(owed)s 元"),
                code="over_waiver",
                field=name,
                owed=format_yuan(owed),
            )


def _require_no_better(loan: Loan, grade: Grade, before: Mapping[str, Any]) -> None:
    rule = tier_by_days(before["days_past_due"])
    if before["days_past_due"] and is_bad(Tier(loan.tier)):
        # A bad loan is graded up only when all arrears are paid.
        rule = worse(rule, Tier(loan.tier))
    if worse(rule, grade.tier) is not grade.tier:
        raise RuleBroken(
            _("人工分类不得优于按逾期天数的分类"), code="grade_too_good", rule=str(rule)
        )


def _require_technical(before: Mapping[str, Any]) -> None:
    if not 0 < before["days_past_due"] <= TECHNICAL_DAYS:
        raise RuleBroken(
            _("只有逾期 1 至 %(days)s 天可以认定为技术性逾期"),
            code="not_technical",
            days=TECHNICAL_DAYS,
        )


def _require_standing(loan: Loan, undo: Undo) -> None:
    """An action is undone once; an undo of it that was itself undone does not count."""
    undone: set[str] = set()
    for row in loan.actions.filter(kind="undo").order_by("-id"):
        if row.key not in undone:
            undone.add(str(row.details["of"]))
    if undo.of in undone:
        raise Conflict(_("该项已撤销"), code="wrong_state", status="undone")


def _require_lawful_penalty(after: Mapping[str, Any]) -> None:
    # Penalty replaces the contract rate and lies between 1.3 and 1.5 times of it (K13).
    penalty, rate = after["penalty_rate_ppm"] * 10, after["rate_ppm"]
    if not 13 * rate - 10 <= penalty <= 15 * rate + 10:
        raise RuleBroken(
            _("罚息利率须为合同利率的 1.3 至 1.5 倍"),
            code="terms_invalid",
            field="penalty_rate_ppm",
        )
