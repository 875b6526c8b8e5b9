"""Order files people bring, and the job that reads each: dry first, then for good."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q

from scf.core.actor import Actor
from scf.parties.models import Organization
from scf.trade.machine import IMPORT_MACHINE, ImportStatus, PaperKind
from scf.workflow.machine import legal_status
from scf.workflow.models import Subject

NOBODY = UUID(int=0)  # an actor without an organization sees nothing


class ImportJobQuerySet(models.QuerySet["ImportJob"]):
    def visible_to(self, actor: Actor) -> "ImportJobQuerySet":
        """The imports of the actor's own organization."""
        return (
            self
            if actor.is_system
            else self.filter(organization_id=actor.organization_id or NOBODY)
        )


class ImportJob(Subject):
    """One uploaded file; its bytes are the document ``document_id``.

    ``buyer`` and ``seller`` are set when the uploader named them; otherwise the codes in the
    file say who they are. ``found`` is what the dry run read, order by order; ``errors`` what
    stands against it. ``about`` is the order a paper speaks of, once the dry run has found it.
    """

    machine: ClassVar[Any] = IMPORT_MACHINE

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    buyer = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    seller = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(
        max_length=16,
        choices=PaperKind.choices,
        default=PaperKind.ORDER,
        db_default=PaperKind.ORDER,
    )
    about = models.ForeignKey(
        "trade.Order", on_delete=models.PROTECT, null=True, blank=True, related_name="brought"
    )
    filename = models.CharField(max_length=200)
    file_hash = models.CharField(max_length=64)
    read_as = models.CharField(max_length=3, blank=True)
    document_id = models.UUIDField()
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    errors = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    found = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = ImportJobQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        triggers = [legal_status(IMPORT_MACHINE)]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "file_hash"],
                condition=~Q(status=ImportStatus.REFUSED),
                name="import_file_once",
            ),
            models.CheckConstraint(
                condition=Q(rows_done__lte=F("rows_total")), name="import_progress_within_rows"
            ),
        ]

    def __str__(self) -> str:
        return self.filename

    def parties(self) -> Mapping[str, UUID]:
        """Only the organization that uploaded it: an import is a draft until it is confirmed."""
        return {"organization": self.organization_id}
