"""Rows of deposits (保证金, K17). Kept beside ``models``, which shows them."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

import pgtrigger
from django.db import models

from scf.core.actor import Actor
from scf.payments import machine
from scf.wallets.models import Wallet
from scf.workflow.machine import legal_status
from scf.workflow.models import Subject


class DepositQuerySet(models.QuerySet["Deposit"]):
    def visible_to(self, actor: Actor) -> "DepositQuerySet":
        """The deposits between the actor's organization and its bank or buyer."""
        if actor.is_system:
            return self
        mine = actor.organization_id
        return self.filter(models.Q(payment__bank_id=mine) | models.Q(payment__buyer_id=mine))


class Deposit(Subject):
    """Cash the buyer pledges for one financing. It stays the buyer's, in a wallet of its own that
    the chain opens only for its bank; it pays nobody and lessens no loan. Amounts are fen and
    follow the chain's events. ``using_minor`` is what is proposed or on its way to the bank, for
    the ``reason`` written down.
    """

    machine: ClassVar[Any] = machine.DEPOSIT

    payment = models.OneToOneField(
        "payments.Payment", on_delete=models.PROTECT, related_name="deposit"
    )
    wallet = models.ForeignKey(Wallet, on_delete=models.PROTECT, related_name="+")
    wanted_minor = models.BigIntegerField()
    pledged_minor = models.BigIntegerField(default=0)
    using_minor = models.BigIntegerField(default=0)
    applied_minor = models.BigIntegerField(default=0)
    returned_minor = models.BigIntegerField(default=0)
    reason = models.CharField(max_length=500, blank=True)

    objects: ClassVar[Any] = DepositQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    wanted_minor__gt=0,
                    pledged_minor__gte=models.F("applied_minor")
                    + models.F("returned_minor")
                    + models.F("using_minor"),
                ),
                name="deposit_no_more_out_than_in",
            ),
        ]
        triggers = [
            legal_status(machine.DEPOSIT),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.payment_id} {self.wanted_minor}"

    def parties(self) -> Mapping[str, UUID]:
        return {"bank": self.payment.bank_id, "buyer": self.payment.buyer_id}

    @property
    def held_minor(self) -> int:
        """What of it lies in the deposit wallet, in fen."""
        return self.pledged_minor - self.applied_minor - self.returned_minor
