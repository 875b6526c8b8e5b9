"""Who a user is, and what an organization shows to whom."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import NotFound
from scf.parties.models import Membership, Organization, User
from scf.parties.permissions import permissions_of


def actor_for(user: User, *, stepped_up_at: datetime | None = None) -> Actor:
    """The actor a user is, at the organization of the first active membership, with every role there."""
    memberships = list(
        Membership.objects.filter(person_id=user.person_id, is_active=True).order_by("organization_id", "id")
    )
    organization_id = memberships[0].organization_id if memberships else None
    roles = [each.role for each in memberships if each.organization_id == organization_id]
    return Actor(
        person_id=user.person_id,
        user_id=user.pk,
        organization_id=organization_id,
        name=user.person.name if user.person else user.username,
        permissions=permissions_of(roles),
        stepped_up_at=stepped_up_at,
    )


def get_organization(organization_id: UUID) -> Organization:
    """One organization; names of parties are public on the platform, their deals are not."""
    found = Organization.objects.filter(pk=organization_id).first()
    if found is None:
        raise NotFound(_("没有这家机构"), code="not_found")
    return found
