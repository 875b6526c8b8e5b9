"""Giving a person a role at an organization, taking it back, and up to what amount it may sign."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import NotFound, RuleBroken
from scf.parties.access import organization_to_manage, refuse_oneself
from scf.parties.models import Membership, OrganizationKind, Person
from scf.parties.permissions import Role
from scf.workflow import facts


@transaction.atomic
def grant_role(
    organization_id: UUID,
    *,
    person_id: UUID,
    role: str,
    by: Actor,
    signing_limit_minor: int | None = None,
) -> Membership:
    """Let a person act in this role at this organization, signing up to the limit (fen; None: no
    limit).

    The operator may do so anywhere, a bank manager at the own bank; nobody for oneself (four_eyes).
    Granting twice leaves one membership. Raises RuleBroken(role_not_for_kind).
    """
    organization = organization_to_manage(organization_id, by=by)
    refuse_oneself(person_id, by=by)
    if not role_fits(role, organization.kind):
        raise RuleBroken(_("角色 %(role)s 不适用于这类机构"), code="role_not_for_kind", role=role)
    if not Person.objects.filter(pk=person_id).exists():
        raise NotFound(_("没有这个人"))
    membership, _created = Membership.objects.update_or_create(
        person_id=person_id,
        organization=organization,
        role=role,
        defaults={"is_active": True, "signing_limit_minor": signing_limit_minor},
    )
    _record("role_granted", membership, by)
    return membership


@transaction.atomic
def revoke_role(organization_id: UUID, *, person_id: UUID, role: str, by: Actor) -> Membership:
    """Take the role back; the row stays, inactive. Raises NotFound, Forbidden."""
    membership = _membership_to_change(organization_id, person_id, role, by)
    membership.is_active = False
    membership.save(update_fields=["is_active"])
    _record("role_revoked", membership, by)
    return membership


@transaction.atomic
def set_signing_limit(
    organization_id: UUID, *, person_id: UUID, role: str, limit_minor: int | None, by: Actor
) -> Membership:
    """Change the amount (fen; None: no limit) up to which the role signs. Raises NotFound,
    Forbidden.
    """
    membership = _membership_to_change(organization_id, person_id, role, by)
    membership.signing_limit_minor = limit_minor
    membership.save(update_fields=["signing_limit_minor"])
    _record("signing_limit_set", membership, by)
    return membership


def role_fits(role: str, kind: str) -> bool:
    """Bank roles at banks, enterprise roles at core enterprises, and so on; an auditor reads
    anywhere.
    """
    if role == Role.AUDITOR:
        return True
    if role == Role.MEMBER_WAREHOUSE and kind == OrganizationKind.WAREHOUSE:
        return True
    return role in set(Role) and role.partition("_")[0] == kind


def _membership_to_change(
    organization_id: UUID, person_id: UUID, role: str, by: Actor
) -> Membership:
    organization = organization_to_manage(organization_id, by=by)
    refuse_oneself(person_id, by=by)
    rows = Membership.objects.select_for_update().filter(
        organization=organization, person_id=person_id, role=role
    )
    membership = rows.first()
    if membership is None:
        raise NotFound(_("此人没有这个角色"))
    return membership


def _record(name: str, membership: Membership, by: Actor) -> None:
    facts.record(
        f"organization.{name}",
        membership.organization,
        by=by,
        person_id=membership.person_id,
        role=membership.role,
        signing_limit_minor=membership.signing_limit_minor,
    )
