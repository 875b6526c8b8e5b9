"""The legal life of a retry: one person asks, another approves or refuses."""

from django.db import models

from scf.workflow.machine import Machine, step


class RetryStatus(models.TextChoices):
    REQUESTED = "requested", "待复核"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "已拒绝"


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
)  # fmt: skip
