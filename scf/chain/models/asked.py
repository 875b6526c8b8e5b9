"""What is asked of others: signatures of a party's signer, decisions of two persons."""

from collections.abc import Mapping
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from scf.chain.machine import RETRY_MACHINE
from scf.chain.models.blocks import ChainEvent
from scf.chain.models.identity import ADDRESS, WORD, watchers
from scf.chain.models.outbox import ChainCommand
from scf.core.ids import new_id
from scf.workflow.machine import legal_status
from scf.workflow.models import Subject


class SignatureState(models.TextChoices):
    WAITING = "waiting", "待签"
    SIGNED = "signed", "已签"
    REFUSED = "refused", "拒签"


class SignatureRequest(models.Model):
    """An instruction one party's key is asked to sign, with the person or the standing
    instruction that asked.
    """

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
    """Two persons' decision on a command that is blocked or an event that cannot be applied: try
    again, or give up.
    """

    machine = RETRY_MACHINE

    class Action(models.TextChoices):
        RETRY = "retry", _("重试")
        GIVE_UP = "give_up", _("放弃")

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
