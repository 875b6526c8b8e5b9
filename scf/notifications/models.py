"""What each person was told, where they want to be told, and how far the facts were read."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.ids import new_id
from scf.parties.models import Organization, Person
from scf.workflow.models import Fact


class Kind(models.TextChoices):
    """What a message is about; a person chooses by kind what also comes by mail."""

    TURN = "turn", _("轮到我处理")
    REPAYMENT = "repayment", _("还款提醒")
    OVERDUE = "overdue", _("逾期")
    DECISION = "decision", _("审批结果")
    MONEY = "money", _("资金动态")
    GOODS = "goods", _("交货与证据")
    DISPUTE = "dispute", _("争议与异常")
    ACCOUNT = "account", _("账户安全")


class Channel(models.TextChoices):
    """Ways to a person beside the inbox, which holds everything."""

    MAIL = "mail", _("邮件")


class InboxItemQuerySet(models.QuerySet["InboxItem"]):
    def visible_to(self, actor: Actor) -> "InboxItemQuerySet":
        """A person's own messages as a member of the organization they act for."""
        if actor.is_system:
            return self
        if actor.person_id is None or actor.organization_id is None:
            return self.none()
        return self.filter(person_id=actor.person_id, organization_id=actor.organization_id)

    def unread(self) -> "InboxItemQuerySet":
        """Neither read nor over."""
        return self.filter(read_at__isnull=True, over_at__isnull=True)


class InboxItem(models.Model):
    """One message to one person at one organization, called for by a fact.

    ``side`` is the organization's on the deal; ``what`` and ``due_at`` are the turn's. ``over_at``
    says that what it asked for is done, by whomever, or that a later message took its place. What
    concerns a login or a wallet has no deal.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="inbox")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    fact = models.ForeignKey(Fact, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    side = models.CharField(max_length=8, blank=True)
    what = models.CharField(max_length=200, blank=True)
    due_at = models.DateTimeField(null=True)
    deal_id = models.UUIDField(null=True)
    since = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    over_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = InboxItemQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["fact", "person", "organization", "kind"], name="inbox_told_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["person", "organization"],
                condition=models.Q(read_at__isnull=True, over_at__isnull=True),
                name="inbox_unread",
            ),
            models.Index(fields=["person", "organization", "-id"], name="inbox_of_person"),
            models.Index(
                fields=["deal_id", "kind"],
                condition=models.Q(over_at__isnull=True),
                name="inbox_open_of_deal",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.fact_id}"


class Cursor(models.Model):
    """How far a reader of facts has come: the transaction and the id of the last one it took."""

    name = models.CharField(max_length=24, unique=True)
    xid = models.BigIntegerField(default=0)
    last_id = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.name} {self.xid} {self.last_id}"


class DealTurn(models.Model):
    """Whose turn it was on a deal when it was last looked at: a change of it is told."""

    deal_id = models.UUIDField(primary_key=True)
    party_id = models.UUIDField(null=True)
    permission = models.CharField(max_length=40, blank=True)
    what = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["deal_id"]

    def __str__(self) -> str:
        return f"{self.deal_id} {self.what}"


class Preference(models.Model):
    """Whether a person wants messages of a kind on a channel; without a row they do not."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    is_on = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "channel"], name="preference_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind} {self.channel}"


class Delivery(models.Model):
    """One message on one channel beside the inbox.

    ``claimed_at`` is written before it leaves: a row with it and without ``sent_at`` may have left
    or not, and is never sent again. A refused one is put off to ``next_try_at``; ``given_up_at``
    ends the attempts.
    """

    item = models.ForeignKey(InboxItem, on_delete=models.PROTECT, related_name="deliveries")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["item", "channel"], name="delivered_once_a_channel"),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=models.Q(
                    claimed_at__isnull=True, sent_at__isnull=True, given_up_at__isnull=True
                ),
                name="delivery_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.item_id}"
