"""Who is asking: from a browser's session to an Actor, at the organization chosen in the page
head.
"""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from scf.core import clock
from scf.core.actor import Actor
from scf.core.errors import Forbidden, NotFound
from scf.parties.models import Organization, OrganizationKind, User
from scf.parties.selectors import actor_for, list_organizations_of, needs_second_factor

CHOSEN = "organization_id"
PORTALS = {
    OrganizationKind.BANK: "bank",
    OrganizationKind.ENTERPRISE: "enterprise",
    OrganizationKind.MEMBER: "member",
    OrganizationKind.WAREHOUSE: "member",
    OrganizationKind.OPERATOR: "operator",
}


@dataclass(frozen=True)
class Session:
    """The actor of one request with what the page head shows of it."""

    actor: Actor
    organization: Organization | None = None
    organizations: list[Organization] = field(default_factory=list)
    portal: str = ""
    lacks_second_factor: bool = False


def actor_of(request: HttpRequest) -> Actor:
    """The actor of a logged-in request; raises Forbidden(login_required) otherwise.

    Where a second factor is needed and none was shown in this session, the actor has neither
    organization nor permissions: everything is NotFound or Forbidden to it.
    """
    return session_of(request).actor


def session_of(request: HttpRequest) -> Session:
    """The session of a logged-in request, looked up once; raises Forbidden(login_required)."""
    if not isinstance(request.user, User):
        raise Forbidden(_("请先登录"), code="login_required")
    key = (request.session.get(CHOSEN), len(get_authentication_records(request, request.user)))
    known: tuple[object, Session] | None = getattr(request, "scf_session", None)
    if known is None or known[0] != key:
        # Looked up anew when another organization was chosen or more was proved meanwhile.
        known = (key, _look_up(request, request.user))
        request.scf_session = known  # type: ignore[attr-defined]
    return known[1]


def choose_organization(request: HttpRequest, organization_id: UUID) -> None:
    """Act for this organization from now on; NotFound when the person has no role there."""
    if organization_id not in {each.pk for each in session_of(request).organizations}:
        raise NotFound(_("没有这家机构"))
    request.session[CHOSEN] = str(organization_id)


def _look_up(request: HttpRequest, user: User) -> Session:
    organizations = list_organizations_of(user)
    chosen = str(request.session.get(CHOSEN, ""))
    organization = next((each for each in organizations if str(each.pk) == chosen), None)
    organization = organization or next(iter(organizations), None)
    if organization is None:
        return Session(actor_for(user, stepped_up_at=_proved_at(request, user, "password", "mfa")))
    is_strong = needs_second_factor(organization)
    proved_at = _proved_at(request, user, "mfa", *([] if is_strong else ["password"]))
    if is_strong and proved_at is None:
        nobody = Actor(person_id=user.person_id, user_id=user.pk, name=str(user.person or user))
        return Session(nobody, organization, organizations, lacks_second_factor=True)
    actor = actor_for(user, stepped_up_at=proved_at, organization_id=organization.pk)
    portal = PORTALS[OrganizationKind(organization.kind)]
    return Session(actor, organization, organizations, portal)


def _proved_at(request: HttpRequest, user: User, *methods: str) -> datetime | None:
    """When this session last proved who it is by one of these methods."""
    records = get_authentication_records(request, user)
    times = [int(record["at"]) for record in records if record["method"] in methods]
    return clock.from_timestamp(max(times)) if times else None
