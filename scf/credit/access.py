"""Who may touch programmes and limits: permission, organization, and rows the actor may see."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import Forbidden, NotFound, NotPermitted


def require(by: Actor, permission: str) -> None:
    """Refuse an actor without the permission. Raises Forbidden."""
    if not by.can(permission):
        raise NotPermitted(permission)


def require_organization(by: Actor, *organizations: UUID) -> None:
    """Refuse an actor of another organization than these. Raises Forbidden(not_your_side)."""
    if not by.is_system and by.organization_id not in organizations:
        raise Forbidden(_("此操作只能由另一方机构进行"), code="not_your_side")


def visible(model: Any, pk: UUID, *, by: Actor, lock: bool = False) -> Any:
    """The row if the actor may see it, locked on demand. Raises NotFound."""
    rows = model.objects.visible_to(by)
    if lock:
        rows = rows.select_for_update(of=("self",), no_key=True)
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("没有这条记录，或您无权查看"))
    return found
