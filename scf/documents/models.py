"""A stored file and a paper made from a template."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.ids import new_id
from scf.parties.models import Organization


class MediaType(models.TextChoices):
    """What may be stored; told by the contents, never by the name."""

    PDF = "application/pdf", "PDF"
    PNG = "image/png", "PNG"
    JPEG = "image/jpeg", "JPEG"
    XML = "application/xml", "XML"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "XLSX"
    CSV = "text/csv", "CSV"


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, actor: Actor) -> "DocumentQuerySet":
        """The documents whose audience holds the actor's organization; all of them for the
        system.
        """
        return self if actor.is_system else self.filter(audience__contains=[actor.organization_id])


class Document(models.Model):
    """A file as it was given: its bytes never change, only its audience may grow."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="documents")
    audience = ArrayField(models.UUIDField())
    purpose = models.CharField(max_length=40, blank=True)
    deal_id = models.UUIDField(null=True, blank=True, db_index=True)
    name = models.CharField(max_length=200)
    stored_name = models.CharField(max_length=64, unique=True)
    media_type = models.CharField(max_length=80, choices=MediaType.choices)
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    stored_at = models.DateTimeField()
    stored_by = models.UUIDField(null=True, blank=True)

    objects: ClassVar[Any] = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [GinIndex(fields=["audience"], name="document_audience")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(size_bytes__gt=0), name="document_is_not_empty"
            )
        ]
        triggers = [
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="as_it_was_given", exclude=["audience"]),
        ]

    def __str__(self) -> str:
        return self.name

    def parties(self) -> Mapping[str, UUID]:
        """Everybody who may read the document sees the facts about it."""
        return {str(organization_id): organization_id for organization_id in self.audience}


class PaperKind(models.TextChoices):
    DRAWDOWN_NOTE = "drawdown_note", _("借据")
    PAY_OUT_NOTICE = "pay_out_notice", _("放款通知书")
    DELIVERY_RECEIPT = "delivery_receipt", _("收货确认书")
    PAYMENT_RECEIPT = "payment_receipt", _("电子回单")
    SETTLEMENT_CERTIFICATE = "settlement_certificate", _("结清证明")
    INTEREST_NOTICE = "interest_notice", _("利息通知单")
    MATURITY_NOTICE = "maturity_notice", _("到期通知书")
    REPAYMENT_NOTE = "repayment_note", _("扣款回单")
    DUNNING_LETTER = "dunning_letter", _("逾期催收通知书")
    SHORTFALL_NOTICE = "shortfall_notice", _("差额退款通知书")
    BUY_BACK_NOTICE = "buy_back_notice", _("回购通知书")
    LOAN_CONTRACT = "loan_contract", _("借款合同")


class PaperQuerySet(models.QuerySet["Paper"]):
    def visible_to(self, actor: Actor) -> "PaperQuerySet":
        """The papers whose file the actor may read."""
        if actor.is_system:
            return self
        return self.filter(document__audience__contains=[actor.organization_id])


class Paper(models.Model):
    """A numbered paper: what it says (``data``), the hash of that, and the file made from it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=40, unique=True)
    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=32, choices=PaperKind.choices)
    template_version = models.PositiveSmallIntegerField()
    data = models.JSONField(encoder=DjangoJSONEncoder)
    data_sha256 = models.CharField(max_length=64)
    document = models.OneToOneField(Document, on_delete=models.PROTECT)
    deal_id = models.UUIDField(null=True, blank=True, db_index=True)
    tx_hash = models.CharField(max_length=66, blank=True)
    issued_on = models.DateField()

    objects: ClassVar[Any] = PaperQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return self.number

    def parties(self) -> Mapping[str, UUID]:
        """Everybody who may read the paper sees the facts about it."""
        return self.document.parties()
