"""Programme terms in words, and what one version changes of another."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from scf.core.money import format_yuan
from scf.core.words import listed
from scf.credit.choices import FeeAt, FeeTaker
from scf.credit.partners import Partner
from scf.credit.terms import CHOICES, Fee, ProgrammeTerms
from scf.parties.selectors import get_organization
from scf.portals.parts import Words
from scf.portals.templatetags.money import percent

LABELS: dict[str, Words] = {
    "limit_minor": _("项目额度（元）"),
    "rate_ppm": _("贷款年利率"),
    "penalty_rate_ppm": _("逾期罚息年利率"),
    "release_policy": _("付款方式"),
    "interest_from": _("起息"),
    "repayment": _("还款方式"),
    "day_base": _("计息年天数"),
    "tenor_min_days": _("最短期限（天）"),
    "tenor_max_days": _("最长期限（天）"),
    "own_funds_ppm": _("首付款比例"),
    "deposit_ppm": _("保证金比例"),
    "tolerance_under_ppm": _("短量容差"),
    "tolerance_over_ppm": _("超量容差"),
    "return_short_lines": _("短量退回该行余额"),
    "inspection_days": _("验收期（工作日）"),
    "dispute_days": _("争议协商期（天）"),
    "arbiter_days": _("裁定期（天）"),
    "refund_days": _("退款期（天）"),
    "expiry_days": _("托管到期（天）"),
    "long_stop_days": _("最长延展（天）"),
    "hold_days": _("额度预占（天）"),
    "approval_valid_days": _("审批有效期（天）"),
    "sweep": _("还款扣收"),
    "waterfall": _("还款顺序"),
    "grace_days": _("宽限期（天）"),
    "penalty_from": _("罚息起算"),
    "compound_on_interest": _("对逾期利息计复利"),
    "escrow_interest_ppm": _("托管资金利率"),
    "escrow_interest_to": _("托管利息归"),
    "evidence_minor": _("须第三方证据的金额（元）"),
    "pays_on_silence": _("逾期未验收视为验收"),
    "idle_cost_of": _("闲置成本由"),
    "recourse": _("核心企业责任"),
    "fees": _("费用"),
    "due_every": _("还款或付息周期"),
    "due_day": _("还款或付息日（每月几号，0 为放款对应日）"),
    "due_date_rule": _("到期日遇节假日"),
    "interest_basis": _("整月计息方式"),
    "accrual_residual": _("不足一分的利息"),
    "early_interest": _("提前部分还款先还"),
    "after_early": _("提前部分还款之后"),
    "rate_base": _("利率方式（浮动时上面的利率为参考，罚息按其上浮幅度）"),
    "rate_margin_ppm": _("LPR 加点（百分点，可为负）"),
    "rate_reset": _("重定价日"),
    "free_days": _("免息期（天，自放款日起）"),
    "free_kind": _("免息方式"),
    "principal_remainder": _("等额本金除不尽的尾数"),
    "partners": _("联合出资行（其余由贷款银行出资）"),
}
TAKERS = FeeTaker.choices
PAYERS: tuple[tuple[str, Words], ...] = (("buyer", _("买方")), ("seller", _("卖方")))
CLAIMS: dict[str, Words] = {
    "costs": _("费用"), "penalty": _("罚息"), "interest": _("利息"), "principal": _("本金"),
}  # fmt: skip


@dataclass(frozen=True)
class TermRow:
    """A term in words; ``before`` is what it was, where a version changes it."""

    label: Words
    value: str
    before: str = ""
    is_changed: bool = False


def term_rows(terms: ProgrammeTerms, before: ProgrammeTerms | None = None) -> Sequence[TermRow]:
    """Every term with its value, and what it was in ``before`` where it differs."""
    rows = []
    for each in fields(terms):
        value, old = getattr(terms, each.name), getattr(before, each.name) if before else None
        changed = before is not None and value != old
        rows.append(
            TermRow(
                LABELS[each.name],
                in_words(each.name, value),
                in_words(each.name, old) if changed else "",
                is_changed=changed,
            )
        )
    return rows


def in_words(name: str, value: Any) -> str:
    """One term's value as people read it: yuan, percent, days, or the name of the choice."""
    if name in CHOICES:
        return str(CHOICES[name](value).label)
    if name in ROWS:
        return ROWS[name](value)
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    if name.endswith("_minor"):
        return format_yuan(value)
    return percent(value) if name.endswith("_ppm") else str(value)


def _fees(given: Sequence[Fee]) -> str:
    return "；".join(_fee(fee) for fee in given) or str(_("无"))


def _waterfall(given: Sequence[str]) -> str:
    return " → ".join(str(CLAIMS[claim]) for claim in given)


def _partners(given: Sequence[Partner]) -> str:
    return str(listed([partner_words(each) for each in given]) if given else _("无"))


def partner_words(partner: Partner) -> str:
    """A bank that lends beside the lender of record, and its share: 沅溪东岭商业银行 30 %."""
    return f"{get_organization(UUID(partner.bank)).name} {percent(partner.ppm)}"


def _fee(fee: Fee) -> str:
    """A fee as one text: 手续费 50.00 + 0.10 %（买方付，银行收，放款日一次）."""
    parts = [format_yuan(fee.minor)] if fee.minor else []
    parts += [percent(fee.ppm)] if fee.ppm else []
    payer = dict(PAYERS).get(fee.payer, fee.payer)
    return str(
        _("%(name)s %(amount)s（%(payer)s付，%(taker)s收，%(when)s）")
        % {
            "name": fee.code,
            "amount": " + ".join(parts),
            "payer": payer,
            "taker": FeeTaker(fee.taken_by).label,
            "when": FeeAt(fee.at).label,
        }
    )


ROWS: dict[str, Callable[[Any], str]] = {
    "fees": _fees,
    "waterfall": _waterfall,
    "partners": _partners,
}
