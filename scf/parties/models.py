"""Organizations, the persons who act for them, and the users they log in with."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models

from scf.core.actor import Actor
from scf.core.ids import new_id
from scf.parties.permissions import Role


class OrganizationKind(models.TextChoices):
    BANK = "bank", "银行"
    ENTERPRISE = "enterprise", "核心企业"
    MEMBER = "member", "成员企业"
    WAREHOUSE = "warehouse", "仓储物流"
    OPERATOR = "operator", "平台运营"


class EnterpriseSize(models.TextChoices):
    """Fixed when a contract is signed; the enterprise says it itself (Regulation 802)."""

    LARGE = "large", "大型"
    MEDIUM = "medium", "中型"
    SMALL = "small", "小型"
    MICRO = "micro", "微型"


class KybStatus(models.TextChoices):
    PENDING = "pending", "待审核"
    VERIFIED = "verified", "已通过"
    REFUSED = "refused", "未通过"


class Organization(models.Model):
    """A party: a bank, a core enterprise, a member (supplier or buyer), a warehouse or the operator."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=16, choices=OrganizationKind.choices)
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=40)
    name_pinyin = models.CharField(max_length=300, blank=True)
    uscc = models.CharField(max_length=18, unique=True)
    size = models.CharField(max_length=8, choices=EnterpriseSize.choices, blank=True)
    legal_representative = models.CharField(max_length=40, blank=True)
    registered_address = models.CharField(max_length=200, blank=True)
    kyb_status = models.CharField(max_length=12, choices=KybStatus.choices, default=KybStatus.PENDING)
    kyb_valid_until = models.DateField(null=True, blank=True)
    bank_number = models.PositiveSmallIntegerField(null=True, blank=True, unique=True)

    class Meta:
        ordering = ["name_pinyin", "id"]

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    """A human being: four eyes are two persons, not two accounts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=40)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """A login, bound to one person."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True)

    class Meta(AbstractUser.Meta):  # type: ignore[name-defined,misc]
        ordering = ["id"]


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, actor: Actor) -> "MembershipQuerySet":
        """The memberships of the actor's own organization."""
        return self if actor.is_system else self.filter(organization_id=actor.organization_id)


class Membership(models.Model):
    """A role of a person at an organization, with the amount up to which it may sign (fen; empty: no limit)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=24, choices=[(role.value, role.value) for role in Role])
    signing_limit_minor = models.BigIntegerField(null=True, blank=True)
    is_active = models.BooleanField(default=True)

    objects: ClassVar[Any] = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "organization", "role"], name="membership_once"),
            models.CheckConstraint(
                condition=models.Q(signing_limit_minor__isnull=True) | models.Q(signing_limit_minor__gte=0),
                name="membership_signing_limit_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.role}"
