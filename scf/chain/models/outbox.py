"""The outbox towards the chain: keys that pay, and calls to be made exactly once."""

from collections.abc import Mapping
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from scf.chain.functions import NextCommandPosition
from scf.chain.models.identity import ADDRESS, WORD, watchers
from scf.core.ids import new_id


class CommandState(models.TextChoices):
    QUEUED = "queued", "排队"
    BLOCKED = "blocked", "受阻"
    SENT = "sent", "已发送"
    MINED = "mined", "已上链"
    FAILED = "failed", "失败"


class Sender(models.Model):
    """A key that pays for transactions; its row is the nonce lock."""

    address = models.CharField(max_length=ADDRESS, primary_key=True)
    next_nonce = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["address"]

    def __str__(self) -> str:
        return f"{self.address} {self.next_nonce}"


class ChainCommand(models.Model):
    """A contract call to be made exactly once; commands of one queue are made strictly in order."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    position = models.BigIntegerField(db_default=NextCommandPosition(), unique=True)
    key = models.CharField(max_length=160, unique=True)
    queue = models.CharField(max_length=WORD)
    deal_id = models.UUIDField(null=True, blank=True, db_index=True)
    contract = models.CharField(max_length=60)
    function = models.CharField(max_length=60)
    args = models.JSONField(encoder=DjangoJSONEncoder)
    state = models.CharField(
        max_length=8, choices=CommandState.choices, default=CommandState.QUEUED
    )
    error = models.CharField(max_length=60, blank=True)  # a code of contracts.ERRORS
    error_details = models.JSONField(default=dict, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    sender = models.ForeignKey(Sender, on_delete=models.PROTECT, null=True, blank=True)
    nonce = models.BigIntegerField(null=True, blank=True)
    raw_tx = models.BinaryField(null=True, blank=True)
    max_fee = models.BigIntegerField(default=0)  # wei a unit of gas, as last signed
    tx_hash = models.CharField(max_length=WORD, blank=True)
    tx_hashes = ArrayField(
        models.CharField(max_length=WORD), default=list
    )  # also those a higher fee replaced
    block_number = models.BigIntegerField(null=True, blank=True)
    block_hash = models.CharField(max_length=WORD, blank=True)
    is_reverted = models.BooleanField(default=False)  # mined, but the contract said no
    # What a reaction raised when the failure was told, how often, and when it is told again.
    untold_error = models.TextField(blank=True, default="", db_default="")
    untold_attempts = models.PositiveIntegerField(default=0, db_default=0)
    untold_retry_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)  # last signed
    broadcast_at = models.DateTimeField(null=True, blank=True)
    mined_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        indexes = [
            models.Index(
                fields=["queue", "position"],
                name="command_open",
                condition=~Q(state__in=["mined", "failed"]),
            ),
            models.Index(fields=["block_number"], name="command_of_block"),
            GinIndex(fields=["tx_hashes"], name="command_tx_hashes"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["sender", "nonce"], name="command_one_per_nonce"),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "blocked", "failed", "mined"])
                | Q(raw_tx__isnull=False, nonce__isnull=False),
                name="command_sent_has_bytes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.state}"

    def parties(self) -> Mapping[str, UUID]:
        """Whoever listens to its queue."""
        return watchers({self.queue})
