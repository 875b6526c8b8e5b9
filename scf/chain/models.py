"""The outbox towards the chain, what the chain said, who listens to which reference, and what waits to be signed.

Every hexadecimal text in this room is ``0x`` and lower case: addresses, hashes, agreement ids.
"""

from collections.abc import Mapping
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from scf.chain.functions import NextCommandPosition
from scf.chain.machine import RETRY_MACHINE
from scf.core.ids import new_id
from scf.workflow.machine import legal_status
from scf.workflow.models import Subject

ADDRESS = 42  # characters of an address
WORD = 66  # characters of 32 bytes


class CommandState(models.TextChoices):
    QUEUED = "queued", "排队"
    BLOCKED = "blocked", "受阻"
    SENT = "sent", "已发送"
    MINED = "mined", "已上链"
    FAILED = "failed", "失败"


class SignatureState(models.TextChoices):
    WAITING = "waiting", "待签"
    SIGNED = "signed", "已签"
    REFUSED = "refused", "拒签"


class Reference(models.Model):
    """An agreement or wallet that upper rooms listen to: its deal, and the organizations that see its facts."""

    reference = models.CharField(max_length=WORD, primary_key=True)
    deal_id = models.UUIDField(null=True, blank=True)
    audience = ArrayField(models.UUIDField(), default=list)

    class Meta:
        ordering = ["reference"]

    def __str__(self) -> str:
        return self.reference


def watchers(references: set[str]) -> Mapping[str, UUID]:
    """The organizations that listen to any of these references, keyed by themselves: for ``parties()``."""
    audiences = Reference.objects.filter(reference__in=references).values_list(
        "audience", flat=True
    )
    return {str(each): each for audience in audiences for each in audience}


class Contract(models.Model):
    """A contract of ours on a chain: ``name`` is its artefact's, with ``:bank number`` for a bank's vault."""

    name = models.CharField(max_length=60)
    address = models.CharField(max_length=ADDRESS)
    chain_id = models.BigIntegerField()
    block_number = models.BigIntegerField()
    tx_hash = models.CharField(max_length=WORD, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["chain_id", "name"], name="contract_name_on_chain"),
            models.UniqueConstraint(
                fields=["chain_id", "address"], name="contract_address_on_chain"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.address}"


class ChainParty(models.Model):
    """An organization as a party on the chain: its salted id, the key that signs for it, and its bank."""

    organization_id = models.UUIDField(primary_key=True)
    party_id = models.CharField(max_length=WORD, unique=True)
    bank_number = models.PositiveSmallIntegerField()  # its own when it is a bank
    is_bank = models.BooleanField(default=False)
    key_address = models.CharField(
        max_length=ADDRESS, blank=True
    )  # told by the signer that holds the key
    registered_at = models.DateTimeField(null=True, blank=True)  # once the chain confirmed it

    class Meta:
        ordering = ["bank_number", "organization_id"]
        verbose_name_plural = "chain parties"
        constraints = [
            models.UniqueConstraint(
                fields=["bank_number"],
                condition=Q(is_bank=True),
                name="chain_party_one_bank_per_number",
            ),
        ]

    def __str__(self) -> str:
        return self.party_id

    deal_id = None  # a party belongs to no deal

    def parties(self) -> Mapping[str, UUID]:
        """The organization itself."""
        return {"party": self.organization_id}


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
    """What a contract of ours said in one log. Its id is named by block hash and log index: twice is once."""

    id = models.UUIDField(primary_key=True, editable=False)
    name = models.CharField(max_length=60)
    contract = models.CharField(max_length=60)
    reference = models.CharField(
        max_length=WORD, blank=True
    )  # whose queue it holds when it cannot be applied
    args = models.JSONField(encoder=DjangoJSONEncoder)
    deal_id = models.UUIDField(null=True, blank=True, db_index=True)
    block_number = models.BigIntegerField()
    block_hash = models.CharField(max_length=WORD)
    block_time = models.DateTimeField()
    log_index = models.PositiveIntegerField()
    tx_hash = models.CharField(max_length=WORD, db_index=True)
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


class SignatureRequest(models.Model):
    """An instruction one party's key is asked to sign, with the person or the standing instruction that asked."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=160, unique=True)
    organization_id = models.UUIDField(
        null=True, blank=True, db_index=True
    )  # none: the governance party
    party_id = models.CharField(max_length=WORD)
    contract = models.CharField(max_length=60)  # whose EIP-712 domain
    instruction = models.JSONField()  # every field of Instruction, in snake_case
    digest = models.CharField(max_length=WORD)
    purpose = models.CharField(max_length=60)
    asked_by = models.UUIDField(null=True, blank=True)  # the person
    standing = models.CharField(
        max_length=160, blank=True
    )  # or what a person signed before: mandate:…, mint:…
    deal_id = models.UUIDField(null=True, blank=True, db_index=True)
    then = models.JSONField(
        null=True, blank=True
    )  # a call that one signature is enough for, and its queue
    state = models.CharField(
        max_length=8, choices=SignatureState.choices, default=SignatureState.WAITING
    )
    signer = models.CharField(max_length=ADDRESS, blank=True)
    signature = models.CharField(max_length=132, blank=True)
    reason = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["id"], name="signature_waiting", condition=Q(state="waiting"))
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(asked_by__isnull=False) | ~Q(standing=""),
                name="signature_asked_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(state="signed") | ~Q(signature=""), name="signature_present"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.state}"

    def parties(self) -> Mapping[str, UUID]:
        """The party that signs, and whoever listens to the agreement."""
        signer = {"signer": self.organization_id} if self.organization_id else {}
        return signer | dict(watchers({self.instruction["agreement_id"]}))


class ChainRetry(Subject):
    """Two persons' decision on a command that is blocked or an event that cannot be applied: try again, or give up."""

    machine = RETRY_MACHINE

    class Action(models.TextChoices):
        RETRY = "retry", "重试"
        GIVE_UP = "give_up", "放弃"

    command = models.ForeignKey(ChainCommand, on_delete=models.PROTECT, null=True, blank=True)
    event = models.ForeignKey(ChainEvent, on_delete=models.PROTECT, null=True, blank=True)
    action = models.CharField(max_length=8, choices=Action.choices, default=Action.RETRY)
    organization_id = models.UUIDField()
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["id"]
        triggers = [legal_status(RETRY_MACHINE)]
        constraints = [
            models.CheckConstraint(
                condition=Q(command__isnull=False, event__isnull=True)
                | Q(command__isnull=True, event__isnull=False),
                name="retry_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(action="retry") | Q(event__isnull=True),
                name="retry_events_are_never_given_up",
            ),
            models.UniqueConstraint(
                fields=["command"], condition=Q(status="requested"), name="retry_command_once"
            ),
            models.UniqueConstraint(
                fields=["event"], condition=Q(status="requested"), name="retry_event_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.command_id or self.event_id} {self.status}"

    def parties(self) -> Mapping[str, UUID]:
        """The organization of the person who asked."""
        return {"asker": self.organization_id}
