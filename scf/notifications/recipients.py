"""Who at which organization hears of something: by role, or by what a role may do."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from uuid import UUID

from scf.financing.machine import MACHINE, S
from scf.financing.models import Application
from scf.financing.selectors.turns import STEP_OF
from scf.parties.permissions import GRANTS, Role
from scf.parties.selectors import list_members
from scf.workflow.models import Fact

Members = dict[UUID, list[tuple[UUID, str]]]


def members_of(organization_ids: Iterable[UUID]) -> Members:
    """The people of these organizations with their roles; one query for all."""
    found: Members = defaultdict(list)
    for organization_id, person_id, role in list_members(organization_ids):
        found[organization_id].append((person_id, role))
    return found


def people_in(members: Members, organization_id: UUID, roles: Collection[str]) -> list[UUID]:
    """The people of an organization who hold one of the roles, each once."""
    held = members.get(organization_id, [])
    return list(dict.fromkeys(person_id for person_id, role in held if role in roles))


def roles_with(permission: str) -> frozenset[Role]:
    """The roles that may do what the permission names."""
    return frozenset(role for role, grants in GRANTS.items() if permission in grants)


def barred_from(application: Application) -> set[UUID | None]:
    """The people who took a step that another person must follow: not their turn (four eyes)."""
    step = STEP_OF.get(S(application.status))
    if step is None:
        return set()
    names = [f"application.{name}" for name in MACHINE.steps[step].separate_from]
    made = Fact.objects.filter(subject_id=application.pk, name__in=names)
    return set(made.values_list("person_id", flat=True))
