"""Tasks to collect an overdue loan, and the notes of every attempt. Money is fen."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.loans.collections import machine
from scf.parties.models import Person
from scf.workflow.machine import legal_status
from scf.workflow.models import Subject


class Channel(models.TextChoices):
    """How the borrower was reached for."""

    PHONE = "phone", _("电话")
    VISIT = "visit", _("上门")
    MESSAGE = "message", _("短信或微信")
    LETTER = "letter", _("函件")
    LAWYER = "lawyer", _("律师函")


class Outcome(models.TextChoices):
    """What came of it."""

    PROMISED = "promised", _("承诺还款")
    NOT_REACHED = "not_reached", _("未联系上")
    REFUSED = "refused", _("拒绝还款")
    DISPUTES = "disputes", _("有争议")
    HARDSHIP = "hardship", _("经营困难")
    INFORMED = "informed", _("已告知")


class CollectionTaskQuerySet(models.QuerySet["CollectionTask"]):
    def visible_to(self, actor: Actor) -> "CollectionTaskQuerySet":
        """The tasks of the actor's own bank; a borrower never sees how it is collected from."""
        mine = models.Q(bank_id=actor.organization_id)
        return self if actor.is_system else self.filter(mine)


class CollectionTask(Subject):
    """Somebody at the bank follows one overdue loan up, next on ``due_on``."""

    machine: ClassVar[Any] = machine.MACHINE

    loan = models.ForeignKey(
        "loans.Loan", on_delete=models.PROTECT, related_name="collection_tasks"
    )
    bank_id = models.UUIDField()
    assignee = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    opened_on = models.DateField()
    due_on = models.DateField()
    ended_on = models.DateField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    objects: ClassVar[Any] = CollectionTaskQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["loan"],
                condition=models.Q(status="open"),
                name="collection_task_open_once_a_loan",
            ),
            models.CheckConstraint(
                condition=models.Q(due_on__gte=models.F("opened_on")),
                name="collection_task_due_after_it_opened",
            ),
        ]
        indexes = [
            models.Index(fields=["bank_id", "status", "due_on"], name="collection_task_of_bank"),
        ]
        triggers = [
            legal_status(machine.MACHINE),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.loan_id} {self.opened_on}"

    def parties(self) -> Mapping[str, UUID]:
        """The bank alone: what it writes about a borrower is no part of the deal's story."""
        return {"bank": self.bank_id}


class CollectionNote(models.Model):
    """One attempt: when, how, with whom, what came of it. Append-only."""

    task = models.ForeignKey(CollectionTask, on_delete=models.PROTECT, related_name="notes")
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)
    on = models.DateField()
    channel = models.CharField(max_length=12, choices=Channel.choices)
    contact = models.CharField(max_length=80)
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    promised_on = models.DateField(null=True)
    promised_minor = models.BigIntegerField(null=True)
    text = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    outcome="promised", promised_on__isnull=False, promised_minor__gt=0
                )
                | (
                    ~models.Q(outcome="promised")
                    & models.Q(promised_on__isnull=True, promised_minor__isnull=True)
                ),
                name="collection_note_promise_names_day_and_amount",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.outcome}"
