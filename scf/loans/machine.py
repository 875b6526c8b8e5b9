"""The life of a loan (conventions.md, four machines).

The statuses follow the fold; no person sets them.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

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


RUNNING = (S.ACTIVE, S.OVERDUE)
PAID = (S.SETTLED, S.OVERPAID)

MACHINE = Machine(
    "loan",
    {
        "opened":       step(S.AWAITING,              S.ACTIVE,    "system"),
        "cancelled":    step(S.AWAITING,              S.CANCELLED, "system"),
        "fell_overdue": step(S.ACTIVE,                S.OVERDUE,   "system"),
        "cured":        step(S.OVERDUE,               S.ACTIVE,    "system"),
        "settled":      step((*RUNNING, S.OVERPAID),  S.SETTLED,   "system"),
        "overpaid":     step((*RUNNING, S.SETTLED),   S.OVERPAID,  "system"),
        # A back-dated act may show that a loan which looked paid is not.
        "reopened":     step(PAID,                    S.ACTIVE,    "system"),
    },
    initial=S.AWAITING,
)  # fmt: skip
