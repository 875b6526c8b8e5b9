"""What everything with a life of its own shares: deals to lock, subjects with a status, facts, the
business day.
"""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from scf.core.actor import Actor
from scf.core.ids import new_id
from scf.workflow.functions import CurrentXactId


class Deal(models.Model):
    """One financing from order to settlement; its row is the lock of everything that carries its
    id.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.id)


class Subject(models.Model):
    """A row with a status that only its machine may move; says whose turn it is and until when."""

    machine: ClassVar[Any]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    status = models.CharField(max_length=24)
    deal_id = models.UUIDField(null=True, blank=True, db_index=True)
    turn_party = models.UUIDField(null=True, blank=True)
    turn_role = models.CharField(max_length=24, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True

    @property
    def status_label(self) -> str:
        """The status in the reader's words."""
        return str(self.machine.label(self.status))

    def parties(self) -> Mapping[str, UUID]:
        """The organizations concerned by their role on this row: they see it and its facts."""
        raise LookupError(f"{type(self).__name__} names no parties")


class FactQuerySet(models.QuerySet["Fact"]):
    def visible_to(self, actor: Actor) -> "FactQuerySet":
        """The facts whose audience holds the actor's organization; all of them for the system."""
        return self if actor.is_system else self.filter(audience__contains=[actor.organization_id])


class Fact(models.Model):
    """This happened: audit trail, timeline and feed in one append-only row."""

    name = models.CharField(max_length=80)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    deal_id = models.UUIDField(null=True)
    recorded_at = models.DateTimeField()
    business_date = models.DateField()
    xid = models.BigIntegerField(db_default=CurrentXactId())
    person_id = models.UUIDField(null=True)
    user_id = models.BigIntegerField(null=True)
    organization_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=80)
    audience = ArrayField(models.UUIDField(), default=list)
    details = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    objects: ClassVar[Any] = FactQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["deal_id", "id"], name="fact_of_deal"),
            models.Index(fields=["subject_id", "name"], name="fact_of_subject"),
            models.Index(fields=["xid", "id"], name="fact_cursor"),
            GinIndex(fields=["audience"], name="fact_audience"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.subject_id}"


class BusinessDay(models.Model):
    """The bank day that is open: one row, moved by ``advance_day`` and by the daily schedule."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    opened_on = models.DateField()

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_business_day")]

    def __str__(self) -> str:
        return self.opened_on.isoformat()
