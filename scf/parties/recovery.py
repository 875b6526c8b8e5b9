"""Who may ask for help with a colleague's login, who confirms it, and what waits.

Two persons of the organization who hold ``access:recover``; where it has only one of them, or none
besides whom it is about, a colleague asks and the platform's operator confirms. So it does for a
login that acts for another organization too: its own people may not give that away. Nobody for
oneself.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from scf.core.actor import Actor
from scf.parties.machine import RecoveryStatus
from scf.parties.models import Membership, Organization, OrganizationKind, Person, Recovery, User
from scf.parties.permissions import GRANTS, Permission

RECOVER = Permission.ACCESS_RECOVER


@dataclass(frozen=True)
class Colleague:
    """A login of a person of an organization with the roles held there."""

    user: User
    roles: list[str]


def holders_at(organization_id: UUID, *, besides: Collection[UUID | None]) -> list[Person]:
    """Who may recover others' access at an organization, but these people."""
    roles = [role.value for role, grants in GRANTS.items() if RECOVER in grants]
    rows = Person.objects.filter(
        memberships__organization_id=organization_id,
        memberships__is_active=True,
        memberships__role__in=roles,
        user__is_active=True,
    ).exclude(pk__in=[each for each in besides if each])
    return list(rows.distinct())


def may_ask(user: User, *, organization: Organization, by: Actor) -> bool:
    """Whether the actor may ask for help with this login of the organization."""
    if by.person_id is None or by.person_id == user.person_id:
        return False
    is_colleague = by.organization_id == organization.pk
    if is_colleague and by.can(RECOVER):
        return True
    is_operator = by.can(RECOVER) and by.can(Permission.ORGANIZATION_REVIEW)
    # Without another manager a colleague may ask, as the operator has to confirm it.
    return (is_colleague or is_operator) and not holders_at(
        organization.pk, besides=[user.person_id]
    )


def confirmed_at(recovery: Recovery, *, asked_by: UUID | None) -> UUID:
    """The organization whose people confirm: the own one while somebody there may and the login
    opens no other, else the operator.
    """
    own = recovery.organization_id
    may_decide = holders_at(own, besides=[asked_by, recovery.user.person_id])
    if may_decide and not _acts_elsewhere(recovery.user, own):
        return own
    operator = Organization.objects.filter(kind=OrganizationKind.OPERATOR).order_by("pk").first()
    return operator.pk if operator else own


def _acts_elsewhere(user: User, organization_id: UUID) -> bool:
    here = Membership.objects.filter(person=user.person, is_active=True)
    return here.exclude(organization_id=organization_id).exists()


def may_confirm(recovery: Recovery, *, by: Actor) -> bool:
    """Whether the actor may be the second person for what was asked."""
    return (
        recovery.status == RecoveryStatus.ASKED
        and by.can(RECOVER)
        and by.person_id not in (recovery.asked_by_id, recovery.user.person_id)
        and by.organization_id == confirmed_at(recovery, asked_by=recovery.asked_by_id)
    )


def list_logins(organization_id: UUID) -> list[Colleague]:
    """The active logins of everybody who acts for an organization, by name."""
    rows = Membership.objects.filter(organization_id=organization_id, is_active=True)
    roles: dict[UUID, list[str]] = {}
    for person_id, role in rows.values_list("person_id", "role"):
        roles.setdefault(person_id, []).append(role)
    users = User.objects.filter(person__in=roles, is_active=True).select_related("person")
    return [
        Colleague(user, roles[user.person_id])
        for user in users.order_by("person__name", "username")
        if user.person_id
    ]


def list_recoveries(*, by: Actor) -> Any:
    """What was asked, newest first, as far as the actor may see it."""
    rows = Recovery.objects.visible_to(by)
    return rows.select_related("user__person", "organization")
