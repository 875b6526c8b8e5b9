"""Limits at three levels, the changes two persons make to them, and what freezes them."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from scf.core.actor import Actor
from scf.core.ids import new_id
from scf.credit.choices import LimitLevel
from scf.credit.machine import CHANGE_MACHINE, ChangeStatus
from scf.credit.models.programmes import NOBODY, Programme
from scf.parties.models import Organization
from scf.workflow.machine import legal_status
from scf.workflow.models import Subject

ORGANIZATION_LEVELS = [LimitLevel.ENTERPRISE, LimitLevel.BORROWER]


class LimitQuerySet(models.QuerySet["Limit"]):
    def visible_to(self, actor: Actor) -> "LimitQuerySet":
        """The bank's own; a borrower or core enterprise sees the limits about itself."""
        if actor.is_system:
            return self
        mine = actor.organization_id or NOBODY
        return self.filter(
            Q(bank_id=mine) | Q(organization_id=mine) | Q(programme__enterprise_id=mine)
        )


def about_one_thing(name: str) -> models.CheckConstraint:
    """A programme limit names a programme, the other levels an organization."""
    return models.CheckConstraint(
        condition=Q(level=LimitLevel.PROGRAMME, programme__isnull=False, organization__isnull=True)
        | Q(level__in=ORGANIZATION_LEVELS, programme__isnull=True, organization__isnull=False),
        name=name,
    )


class Limit(models.Model):
    """How much a bank lends under a programme, around a core enterprise, or to a borrower (fen).

    available = sanctioned − blocked − used − spent. ``spent`` is principal repaid under a limit
    that does not revolve; ``excess`` is what already stood above a limit when the bank lowered
    it, and only falls (K18).
    """

    deal_id = None  # a limit belongs to no deal

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    level = models.CharField(max_length=12, choices=LimitLevel.choices)
    bank = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, null=True, blank=True, related_name="limits"
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    currency = models.CharField(max_length=3, default="CNY")
    sanctioned_minor = models.BigIntegerField()
    blocked_minor = models.BigIntegerField(default=0)
    used_minor = models.BigIntegerField(default=0)
    spent_minor = models.BigIntegerField(default=0)
    excess_minor = models.BigIntegerField(default=0)
    effective_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)
    is_revolving = models.BooleanField(default=True)
    is_frozen = models.BooleanField(default=False)

    objects: ClassVar[Any] = LimitQuerySet.as_manager()

    class Meta:
        ordering = ["bank", "level", "id"]
        constraints = [
            about_one_thing("limit_about_one_thing"),
            models.UniqueConstraint(fields=["programme"], name="limit_of_programme_once"),
            models.UniqueConstraint(
                fields=["bank", "level", "organization"],
                condition=Q(level__in=ORGANIZATION_LEVELS),
                name="limit_of_organization_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    sanctioned_minor__gte=0,
                    blocked_minor__gte=0,
                    used_minor__gte=0,
                    spent_minor__gte=0,
                    excess_minor__gte=0,
                ),
                name="limit_figures_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(
                    sanctioned_minor__gte=F("blocked_minor")
                    + F("used_minor")
                    + F("spent_minor")
                    - F("excess_minor")
                ),
                name="limit_not_exceeded",
            ),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gte=F("effective_on")),
                name="limit_dates_ordered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.sanctioned_minor}"

    @property
    def taken_minor(self) -> int:
        """What is blocked, used or spent of the limit, in fen."""
        return self.blocked_minor + self.used_minor + self.spent_minor

    @property
    def available_minor(self) -> int:
        """What may still be drawn, in fen: nothing while frozen (K18)."""
        return 0 if self.is_frozen else max(0, self.sanctioned_minor - self.taken_minor)

    def parties(self) -> Mapping[str, UUID]:
        """The bank, and whom the limit is about."""
        about = self.programme.enterprise_id if self.programme else self.organization_id
        return {"bank": self.bank_id, **({"about": about} if about else {})}


class LimitChangeQuerySet(models.QuerySet["LimitChange"]):
    def visible_to(self, actor: Actor) -> "LimitChangeQuerySet":
        """The bank's own proposals; nobody else knows of them."""
        return self if actor.is_system else self.filter(bank_id=actor.organization_id or NOBODY)


class LimitChange(Subject):
    """A proposed amount and dates of a limit, in force when another person approves it."""

    machine: ClassVar[Any] = CHANGE_MACHINE

    level = models.CharField(max_length=12, choices=LimitLevel.choices)
    bank = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    limit = models.ForeignKey(
        Limit, on_delete=models.PROTECT, null=True, blank=True, related_name="changes"
    )
    sanctioned_minor = models.BigIntegerField()
    effective_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)
    is_revolving = models.BooleanField(default=True)
    reason = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = LimitChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        triggers = [legal_status(CHANGE_MACHINE)]
        constraints = [
            about_one_thing("limit_change_about_one_thing"),
            models.UniqueConstraint(
                fields=["bank", "level", "organization"],
                condition=Q(status=ChangeStatus.PROPOSED, organization__isnull=False),
                name="limit_change_proposed_once",
            ),
            models.CheckConstraint(
                condition=Q(sanctioned_minor__gte=0), name="limit_change_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gte=F("effective_on")),
                name="limit_change_dates_ordered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.sanctioned_minor}"

    def parties(self) -> Mapping[str, UUID]:
        """The bank alone: a proposal is its own business until it is approved."""
        return {"bank": self.bank_id}


class LimitFreeze(models.Model):
    """One reason why a limit is frozen; it thaws when the last of them is lifted."""

    limit = models.ForeignKey(Limit, on_delete=models.PROTECT, related_name="freezes")
    key = models.CharField(max_length=120)
    reason = models.CharField(max_length=300)
    frozen_at = models.DateTimeField(auto_now_add=True)
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["limit", "key"], name="limit_freeze_key"),
        ]

    def __str__(self) -> str:
        return self.key
