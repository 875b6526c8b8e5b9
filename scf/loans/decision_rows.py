"""Rows of what people decide about loans: proposals, grades given day after day, provisions.

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
from scf.loans.classification import Tier
from scf.workflow.machine import legal_status
from scf.workflow.models import Subject


class ProposalKind(models.TextChoices):
    """What may be proposed; the words are those of ``stored.ACTIONS``."""

    COST = "cost", _("费用入账")
    WAIVE = "waive", _("减免息费")
    RESTRUCTURE = "restructure", _("重组／展期")
    WRITE_OFF = "write_off", _("核销")
    GRADE = "grade", _("人工分类")
    CALL_TECHNICAL = "call_technical", _("技术性逾期认定")
    UNDO = "undo", _("撤销")


class TierLabel(models.TextChoices):
    """The five grades in words."""

    NORMAL = Tier.NORMAL.value, _("正常")
    SPECIAL_MENTION = Tier.SPECIAL_MENTION.value, _("关注")
    SUBSTANDARD = Tier.SUBSTANDARD.value, _("次级")
    DOUBTFUL = Tier.DOUBTFUL.value, _("可疑")
    LOSS = Tier.LOSS.value, _("损失")


class BankQuerySet(models.QuerySet[Any]):
    """Rows that are the lender's alone."""

    def visible_to(self, actor: Actor) -> "BankQuerySet":
        """The rows of the actor's own bank; nobody else knows of them."""
        return self if actor.is_system else self.filter(loan__bank_id=actor.organization_id)


class LoanProposal(Subject):
    """A decision about a loan that one person proposed and another approves or refuses.

    ``shown`` is what it would do, in fen, as the approver reads it; ``content_hash`` covers it and
    all that is proposed. ``action_key`` is the action's in the fold, once approved.
    """

    machine: ClassVar[Any] = machine.PROPOSAL

    loan = models.ForeignKey("loans.Loan", on_delete=models.PROTECT, related_name="proposals")
    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=16, choices=ProposalKind.choices)
    on = models.DateField()
    amount_minor = models.BigIntegerField(default=0)
    details = models.JSONField(default=dict)
    reason = models.CharField(max_length=500)
    shown = models.JSONField(default=dict)
    content_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = BankQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount_minor__gte=0) & ~models.Q(reason=""),
                name="loan_proposal_gives_its_reason",
            ),
        ]
        triggers = [
            legal_status(machine.PROPOSAL),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="content_is_fixed",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "loan", "key", "kind", "on", "amount_minor", "details", "reason", "content_hash"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.loan_id}"

    def parties(self) -> Mapping[str, UUID]:
        """The bank alone: a proposal is its own business until it is approved."""
        return {"bank": self.loan.bank_id}

    @property
    def action_key(self) -> str:
        """The key of the action this becomes."""
        return f"decision:{self.pk}"


class LoanGrade(models.Model):
    """The grade of a loan from the close of a day on; a row when it changes. Append-only.

    ``rule`` is the best grade days and history allow; of two rows the later one counts.
    """

    loan = models.ForeignKey("loans.Loan", on_delete=models.PROTECT, related_name="grades")
    on = models.DateField()
    tier = models.CharField(max_length=16, choices=TierLabel.choices)
    rule = models.CharField(max_length=16, choices=TierLabel.choices)
    days_past_due = models.PositiveIntegerField()
    is_technical = models.BooleanField(default=False)
    is_observed = models.BooleanField(default=False)
    is_manual = models.BooleanField(default=False)
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = BankQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.tier}"


class LoanProvision(models.Model):
    """What must be provided for a loan at a month end, and the difference that was booked (fen).

    ``general_minor`` is 1 % of principal, ``specific_minor`` by grade, together at most the
    principal. Append-only.
    """

    loan = models.ForeignKey("loans.Loan", on_delete=models.PROTECT, related_name="provisions")
    on = models.DateField()
    tier = models.CharField(max_length=16, choices=TierLabel.choices)
    principal_minor = models.BigIntegerField()
    general_minor = models.BigIntegerField()
    specific_minor = models.BigIntegerField()
    booked_minor = models.BigIntegerField()
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = BankQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["loan", "on"], name="loan_provision_once_a_day"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.booked_minor}"

    @property
    def required_minor(self) -> int:
        """What must stand for the loan after this row."""
        return self.general_minor + self.specific_minor
