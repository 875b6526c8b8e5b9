"""What the chain said: blocks, and the events of our contracts."""

from collections.abc import Mapping
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from scf.chain.models.identity import WORD, watchers


class Block(models.Model):
    """A block header that was seen; the chain of hashes is how a reorg is noticed."""

    number = models.BigIntegerField(primary_key=True)
    hash = models.CharField(max_length=WORD, unique=True)
    parent = models.CharField(max_length=WORD)
    time = models.DateTimeField()

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.hash}"


class ChainHead(models.Model):
    """How far the node is, as the indexer last heard: one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField()
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_chain_head")]

    def __str__(self) -> str:
        return str(self.number)


class ChainEvent(models.Model):
    """What a contract of ours said in one log. Its id is named by block hash and log index: twice
    is once.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    name = models.CharField(max_length=60)
    contract = models.CharField(max_length=60)
    reference = models.CharField(
        max_length=WORD, blank=True
    )  # whose queue it holds when it cannot be applied
    args = models.JSONField(encoder=DjangoJSONEncoder)
    deal_id = models.UUIDField(null=True, blank=True)
    block_number = models.BigIntegerField()
    block_hash = models.CharField(max_length=WORD)
    block_time = models.DateTimeField()
    log_index = models.PositiveIntegerField()
    tx_hash = models.CharField(max_length=WORD)
    applied_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    attempts = models.PositiveIntegerField(default=0)
    retry_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["block_number", "log_index"]
        indexes = [
            models.Index(
                fields=["block_number", "log_index"],
                name="event_unapplied",
                condition=Q(applied_at__isnull=True),
            ),
            models.Index(fields=["reference", "block_number"], name="event_of_reference"),
            models.Index(fields=["tx_hash"], name="event_of_transaction"),
            # An event learns its deal when it is applied: storing it touches one index less.
            models.Index(
                fields=["deal_id"], name="event_of_deal", condition=Q(deal_id__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["block_hash", "log_index"], name="event_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.reference}"

    def parties(self) -> Mapping[str, UUID]:
        """Whoever listens to its reference or to any agreement or wallet it names."""
        return watchers(
            {self.reference} | {value for value in self.args.values() if isinstance(value, str)}
        )
