"""A partner bank's own word on a programme version it is to lend under (联合贷)."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

import pgtrigger
from django.db import models
from django.db.models import Q

from scf.core.actor import Actor
from scf.credit.machine import PARTNER_MACHINE
from scf.parties.models import Organization
from scf.workflow.machine import legal_status
from scf.workflow.models import Subject


class ProgrammePartnerQuerySet(models.QuerySet["ProgrammePartner"]):
    def visible_to(self, actor: Actor) -> "ProgrammePartnerQuerySet":
        """The partner bank's own, and those of the lender of record's programmes."""
        if actor.is_system:
            return self
        mine = actor.organization_id
        return self.filter(Q(bank_id=mine) | Q(programme_version__programme__bank_id=mine))


class ProgrammePartner(Subject):
    """A bank named in a version with its share (ppm); it says yes or no to the very terms.

    A version with partners comes into force once each has agreed to its hash.
    """

    machine: ClassVar[Any] = PARTNER_MACHINE

    programme_version = models.ForeignKey(
        "credit.ProgrammeVersion", on_delete=models.PROTECT, related_name="lenders"
    )
    bank = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    ppm = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = ProgrammePartnerQuerySet.as_manager()

    class Meta:
        ordering = ["programme_version", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme_version", "bank"], name="programme_partner_once"
            ),
            models.CheckConstraint(
                condition=Q(ppm__gt=0, ppm__lt=1_000_000), name="programme_partner_takes_a_share"
            ),
        ]
        triggers = [
            legal_status(PARTNER_MACHINE),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.programme_version_id} {self.bank_id}"

    def parties(self) -> Mapping[str, UUID]:
        """The lender of record and the partner."""
        return {"bank": self.programme_version.programme.bank_id, "partner": self.bank_id}
