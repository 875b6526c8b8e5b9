"""The lives of an escrow and of its lines, as the chain tells them (conventions.md, four
machines), and of the deposit pledged beside it (K17).
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from scf.parties.permissions import Permission
from scf.workflow.machine import Machine, step


class S(models.TextChoices):
    """Statuses of an escrow; ``prepared`` is the agreement whose signatures are still being
    gathered.
    """

    PREPARED = "prepared", _("条款已备，签署中")
    OPEN = "open", _("托管已开立")
    OWN_FUNDS_IN = "own_funds_in", _("首付款已到托管")
    FUNDED = "funded", _("托管资金已到位")
    PARTIAL = "partial", _("部分已付收款人")
    SETTLED = "settled", _("托管已结清")
    RETURNED = "returned", _("未用资金已退回")
    CANCELLED = "cancelled", _("托管已取消")


LIVE = (S.FUNDED, S.PARTIAL)

MACHINE = Machine(
    "payment",
    {
        "opened":       step(S.PREPARED,            S.OPEN,         "system"),
        "own_funds_in": step(S.OPEN,                S.OWN_FUNDS_IN, "system"),
        "funded":       step((S.OPEN, S.OWN_FUNDS_IN), S.FUNDED,    "system"),
        "released":     step(LIVE,                  S.PARTIAL,      "system"),
        "returned":     step(LIVE,                  S.PARTIAL,      "system"),
        "settled":      step(S.PARTIAL,             S.SETTLED,      "system"),
        "closed":       step(S.PARTIAL,             S.RETURNED,     "system"),
        "cancelled":    step((S.PREPARED, S.OPEN, S.OWN_FUNDS_IN), S.CANCELLED, "system"),
    },
    initial=S.PREPARED,
)  # fmt: skip


class L(models.TextChoices):
    """Statuses of one line of an escrow."""

    WAITING = "waiting", _("待交货验收")
    CONFIRMED = "confirmed", _("已确认，待支付")
    PAID = "paid", _("已支付")
    SHORT_CLOSED = "short_closed", _("短量关闭")
    REJECTED = "rejected", _("已拒收")
    DISPUTED = "disputed", _("争议中")
    RETURNED = "returned", _("已退回")


OPEN_LINES = (L.WAITING, L.CONFIRMED, L.PAID)  # more may be confirmed of them

LINE = Machine(
    "payment_line",
    {
        "confirmed":    step((L.WAITING, L.CONFIRMED, L.PAID, L.SHORT_CLOSED, L.REJECTED), L.CONFIRMED, "system"),
        "paid":         step((L.CONFIRMED, L.WAITING, L.PAID), L.PAID, "system"),
        "part_paid":    step(L.CONFIRMED,  L.WAITING,      "system"),
        "short_closed": step((L.CONFIRMED, L.WAITING), L.SHORT_CLOSED, "system"),
        "rejected":     step((L.CONFIRMED, L.WAITING), L.REJECTED, "system"),
        "disputed":     step((L.WAITING, L.CONFIRMED, L.REJECTED, L.SHORT_CLOSED), L.DISPUTED, "system", on_silence="clocks_ran_out"),
        "clocks_ran_out": step(L.DISPUTED, L.DISPUTED,     "system"),
        "resolved":     step(L.DISPUTED,   L.CONFIRMED,    "system"),
        "returned":     step((L.WAITING, L.CONFIRMED, L.SHORT_CLOSED, L.REJECTED, L.DISPUTED, L.PAID), L.RETURNED, "system"),
    },
    initial=L.WAITING,
)  # fmt: skip


class D(models.TextChoices):
    """Statuses of a deposit: the buyer's own cash, pledged to the bank."""

    AWAITED = "awaited", _("待缴存")
    PLEDGED = "pledged", _("已缴存，质押中")
    USE_PROPOSED = "use_proposed", _("拟动用，待复核")
    USING = "using", _("动用在途")
    USED = "used", _("已全部动用")
    RETURNING = "returning", _("退回在途")
    RETURNED = "returned", _("已退回")
    DROPPED = "dropped", _("无需缴存")


# A use that counted as failed may still be relayed by others: what the chain did is booked.
USABLE = (D.USING, D.PLEDGED, D.USE_PROPOSED)
HELD = (D.PLEDGED, D.USE_PROPOSED, D.USING, D.RETURNING)  # money lies in the deposit wallet

P = Permission

# Money that reaches the deposit wallet is pledged whatever became of the application meanwhile;
# what is not needed any more then goes back by the next step.
DEPOSIT = Machine(
    "deposit",
    {
        "pledged":        step((D.AWAITED, D.DROPPED),  D.PLEDGED,      "system"),
        "dropped":        step(D.AWAITED,               D.DROPPED,      "system"),
        "use_proposed":   step(D.PLEDGED,               D.USE_PROPOSED, P.LOAN_PROPOSE, turn="bank:approver"),
        "use_refused":    step(D.USE_PROPOSED,          D.PLEDGED,      P.LOAN_APPROVE),
        # A deposit is used more than once: who proposed one use may decide another's proposal.
        "use_approved":   step(D.USE_PROPOSED,          D.USING,        P.LOAN_APPROVE, "use_proposed", is_each_round_apart=True),
        "use_failed":     step(D.USING,                 D.PLEDGED,      "system"),
        "applied":        step(USABLE,                  D.PLEDGED,      "system"),
        "used":           step(USABLE,                  D.USED,         "system"),
        "return_ordered": step((D.PLEDGED, D.USE_PROPOSED), D.RETURNING, "system"),
        "returned":       step(D.RETURNING,             D.RETURNED,     "system"),
    },
    initial=D.AWAITED,
    words={
        "use_proposed": _("提议动用保证金"), "use_refused": _("不同意动用"),
        "use_approved": _("同意动用保证金"),
    },
)  # fmt: skip
