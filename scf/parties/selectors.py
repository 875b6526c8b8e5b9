"""Who a user is, and what an organization shows to whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import NotFound
from scf.parties.models import (
    ApiKey,
    KybStatus,
    Membership,
    Organization,
    OrganizationKind,
    Person,
    User,
)
from scf.parties.permissions import GRANTS, permissions_of

SECOND_FACTOR_KINDS = frozenset({OrganizationKind.BANK, OrganizationKind.OPERATOR})


@dataclass(frozen=True)
class Address:
    """Where a person gets mail, and in which language."""

    mail: str
    language: str


def actor_for(
    user: User, *, stepped_up_at: datetime | None = None, organization_id: UUID | None = None
) -> Actor:
    """The actor a user is at one organization, with every active role there.

    Without ``organization_id``, or with one the person does not act for, it is the organization of
    the
    first active membership. Whether a second factor was shown is the door's business.
    """
    memberships = list(
        Membership.objects.filter(person=user.person, is_active=True).order_by(
            "organization_id", "id"
        )
    )
    chosen = [each for each in memberships if each.organization_id == organization_id]
    chosen = chosen or [
        each for each in memberships if each.organization_id == memberships[0].organization_id
    ]
    return Actor(
        person_id=user.person_id,
        user_id=user.pk,
        organization_id=chosen[0].organization_id if chosen else None,
        name=user.person.name if user.person else user.username,
        permissions=permissions_of([each.role for each in chosen]),
        stepped_up_at=stepped_up_at,
    )


def find_actor(username: str) -> Actor:
    """The actor a login name stands for, for management commands. Raises NotFound."""
    found = User.objects.filter(username=username, is_active=True).first()
    if found is None:
        raise NotFound(_("没有这个用户"))
    return actor_for(found)


def find_login(user_id: int) -> User | None:
    """An active login by its number, for the system's own use."""
    return User.objects.filter(pk=user_id, is_active=True).first()


def get_organization(organization_id: UUID) -> Organization:
    """One organization; names of parties are public on the platform, their deals are not."""
    found = Organization.objects.filter(pk=organization_id).first()
    if found is None:
        raise NotFound(_("没有这家机构"), code="not_found")
    return found


def list_organizations(*, by: Actor, kind: str = "", search: str = "") -> Any:
    """The organizations the actor may know of, by kind and by name, pinyin, initials or code."""
    found = Organization.objects.visible_to(by)
    if kind:
        found = found.filter(kind=kind)
    if search:
        word = search.strip()
        found = found.filter(
            Q(name__icontains=word)
            | Q(name_pinyin__icontains=word.lower())
            | Q(uscc__startswith=word.upper())
        )
    return found


def list_organizations_of(user: User) -> list[Organization]:
    """The organizations the user's person acts for: the choices of the switch in the page head."""
    rows = Organization.objects.filter(memberships__person=user.person, memberships__is_active=True)
    return list(rows.distinct())


def kyb_is_valid(organization: Organization, *, on: date) -> bool:
    """True when the review said yes and its last day is not before ``on``: asked at submit and
    at pay-out.
    """
    until = organization.kyb_valid_until
    return organization.kyb_status == KybStatus.VERIFIED and until is not None and on <= until


def needs_second_factor(organization: Organization) -> bool:
    """True where staff may do nothing before a TOTP code was shown: at banks and at the
    operator.
    """
    return organization.kind in SECOND_FACTOR_KINDS


def list_colleagues(*, by: Actor) -> dict[Person, frozenset[str]]:
    """The other people of the actor's organization with what each may do there, by name."""
    rows = Membership.objects.visible_to(by).filter(is_active=True).select_related("person")
    roles: dict[Person, list[str]] = {}
    for each in rows.order_by("person__name", "person_id"):
        if each.person_id != by.person_id:
            roles.setdefault(each.person, []).append(each.role)
    return {person: permissions_of(held) for person, held in roles.items()}


def list_holders(organization_id: UUID, *, permission: str) -> list[Person]:
    """The people of an organization whose active roles hold the permission, by name."""
    roles = [role.value for role, grants in GRANTS.items() if permission in grants]
    rows = Person.objects.filter(
        memberships__organization_id=organization_id,
        memberships__is_active=True,
        memberships__role__in=roles,
    )
    return list(rows.distinct().order_by("name", "pk"))


def list_members(organization_ids: Iterable[UUID]) -> list[tuple[UUID, UUID, str]]:
    """Organization, person and role of everybody who acts for these organizations; for the
    system's own use, as a tenant sees only its own people.
    """
    rows = Membership.objects.filter(organization__in=set(organization_ids), is_active=True)
    return list(rows.values_list("organization_id", "person_id", "role"))


def addresses_of(person_ids: Iterable[UUID]) -> dict[UUID, Address]:
    """The address of each of these people who has one, from the first login that names it; for
    the system's own use.
    """
    rows = User.objects.filter(person__in=set(person_ids), is_active=True).exclude(email="")
    found: dict[UUID, Address] = {}
    for user in rows.order_by("pk"):
        if user.person_id:
            found.setdefault(user.person_id, Address(user.email, user.language))
    return found


def count_recovery_codes(user: Any) -> int | None:
    """How many recovery codes of a login are unused; None when none were ever made."""
    rows = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES)
    found = rows.first()
    return None if found is None else len(found.wrap().get_unused_codes())


def has_authenticator(user: User) -> bool:
    """Whether an authenticator is bound to the login."""
    rows = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP)
    return bool(rows.exists())


def list_api_keys(*, by: Actor) -> Any:
    """The keys of the actor's organization, newest first, without their secrets."""
    return ApiKey.objects.visible_to(by).select_related("organization", "person")
