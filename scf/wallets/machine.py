"""The lives of a wallet and of an act that parties must approve before it is relayed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from scf.workflow.machine import Machine, step


class S(models.TextChoices):
    """Statuses of a wallet."""

    OPENING = "opening", _("开立中")
    ACTIVE = "active", _("正常")
    DEBIT_FROZEN = "debit_frozen", _("只收不付")
    FROZEN = "frozen", _("已冻结")


#: Under a lawful order, of which ``debit_frozen`` lets money in.
FREEZES = (S.DEBIT_FROZEN, S.FROZEN)


MACHINE = Machine(
    "wallet",
    {
        "opened":       step(S.OPENING, S.ACTIVE,                    "system"),
        "debit_frozen": step((S.ACTIVE, S.FROZEN), S.DEBIT_FROZEN,   "system"),
        "frozen":       step((S.ACTIVE, S.DEBIT_FROZEN), S.FROZEN,   "system"),
        "unfrozen":     step(FREEZES, S.ACTIVE,                      "system"),
    },
    initial=S.OPENING,
)  # fmt: skip


class A(models.TextChoices):
    """Statuses of a signed act."""

    ASKED = "asked", _("待签名")
    SENT = "sent", _("已签名，上链中")
    DONE = "done", _("链上已确认")
    FAILED = "failed", _("未成功")


ACT = Machine(
    "act",
    {
        "sent":   step(A.ASKED, A.SENT, "system"),
        "done":   step((A.SENT, A.FAILED), A.DONE, "system"),
        "failed": step((A.ASKED, A.SENT), A.FAILED, "system"),
    },
    initial=A.ASKED,
)  # fmt: skip
