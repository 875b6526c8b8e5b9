"""An application's hold on the three limits, and the append-only log of everything that moved
one.
"""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

import pgtrigger
from django.db import models
from django.db.models import F, Q

from scf.core.actor import Actor
from scf.credit.machine import HOLD_MACHINE, HoldStatus
from scf.credit.models.limits import Limit
from scf.credit.models.programmes import NOBODY
from scf.parties.models import Organization
from scf.workflow.machine import legal_status
from scf.workflow.models import Subject

LIVE = [HoldStatus.HELD, HoldStatus.USED, HoldStatus.FREED]


class LimitHoldQuerySet(models.QuerySet["LimitHold"]):
    def visible_to(self, actor: Actor) -> "LimitHoldQuerySet":
        """The holds of the actor's own bank or own borrowing."""
        if actor.is_system:
            return self
        mine = actor.organization_id or NOBODY
        return self.filter(Q(bank_id=mine) | Q(borrower_id=mine))


class LimitHold(Subject):
    """What one application takes of the limits of its programme, core enterprise and borrower
    (fen).

    ``held`` was blocked at submit, ``used`` is principal out now, ``freed`` came back of it.
    """

    machine: ClassVar[Any] = HOLD_MACHINE

    application_id = models.UUIDField(db_index=True)
    bank = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    borrower = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    programme_limit = models.ForeignKey(Limit, on_delete=models.PROTECT, related_name="+")
    enterprise_limit = models.ForeignKey(Limit, on_delete=models.PROTECT, related_name="+")
    borrower_limit = models.ForeignKey(Limit, on_delete=models.PROTECT, related_name="+")
    held_minor = models.BigIntegerField()
    used_minor = models.BigIntegerField(default=0)
    freed_minor = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = LimitHoldQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        triggers = [legal_status(HOLD_MACHINE)]
        constraints = [
            models.UniqueConstraint(
                fields=["application_id"],
                condition=Q(status__in=LIVE),
                name="hold_of_application_once",
            ),
            models.CheckConstraint(
                condition=Q(held_minor__gt=0, used_minor__gte=0, freed_minor__gte=0),
                name="hold_figures_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(held_minor__gte=F("used_minor") + F("freed_minor")),
                name="hold_used_within_held",
            ),
        ]

    def __str__(self) -> str:
        return str(self.application_id)

    def parties(self) -> Mapping[str, UUID]:
        """The bank and the borrower."""
        return {"bank": self.bank_id, "borrower": self.borrower_id}

    def limit_ids(self) -> tuple[UUID, UUID, UUID]:
        """The three limits in the order in which they are locked: programme, enterprise,
        borrower.
        """
        return self.programme_limit_id, self.enterprise_limit_id, self.borrower_limit_id


class LimitMovement(models.Model):
    """One change of one limit, with the figures after it; ``key`` makes it happen once."""

    class Action(models.TextChoices):
        """What was done."""

        SANCTION = "sanction"
        HOLD = "hold"
        RELEASE = "release"
        USE = "use"
        FREE = "free"
        FREEZE = "freeze"
        UNFREEZE = "unfreeze"

    limit = models.ForeignKey(Limit, on_delete=models.PROTECT, related_name="movements")
    key = models.CharField(max_length=160)
    action = models.CharField(max_length=12, choices=Action.choices)
    amount_minor = models.BigIntegerField()
    application_id = models.UUIDField(null=True, blank=True, db_index=True)
    deal_id = models.UUIDField(null=True, blank=True)
    sanctioned_minor = models.BigIntegerField()
    blocked_minor = models.BigIntegerField()
    used_minor = models.BigIntegerField()
    spent_minor = models.BigIntegerField()
    business_date = models.DateField()
    recorded_at = models.DateTimeField()
    person_id = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["limit", "key"], name="limit_movement_key"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.amount_minor}"
