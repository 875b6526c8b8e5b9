"""What two colleagues do for somebody who lost a way in, and addresses that asked for a new
password.
"""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.parties import machine
from scf.parties.models.people import Organization, Person, User
from scf.parties.permissions import Permission
from scf.workflow.machine import legal_status
from scf.workflow.models import Subject


class Lost(models.TextChoices):
    """What somebody has lost."""

    TOTP = "totp", _("认证器")
    PASSWORD = "password", _("密码")


class RecoveryQuerySet(models.QuerySet["Recovery"]):
    def visible_to(self, actor: Actor) -> "RecoveryQuerySet":
        """Those of the actor's own organization; all of them for who reviews organizations."""
        if actor.can(Permission.ORGANIZATION_REVIEW):
            return self
        if actor.organization_id is None:
            return self.none()
        return self.filter(organization_id=actor.organization_id)


class Recovery(Subject):
    """Help with one login at one organization, asked for by one person and confirmed by another.

    For a password each of the two is shown one half of a code; only their hashes are kept, and
    whoever has one half alone can do nothing. ``failures`` counts wrong codes.
    """

    machine: ClassVar[Any] = machine.RECOVERY

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="recoveries")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    lost = models.CharField(max_length=8, choices=Lost.choices)
    reason = models.CharField(max_length=300)
    first_half = models.CharField(max_length=128, blank=True)
    second_half = models.CharField(max_length=128, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_by_name = models.CharField(max_length=80)
    decided_by_name = models.CharField(max_length=80, blank=True)
    asked_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = RecoveryQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "lost"],
                condition=models.Q(status__in=machine.OPEN),
                name="recovery_open_once",
            ),
        ]
        triggers = [
            legal_status(machine.RECOVERY),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.lost} {self.user_id}"

    def parties(self) -> Mapping[str, UUID]:
        return {"organization": self.organization_id}


class ResetAsk(models.Model):
    """An address somebody typed to get a new password: kept whether a login has it or not, so that
    the answer to the browser takes as long and reads the same; a pump looks it up and drops it.
    """

    mail = models.CharField(max_length=254)
    asked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.mail
