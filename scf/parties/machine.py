"""The life of the help two persons give to somebody who lost a way in."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from scf.parties.permissions import Permission
from scf.workflow.machine import Machine, days, step


class RecoveryStatus(models.TextChoices):
    """Statuses of such help."""

    ASKED = "asked", _("待第二人确认")
    CONFIRMED = "confirmed", _("待本人设置新密码")
    DONE = "done", _("已完成")
    REFUSED = "refused", _("已退回")
    LAPSED = "lapsed", _("已失效")


P = Permission
R = RecoveryStatus
OPEN = [R.ASKED, R.CONFIRMED]

RECOVERY = Machine(
    "recovery",
    {
        # fact        from         to           who               separate from
        "confirmed": step(R.ASKED, R.CONFIRMED, P.ACCESS_RECOVER, "asked",
                          turn="organization:person", within=days(1), on_silence="lapsed"),
        "refused":   step(R.ASKED, R.REFUSED,   P.ACCESS_RECOVER),
        "done":      step(R.CONFIRMED, R.DONE,   "system"),
        "lapsed":    step(R.CONFIRMED, R.LAPSED, "system"),
    },
    initial=R.ASKED,
    words={"confirmed": _("确认"), "refused": _("退回")},
)  # fmt: skip
