"""The life of a loan (conventions.md, four machines), and of a proposal about one.

A loan's statuses follow the fold; no person sets them. What people decide is proposed by one and
approved by another, and becomes an action of the fold.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from scf.parties.permissions import Permission
from scf.workflow.machine import Machine, step


class S(models.TextChoices):
    """Statuses of a loan; ``awaiting`` is agreed and not yet funded, ``cancelled`` never was."""

    AWAITING = "awaiting", _("待放款")
    ACTIVE = "active", _("正常")
    OVERDUE = "overdue", _("逾期")
    SETTLED = "settled", _("已结清")
    OVERPAID = "overpaid", _("多还待退")
    RESTRUCTURED = "restructured", _("已重组")
    WRITTEN_OFF = "written_off", _("已核销")
    CANCELLED = "cancelled", _("已取消")


class ProposalStatus(models.TextChoices):
    """Statuses of a proposal about a loan."""

    PROPOSED = "proposed", _("待复核")
    APPROVED = "approved", _("已生效")
    REFUSED = "refused", _("未通过")


class GuaranteeStatus(models.TextChoices):
    """Statuses of a demand on the core enterprise under its recourse."""

    PROPOSED = "proposed", _("待复核")
    DEMANDED = "demanded", _("待代偿")
    DECLINED = "declined", _("企业拒付")
    PAID = "paid", _("已代偿")
    REFUSED = "refused", _("未通过")
    WITHDRAWN = "withdrawn", _("已撤回")


P, Q, G = Permission, ProposalStatus, GuaranteeStatus

# A loan written off is still a claim: it lives on, is swept and may be repaid.
RUNNING = (S.ACTIVE, S.OVERDUE, S.RESTRUCTURED, S.WRITTEN_OFF)
PAID = (S.SETTLED, S.OVERPAID)
ON_THE_BOOKS = (S.ACTIVE, S.OVERDUE, S.RESTRUCTURED)
ASKING = (G.PROPOSED, G.DEMANDED, G.DECLINED)  # a demand that may still bring money

MACHINE = Machine(
    "loan",
    {
        "opened":       step(S.AWAITING,              S.ACTIVE,    "system"),
        "cancelled":    step(S.AWAITING,              S.CANCELLED, "system"),
        "fell_overdue": step((S.ACTIVE, S.RESTRUCTURED), S.OVERDUE, "system"),
        "cured":        step(S.OVERDUE,               S.ACTIVE,    "system"),
        "settled":      step((*RUNNING, S.OVERPAID),  S.SETTLED,   "system"),
        "overpaid":     step((*RUNNING, S.SETTLED),   S.OVERPAID,  "system"),
        # A restructured loan is observed for six months, and again when its arrears are paid.
        "put_under_observation": step((S.ACTIVE, S.OVERDUE), S.RESTRUCTURED, "system"),
        "observation_ended":     step(S.RESTRUCTURED,        S.ACTIVE,       "system"),
        "written_off":           step(ON_THE_BOOKS,          S.WRITTEN_OFF,  "system", told="bank"),
        "write_off_undone":      step(S.WRITTEN_OFF,         S.ACTIVE,       "system", told="bank"),
        # A back-dated act may show that a loan which looked paid is not.
        "reopened":     step(PAID,                    S.ACTIVE,    "system"),
    },
    initial=S.AWAITING,
)  # fmt: skip

GUARANTEE = Machine(
    "guarantee",
    {
        # fact        from         to           who             separate from
        "demanded":  step(G.PROPOSED, G.DEMANDED,  P.LOAN_APPROVE, "proposed", turn="anchor:signer"),
        "refused":   step(G.PROPOSED, G.REFUSED,   P.LOAN_APPROVE, "proposed"),
        "declined":  step(G.DEMANDED, G.DECLINED,  P.LOAN_REPAY,   turn="bank:approver"),
        "upheld":    step(G.DECLINED, G.DEMANDED,  P.LOAN_APPROVE, turn="anchor:signer"),
        "withdrawn": step((G.DEMANDED, G.DECLINED), G.WITHDRAWN, P.LOAN_APPROVE),
        "paid":      step((G.DEMANDED, G.DECLINED), G.PAID,      "system"),
    },
    initial=G.PROPOSED,
    words={
        "demanded": _("要求代偿"), "refused": _("不同意"), "declined": _("拒付并说明理由"),
        "upheld": _("坚持要求"), "withdrawn": _("撤回要求"),
    },
)  # fmt: skip

PROPOSAL = Machine(
    "loan_proposal",
    {
        # fact       from         to           who             separate from
        "approved": step(Q.PROPOSED, Q.APPROVED, P.LOAN_APPROVE, "proposed"),
        "refused":  step(Q.PROPOSED, Q.REFUSED,  P.LOAN_APPROVE, "proposed"),
    },
    initial=Q.PROPOSED,
    words={"approved": _("同意"), "refused": _("不同意")},
)  # fmt: skip
