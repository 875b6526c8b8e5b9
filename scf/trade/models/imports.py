"""Files people bring: the bytes as they came, and the job that reads them, dry first, then for good."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

import pgtrigger
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from scf.core.actor import Actor
from scf.parties.models import Organization
from scf.trade.machine import IMPORT_MACHINE, ImportStatus
from scf.trade.models.orders import Order
from scf.workflow.machine import legal_status
from scf.workflow.models import Subject


class ImportJobQuerySet(models.QuerySet["ImportJob"]):
    def visible_to(self, actor: Actor) -> "ImportJobQuerySet":
        """The imports of the actor's own organization."""
        return self if actor.is_system else self.filter(organization_id=actor.organization_id)


class ImportJob(Subject):
    """One uploaded order file. ``found`` is what the dry run read, ``errors`` what stands against it."""

    machine: ClassVar[Any] = IMPORT_MACHINE

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    buyer = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    seller = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    filename = models.CharField(max_length=255)
    file_hash = models.CharField(max_length=64)
    read_as = models.CharField(max_length=3, blank=True)
    document_id = models.UUIDField(null=True, blank=True)
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    errors = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    found = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, null=True, blank=True, related_name="imports"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = ImportJobQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        triggers = [legal_status(IMPORT_MACHINE)]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "buyer", "seller", "file_hash"],
                condition=~Q(status=ImportStatus.REFUSED),
                name="import_file_once",
            ),
            models.CheckConstraint(
                condition=Q(rows_done__lte=models.F("rows_total")), name="import_progress_within_rows"
            ),
            models.CheckConstraint(
                condition=~Q(status=ImportStatus.CONFIRMED) | Q(order__isnull=False),
                name="import_confirmed_has_an_order",
            ),
        ]

    def __str__(self) -> str:
        return self.filename

    def parties(self) -> Mapping[str, UUID]:
        """Only the organization that uploaded it: an import is a draft until it is confirmed."""
        return {"organization": self.organization_id}


class ImportFile(models.Model):
    """The original bytes of an import, kept as they came."""

    job = models.OneToOneField(ImportJob, on_delete=models.PROTECT, related_name="file")
    content = models.BinaryField()

    class Meta:
        ordering = ["id"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return str(self.job_id)
