"""The life of an application, from the buyer's draft to the funded escrow (conventions.md, four
machines).
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from scf.parties.permissions import Permission
from scf.workflow.machine import Machine, days, step

P = Permission


class S(models.TextChoices):
    """Statuses of an application."""

    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("已提交")
    IN_CHECK = "in_check", _("自动检查中")
    IN_REVIEW = "in_review", _("银行审查中")
    RETURNED = "returned", _("已退回补正")
    RECOMMENDED = "recommended", _("审查通过，待审批")
    APPROVED = "approved", _("已审批，待三方签署")
    SIGNED = "signed", _("已签署，待首付款与放款")
    PAYING_OUT = "paying_out", _("放款在途")
    FUNDED = "funded", _("资金已到托管")
    REJECTED = "rejected", _("已拒绝")
    WITHDRAWN = "withdrawn", _("已撤回")
    EXPIRED = "expired", _("已过期")
    CANCELLED_BY_BANK = "cancelled_by_bank", _("银行已取消")


class LenderStatus(models.TextChoices):
    """Statuses of a partner bank's approval (联合贷)."""

    ASKED = "asked", _("待联合出资行审批")
    GIVEN = "given", _("联合出资行已审批")
    REFUSED = "refused", _("联合出资行未批准")
    FALLEN = "fallen", _("随申请失效")


BEFORE_APPROVAL = (S.SUBMITTED, S.IN_CHECK, S.IN_REVIEW, S.RETURNED, S.RECOMMENDED)
UNFUNDED = (S.APPROVED, S.SIGNED)

# Signed and not funded has one clock, fundBy of the signed terms: the application lapses with its
# escrow.
MACHINE = Machine(
    "application",
    {
        # fact              from               to                   who
        # separate from   turn, within, on silence
        "submitted":        step((S.DRAFT, S.RETURNED), S.SUBMITTED, P.APPLICATION_SUBMIT),
        "check_started":    step(S.SUBMITTED,  S.IN_CHECK,          "system"),
        "checked":          step(S.IN_CHECK,   S.IN_REVIEW,         "system", turn="bank:reviewer", within=days(2)),
        "returned":         step((S.IN_REVIEW, S.RECOMMENDED), S.RETURNED, P.APPLICATION_RECOMMEND, turn="buyer:maker", within=days(10), on_silence="lapsed"),
        "sent_back":        step(S.RECOMMENDED, S.IN_REVIEW,        P.APPLICATION_APPROVE,   "recommended",  turn="bank:reviewer", within=days(2)),
        "recommended":      step(S.IN_REVIEW,  S.RECOMMENDED,       P.APPLICATION_RECOMMEND, "submitted",    turn="bank:approver", within=days(2)),
        "rejected":         step((S.IN_REVIEW, S.RECOMMENDED), S.REJECTED, P.APPLICATION_REJECT),
        "approved":         step(S.RECOMMENDED, S.APPROVED,         P.APPLICATION_APPROVE,   ("submitted", "recommended"), turn="buyer:signer", within=days(10), on_silence="expired"),
        "signed":           step(S.APPROVED,   S.SIGNED,            "system", turn="bank:operations"),
        "paid_out":         step(S.SIGNED,     S.PAYING_OUT,        P.APPLICATION_PAY_OUT,   ("submitted", "recommended", "approved")),
        "pay_out_failed":   step(S.PAYING_OUT, S.SIGNED,            "system", turn="bank:operations"),
        "funded":           step((S.PAYING_OUT, S.SIGNED), S.FUNDED, "system"),
        "withdrawn":        step((S.DRAFT, *BEFORE_APPROVAL, *UNFUNDED), S.WITHDRAWN, P.APPLICATION_WITHDRAW),
        "cancelled":        step(UNFUNDED,     S.CANCELLED_BY_BANK, P.APPLICATION_CANCEL),
        "expired":          step(S.APPROVED,   S.EXPIRED,           "system"),
        "lapsed":           step((S.RETURNED, S.SIGNED), S.EXPIRED, "system"),
    },
    initial=S.DRAFT,
    words={
        "submitted": _("提交申请"),
        "returned": _("退回补正"),
        "sent_back": _("退回审查"),
        "recommended": _("审查通过"),
        "rejected": _("拒绝"),
        "approved": _("审批通过"),
        "paid_out": _("放款"),
        "withdrawn": _("撤回申请"),
        "cancelled": _("取消申请"),
    },
)  # fmt: skip

L = LenderStatus
# Between the lender's approval and the signing; the application's own status stays APPROVED and its
# clock runs on. What ends the application ends every word on it.
LENDER_MACHINE = Machine(
    "lender_approval",
    {
        # fact      from      to         who
        "given":   step(L.ASKED, L.GIVEN,   P.APPLICATION_APPROVE),
        "refused": step(L.ASKED, L.REFUSED, P.APPLICATION_REJECT),
        "fallen":  step((L.ASKED, L.GIVEN), L.FALLEN, "system", told=("bank", "partner")),
    },
    initial=L.ASKED,
    words={
        "given": _("批准出资"),
        "refused": _("不批准出资"),
    },
)  # fmt: skip
