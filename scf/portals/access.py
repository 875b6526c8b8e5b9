"""Pages a person's role does not include do not exist for that person."""

from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import NotFound


def require_view(by: Actor, *permissions: str) -> None:
    """Refuse an actor who holds none of the permissions. Raises NotFound: unseen is not there."""
    if not any(by.can(permission) for permission in permissions):
        raise NotFound(_("没有这个页面，或者您无权查看"))
