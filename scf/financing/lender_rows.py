"""A partner bank's own approval of an application it lends a share of (联合贷)."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

import pgtrigger
from django.db import models

from scf.core.actor import Actor
from scf.financing.machine import LENDER_MACHINE
from scf.workflow.machine import legal_status
from scf.workflow.models import Subject


class LenderApprovalQuerySet(models.QuerySet["LenderApproval"]):
    def visible_to(self, actor: Actor) -> "LenderApprovalQuerySet":
        """The partner bank's own, and those of the lender of record's applications."""
        if actor.is_system:
            return self
        mine = actor.organization_id
        return self.filter(models.Q(bank_id=mine) | models.Q(application__bank_id=mine))


class LenderApproval(Subject):
    """One partner bank's word on one application, asked for when the lender of record approved.

    ``content`` is the hash of what the lender approved: the partner approves that or nothing.
    ``amount_minor`` is its share of the loan in fen, which its signing limits are held to.
    """

    machine: ClassVar[Any] = LENDER_MACHINE

    application = models.ForeignKey(
        "financing.Application", on_delete=models.PROTECT, related_name="lender_approvals"
    )
    bank_id = models.UUIDField()
    ppm = models.PositiveIntegerField()
    amount_minor = models.BigIntegerField()
    content = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = LenderApprovalQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["application", "bank_id"], name="lender_asked_once"),
            models.CheckConstraint(
                condition=models.Q(ppm__gt=0, ppm__lt=1_000_000, amount_minor__gte=0),
                name="lender_takes_a_share",
            ),
        ]
        triggers = [
            legal_status(LENDER_MACHINE),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.bank_id}"

    def parties(self) -> Mapping[str, UUID]:
        """Both banks, and the buyer, who is told who lends."""
        application = self.application
        return {"bank": application.bank_id, "partner": self.bank_id, "buyer": application.buyer_id}
