"""Digital-RMB wallets, and the acts on them that parties must approve before they are relayed."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.wallets import machine
from scf.workflow.machine import legal_status
from scf.workflow.models import Subject

NOTHING = models.Value([], models.JSONField())


class Purpose(models.TextChoices):
    """What a wallet is for; each party has one of a purpose at a bank."""

    GENERAL = "general", _("一般钱包")
    COLLECTION = "collection", _("回款监管钱包")
    DEPOSIT = "deposit", _("保证金钱包")
    OWN = "own", _("银行自有钱包")


class WalletQuerySet(models.QuerySet["Wallet"]):
    def visible_to(self, actor: Actor) -> "WalletQuerySet":
        """The wallets an organization owns or keeps as their bank."""
        if actor.is_system:
            return self
        mine = models.Q(owner_id=actor.organization_id) | models.Q(bank_id=actor.organization_id)
        return self.filter(mine)


class Wallet(Subject):
    """An address on the chain and the ledger account that mirrors it, owned by one organization."""

    machine: ClassVar[Any] = machine.MACHINE

    owner_id = models.UUIDField()
    bank_id = models.UUIDField()
    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    address = models.CharField(max_length=42, unique=True)
    account_code = models.CharField(max_length=80)
    frozen_by_order = models.CharField(max_length=66, blank=True)

    objects: ClassVar[Any] = WalletQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner_id", "bank_id", "purpose"], name="wallet_one_a_purpose"
            ),
        ]
        triggers = [legal_status(machine.MACHINE)]

    def __str__(self) -> str:
        return f"{self.purpose} {self.address}"

    def parties(self) -> Mapping[str, UUID]:
        return {"owner": self.owner_id, "bank": self.bank_id}


class Act(Subject):
    """One instruction that named parties must approve; relayed once all of them have.

    ``approvals`` maps each organization to its signature, empty until it is there. The instruction,
    the parties and the call never change: a changed wish is another act with another key.
    """

    machine: ClassVar[Any] = machine.ACT

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=24)
    subject_id = models.UUIDField()
    amount_minor = models.BigIntegerField(default=0)
    instruction = models.JSONField()
    instruction_id = models.CharField(max_length=66, db_index=True)  # of all attempts of a wish
    call = models.JSONField()
    queue = models.CharField(max_length=80)
    approvals = models.JSONField(default=dict)
    after = models.JSONField(default=list, db_default=NOTHING)  # instruction ids to be done first
    audience = models.JSONField(default=list)
    tx_hash = models.CharField(max_length=66, blank=True)
    failure = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["subject_id", "kind"], name="act_of_subject")]
        triggers = [
            legal_status(machine.ACT),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.key

    def parties(self) -> Mapping[str, UUID]:
        return {str(number): UUID(party) for number, party in enumerate(self.audience)}


class StatusOrder(models.Model):
    """Under which order of a court or regulator a wallet was to be frozen (``level``), or freed
    (``level`` active): one row an act, kept for good. ``reason`` is the bank's own.
    """

    wallet = models.ForeignKey(Wallet, on_delete=models.PROTECT, related_name="orders")
    act = models.OneToOneField(Act, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=16, choices=machine.S.choices)
    number = models.CharField(max_length=80)
    authority = models.CharField(max_length=120)
    reason = models.CharField(max_length=300)
    order_id = models.CharField(max_length=66)
    asked_by_name = models.CharField(max_length=80)
    asked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        triggers = [
            pgtrigger.Protect(name="kept", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.level}"
