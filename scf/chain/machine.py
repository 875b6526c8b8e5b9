"""The legal life of a retry: one person asks, another approves or refuses."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from scf.workflow.machine import Machine, step


class RetryStatus(models.TextChoices):
    REQUESTED = "requested", _("待复核")
    APPROVED = "approved", _("已批准")
    REFUSED = "refused", _("已拒绝")


S = RetryStatus
RETRY_MACHINE = Machine(
    "chain_retry",
    {
        # fact          from         to           who                      separate from
        "requested": step(S.REQUESTED, S.REQUESTED, "chain:repair"),
        "approved":  step(S.REQUESTED, S.APPROVED, "chain:repair_approve", "requested"),
        "refused":   step(S.REQUESTED, S.REFUSED, "chain:repair_approve", "requested"),
    },
    initial=S.REQUESTED,
    words={
        "requested": _("申请处理"),
        "approved": _("同意处理"),
        "refused": _("不同意处理"),
    },
)  # fmt: skip
