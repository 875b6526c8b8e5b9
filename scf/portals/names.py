"""Names of organizations for lists: one query, whatever the number of rows."""

from collections.abc import Iterable
from uuid import UUID

from scf.core.actor import Actor
from scf.parties.selectors import list_organizations


def short_names(ids: Iterable[UUID], *, by: Actor) -> dict[UUID, str]:
    """The short names of these organizations, as far as the actor may know of them."""
    found = list_organizations(by=by).filter(pk__in=set(ids))
    return dict(found.values_list("pk", "short_name"))
