"""Organizations, the persons who act for them, and the users they log in with."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.ids import new_id
from scf.parties.permissions import Permission, Role


class OrganizationKind(models.TextChoices):
    BANK = "bank", _("银行")
    ENTERPRISE = "enterprise", _("核心企业")
    MEMBER = "member", _("成员企业")
    WAREHOUSE = "warehouse", _("仓储物流")
    OPERATOR = "operator", _("平台运营")


class EnterpriseSize(models.TextChoices):
    """Fixed when a contract is signed; the enterprise says it itself (Regulation 802)."""

    LARGE = "large", _("大型")
    MEDIUM = "medium", _("中型")
    SMALL = "small", _("小型")
    MICRO = "micro", _("微型")


class KybStatus(models.TextChoices):
    PENDING = "pending", _("待审核")
    VERIFIED = "verified", _("已通过")
    REFUSED = "refused", _("未通过")


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def visible_to(self, actor: Actor) -> "OrganizationQuerySet":
        """The actor's own organization and every verified one; all of them for who reviews them."""
        if actor.can(Permission.ORGANIZATION_REVIEW):
            return self
        return self.filter(
            models.Q(pk=actor.organization_id) | models.Q(kyb_status=KybStatus.VERIFIED)
        )


class Organization(models.Model):
    """A bank, a core enterprise, a member (supplier or buyer), a warehouse or the operator."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=16, choices=OrganizationKind.choices)
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=40)
    name_pinyin = models.CharField(max_length=300, blank=True)
    uscc = models.CharField(max_length=18, unique=True)
    size = models.CharField(max_length=8, choices=EnterpriseSize.choices, blank=True)
    legal_representative = models.CharField(max_length=40, blank=True)
    registered_address = models.CharField(max_length=200, blank=True)
    kyb_status = models.CharField(
        max_length=12, choices=KybStatus.choices, default=KybStatus.PENDING
    )
    kyb_valid_until = models.DateField(null=True, blank=True)
    bank_number = models.PositiveSmallIntegerField(null=True, blank=True, unique=True)

    deal_id = None  # an organization belongs to no deal; facts about it carry none
    objects: ClassVar[Any] = OrganizationQuerySet.as_manager()

    class Meta:
        ordering = ["name_pinyin", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kyb_status="verified")
                | models.Q(kyb_valid_until__isnull=False),
                name="organization_verified_until_a_day",
            ),
            models.CheckConstraint(
                condition=models.Q(bank_number__isnull=True) | models.Q(kind="bank"),
                name="organization_bank_number_of_a_bank",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def parties(self) -> Mapping[str, UUID]:
        """The organization itself sees the facts about it."""
        return {"organization": self.pk}


class Person(models.Model):
    """A human being: four eyes are two persons, not two accounts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=40)

    deal_id = None  # a person belongs to no deal; facts about one carry none

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    def parties(self) -> Mapping[str, UUID]:
        """The organizations the person acts for see the facts about the person."""
        active = self.memberships.filter(is_active=True).values_list("organization_id", flat=True)
        return {str(organization_id): organization_id for organization_id in active}


class Theme(models.TextChoices):
    AUTO = "auto", _("跟随系统")
    LIGHT = "light", _("浅色")
    DARK = "dark", _("深色")


class User(AbstractUser):
    """A login, bound to one person; ``language`` and ``theme`` are how its pages look."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True)
    language = models.CharField(max_length=8, default="zh-hans")
    theme = models.CharField(max_length=8, choices=Theme.choices, default=Theme.AUTO)

    class Meta(AbstractUser.Meta):
        ordering = ["id"]


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, actor: Actor) -> "MembershipQuerySet":
        """The memberships of the actor's own organization."""
        if actor.is_system:
            return self
        if actor.organization_id is None:
            return self.none()
        return self.filter(organization_id=actor.organization_id)


class Membership(models.Model):
    """A role of a person at an organization; it may sign up to the limit (fen; empty: any
    amount).
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(max_length=24, choices=[(role.value, role.value) for role in Role])
    signing_limit_minor = models.BigIntegerField(null=True, blank=True)
    is_active = models.BooleanField(default=True)

    objects: ClassVar[Any] = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organization", "role"], name="membership_once"
            ),
            models.CheckConstraint(
                condition=models.Q(signing_limit_minor__isnull=True)
                | models.Q(signing_limit_minor__gte=0),
                name="membership_signing_limit_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.role}"


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def visible_to(self, actor: Actor) -> "ApiKeyQuerySet":
        """The keys of the actor's own organization; all of them for who reviews organizations."""
        if actor.can(Permission.ORGANIZATION_REVIEW):
            return self
        if actor.organization_id is None:
            return self.none()
        return self.filter(organization_id=actor.organization_id)


class ApiKey(models.Model):
    """A machine's way in: acts as ``person`` at ``organization``, within ``scopes`` and its roles.

    The secret is shown once; its SHA-256 is kept, which is enough for 256 random bits. ``minute``
    is a Unix time in minutes, the one ``requests_in_minute`` counts.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="api_keys"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="api_keys")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12, unique=True)
    secret_hash = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=40))
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    requests_a_minute = models.PositiveIntegerField(default=600)
    minute = models.BigIntegerField(default=0)
    requests_in_minute = models.PositiveIntegerField(default=0)

    objects: ClassVar[Any] = ApiKeyQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")),
                name="api_key_expires_after_it_was_made",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prefix} {self.name}"


class AnsweredRequest(models.Model):
    """What a machine was answered to one ``Idempotency-Key``, so that asking again does nothing.

    Written in the transaction of the act itself: either both are there or neither.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=255)
    route = models.CharField(max_length=120)
    body_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.TextField()
    answered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["answered_at"], name="answered_request_age")]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "key", "route"], name="request_answered_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.route} {self.key}"
