"""What a service asks of its actor beyond a permission: a fresh second factor, an amount in
bounds.
"""

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from scf.core import clock
from scf.core.actor import Actor
from scf.core.errors import Forbidden
from scf.core.money import format_yuan
from scf.parties.models import Membership
from scf.parties.permissions import GRANTS


def require_step_up(by: Actor) -> None:
    """Refuse unless the actor proved again who it is within ``STEP_UP_FOR`` (K24).

    Bank staff and the operator prove it by a new TOTP code, members by password or code.
    The system's own acts follow standing instructions and need none. Raises
    Forbidden(step_up_required).
    """
    if not stepped_up_recently(by):
        raise Forbidden(_("请先再次验证身份"), code="step_up_required")


def stepped_up_recently(by: Actor) -> bool:
    """True when the actor proved again who it is within ``STEP_UP_FOR``, and for the system."""
    if by.is_system:
        return True
    return by.stepped_up_at is not None and clock.now() - by.stepped_up_at <= settings.STEP_UP_FOR


def require_within_signing_limit(by: Actor, *, permission: str, amount_minor: int) -> None:
    """Refuse an amount (fen) above the highest limit of the actor's roles that hold the permission.

    Raises Forbidden(over_signing_limit). A role without a limit signs any amount.
    """
    if by.is_system:
        return
    roles = [role.value for role, grants in GRANTS.items() if permission in grants]
    here = Membership.objects.visible_to(by).filter(is_active=True, role__in=roles)
    mine = here.filter(person_id__in=[by.person_id] if by.person_id else [])
    if not mine.filter(
        Q(signing_limit_minor__isnull=True) | Q(signing_limit_minor__gte=amount_minor)
    ).exists():
        raise Forbidden(
            _("金额 %(amount)s 元超过您的签批额度"),
            code="over_signing_limit",
            amount=format_yuan(amount_minor),
        )
