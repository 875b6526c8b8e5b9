"""Which organization an actor may manage, and that nobody hands rights to oneself."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import Forbidden, NotFound
from scf.parties.models import Organization
from scf.parties.permissions import Permission


def organization_to_manage(
    organization_id: UUID, *, by: Actor, needs: str = Permission.MEMBERSHIP_GRANT
) -> Organization:
    """The organization if the actor manages its people or keys: the operator any, others the own.

    Raises Forbidden without the permission ``needs``, NotFound for another's organization.
    """
    if not by.can(needs):
        raise Forbidden(_("您没有管理人员与角色的权限"))
    manages_all = by.can(Permission.ORGANIZATION_REVIEW)
    organization = Organization.objects.filter(pk=organization_id).first()
    if organization is None or not (manages_all or organization.pk == by.organization_id):
        raise NotFound(_("没有这家机构"))
    return organization


def refuse_oneself(person_id: UUID, *, by: Actor) -> None:
    """Refuse who would give rights to oneself. Raises Forbidden(four_eyes)."""
    if by.person_id == person_id:
        raise Forbidden(_("不能给自己授权或调整权限：请由另一位同事操作"), code="four_eyes")
