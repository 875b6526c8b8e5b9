"""What loans, their arrears and their postings are called on a page."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from scf.core.money import format_yuan
from scf.loans.buckets import Bucket
from scf.loans.classification import Tier
from scf.loans.machine import S
from scf.loans.portfolio import Glance
from scf.loans.postings import Parts
from scf.loans.quotes import Quote
from scf.loans.terms import Product
from scf.portals import parts
from scf.portals.deal.words import Words

TIERS: dict[str, tuple[Words, str]] = {
    Tier.NORMAL: (_("正常"), "green"),
    Tier.SPECIAL_MENTION: (_("关注"), "orange"),
    Tier.SUBSTANDARD: (_("次级"), "red"),
    Tier.DOUBTFUL: (_("可疑"), "red"),
    Tier.LOSS: (_("损失"), "red"),
}
KINDS: dict[str, Words] = {
    "draw": _("借款"),
    "frame_lowered": _("额度调减"),
    "return": _("未用退回"),
    "repay": _("还款"),
    "cost": _("费用"),
    "fee": _("费用"),
    "waive": _("减免息费"),
    "restructure": _("重组／展期"),
    "write_off": _("核销"),
    "recovery": _("核销后收回"),
    "refund": _("退还多还款"),
    "accrual": _("计提利息"),
    "overdue": _("转逾期贷款"),
    "non_accrual": _("转非应计"),
    "lapse": _("宽限期利息转罚息"),
}
SOURCES: dict[str, Words] = {
    "sweep": _("自动扣款（还款专户）"),
    "repay": _("借款人主动还款（一般钱包）"),
    "use_deposit": _("质押保证金"),
    "guarantee": _("核心企业代偿"),
    "return": _("托管未用资金退回"),
    "refund": _("多还款退给借款人"),
    "repay_by_anchor": _("核心企业差额退款或回购"),
    "draw": _("多付款抵还本金"),
    "decision": _("费用或减免撤销后抵还本金"),
}
PLANNED = (S.ACTIVE, S.RESTRUCTURED)
RUNS: dict[str, Words] = {
    "contract": _("利息"),
    "penalty": _("罚息"),
    "compound": _("复利"),
}
PRODUCTS: dict[str, Words] = {
    Product.BULLET: _("到期一次还本付息"),
    Product.EQUAL_INSTALMENTS: _("等额本息"),
    Product.EQUAL_PRINCIPAL: _("等额本金"),
    Product.EQUAL_FEE: _("等本等息（按初始本金收固定费用）"),
}
CLAIMS: tuple[tuple[str, Words], ...] = (
    ("principal_minor", _("本金")),
    ("interest_minor", _("利息")),
    ("penalty_minor", _("罚息")),
    ("compound_minor", _("复利")),
    ("costs_minor", _("费用")),
    ("overpaid_minor", _("多还")),
)


def bucket_words(bucket: Bucket) -> Words:
    """Days past due in words: 1–3 天, 360 天以上."""
    if bucket.most is None:
        return _("%(days)s 天以上") % {"days": bucket.least - 1}
    return _("%(least)s–%(most)s 天") % {"least": bucket.least, "most": bucket.most}


def tier_chip(tier: str) -> parts.Chip:
    """One of the five tiers."""
    label, tone = TIERS[tier]
    return parts.Chip(label, tone)


def claims_of(sums: Quote | Parts) -> list[tuple[Words, int]]:
    """What a sum is made of, nothing left out but what is nothing."""
    return kept_claims({name: getattr(sums, name, 0) for name, _label in CLAIMS})


def kept_claims(sums: Mapping[str, int]) -> list[tuple[Words, int]]:
    """The same of a sum that was kept by the names of its parts."""
    named = ((label, sums.get(name, 0)) for name, label in CLAIMS)
    return [(label, amount) for label, amount in named if amount]


def turn_of(
    glance: Glance, *, borrower: Words, lender: Words, is_borrower: bool
) -> parts.Turn | None:
    """Whose turn a loan is, for what and by when; None when nothing more will happen."""
    what, who_pays = _awaited(glance, is_borrower=is_borrower)
    if not what:
        return None
    is_late = glance.loan.status in (S.OVERDUE, S.WRITTEN_OFF)
    who = borrower if who_pays else lender
    return parts.Turn(who, what, None, is_mine=who_pays == is_borrower, is_late=is_late)


def _awaited(glance: Glance, *, is_borrower: bool) -> tuple[Words, bool]:
    """What is awaited, and whether of the borrower; nothing for a loan that has ended.

    What the lender wrote off the borrower owes as before: to it the loan is overdue.
    """
    loan, due = glance.loan, glance.due.total_minor
    if loan.status == S.OVERDUE or (loan.status == S.WRITTEN_OFF and is_borrower):
        words = _("还清逾期 %(yuan)s 元，已逾期 %(days)s 天")
        return words % {"yuan": format_yuan(due), "days": glance.days_past_due}, True
    if loan.status == S.WRITTEN_OFF:
        return _("追偿 %(yuan)s 元") % {"yuan": format_yuan(due)}, False
    if loan.status in PLANNED and due:
        return _("今天还 %(yuan)s 元") % {"yuan": format_yuan(due)}, True
    if loan.status in PLANNED and glance.next_due_on:
        words = _("%(day)s 还 %(yuan)s 元")
        return words % {
            "day": glance.next_due_on.isoformat(),
            "yuan": format_yuan(glance.next_due_minor),
        }, True
    if loan.status == S.OVERPAID:
        return _("退还多还的 %(yuan)s 元") % {"yuan": format_yuan(loan.overpaid_minor)}, False
    return "", False
