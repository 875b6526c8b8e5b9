"""Rows of what a bank asks of the core enterprise under its recourse, and of what that paid.

Kept beside ``models``, which shows them.
"""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.loans import machine
from scf.workflow.machine import legal_status
from scf.workflow.models import Subject


class Recourse(models.TextChoices):
    """What the core enterprise answers for under the programme; the words are credit's."""

    NONE = "none", _("无追索")
    SHORTFALL_REFUND = "shortfall_refund", _("差额退款")
    BUY_BACK = "buy_back", _("回购")
    RESALE = "resale", _("调剂销售")


class GuaranteeQuerySet(models.QuerySet[Any]):
    """Demands as bank and core enterprise may see them."""

    def visible_to(self, actor: Actor) -> "GuaranteeQuerySet":
        """The bank's own; the core enterprise's once it was made of it."""
        if actor.is_system:
            return self
        mine = actor.organization_id
        made = models.Q(anchor_id=mine) & ~models.Q(status__in=UNSAID)
        return self.filter(models.Q(loan__bank_id=mine) | made)


UNSAID = (machine.GuaranteeStatus.PROPOSED, machine.GuaranteeStatus.REFUSED)


class GuaranteeDemand(Subject):
    """What a bank asks of the core enterprise under its recourse: 差额退款 or 回购 (fen).

    ``shown`` is what was owed by claim on the day it was proposed, ``content_hash`` covers it and
    all that is asked; ``pay_by`` is the last day, ``answer`` why the core enterprise will not pay.
    """

    machine: ClassVar[Any] = machine.GUARANTEE

    loan = models.ForeignKey("loans.Loan", on_delete=models.PROTECT, related_name="demands")
    key = models.CharField(max_length=120, unique=True)
    anchor_id = models.UUIDField()
    ground = models.CharField(max_length=20, choices=Recourse.choices)
    amount_minor = models.BigIntegerField()
    reason = models.CharField(max_length=500)
    pay_by = models.DateField(null=True)
    shown = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    content_hash = models.CharField(max_length=64, blank=True, db_default="")
    answer = models.CharField(max_length=500, blank=True, db_default="")
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = GuaranteeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["loan"],
                condition=models.Q(status__in=list(machine.ASKING)),
                name="guarantee_demanded_once",
            ),
            models.CheckConstraint(
                condition=models.Q(amount_minor__gt=0) & ~models.Q(reason=""),
                name="guarantee_of_something",
            ),
        ]
        triggers = [
            legal_status(machine.GUARANTEE),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="content_is_fixed",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "loan",
                    "key",
                    "anchor_id",
                    "ground",
                    "amount_minor",
                    "reason",
                    "pay_by",
                    "shown",
                    "content_hash",
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ground} {self.loan_id}"

    def parties(self) -> Mapping[str, UUID]:
        """The bank; the core enterprise too, and the borrower, once it was demanded."""
        if self.status in UNSAID:
            return {"bank": self.loan.bank_id}
        return {
            "bank": self.loan.bank_id,
            "anchor": self.anchor_id,
            "borrower": self.loan.buyer_id,
        }

    @property
    def paid_minor(self) -> int:
        """What the core enterprise paid under it so far, in fen."""
        return sum(each.amount_minor for each in self.payments.all())

    @property
    def left_minor(self) -> int:
        """What of it is still to be paid, in fen: money may have come after it was asked for."""
        return max(0, self.amount_minor - self.paid_minor)


class GuaranteePayment(models.Model):
    """What the core enterprise paid for the borrower, and may claim from it (追偿). Append-only.

    ``claim_minor`` is the amount without what overpaid the loan, in fen.
    """

    demand = models.ForeignKey(GuaranteeDemand, on_delete=models.PROTECT, related_name="payments")
    key = models.CharField(max_length=120, unique=True)
    on = models.DateField()
    amount_minor = models.BigIntegerField()
    claim_minor = models.BigIntegerField()
    tx_hash = models.CharField(max_length=66, blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return self.key
