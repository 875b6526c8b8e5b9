"""Pages a person's role does not include do not exist for that person."""

from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import NotFound
from scf.parties.models import OrganizationKind
from scf.parties.permissions import Permission
from scf.parties.selectors import get_organization


def require_view(by: Actor, *permissions: str) -> None:
    """Refuse an actor who holds none of the permissions. Raises NotFound: unseen is not there."""
    if not any(by.can(permission) for permission in permissions):
        raise NotFound(_("没有这个页面，或者您无权查看"))


def require_lender(by: Actor) -> None:
    """Refuse everybody but a bank's people who may see loans. Raises NotFound.

    A lender's pages show the loans of the actor's own bank, so they ask what organization it is.
    """
    require_view(by, Permission.LOAN_VIEW)
    mine = by.organization_id
    if mine is None or get_organization(mine).kind != OrganizationKind.BANK:
        raise NotFound(_("没有这个页面，或者您无权查看"))
