"""The verbs of credit; each is one transaction."""

from scf.credit.services.freezes import freeze_limit, unfreeze_limit
from scf.credit.services.holds import extend_hold, hold_limit, release_hold
from scf.credit.services.limits import approve_limit, propose_limit, refuse_limit
from scf.credit.services.members import (
    accept_invitation,
    invite_member,
    resume_member,
    suspend_member,
)
from scf.credit.services.partners import agree_to_version, decline_version
from scf.credit.services.programmes import (
    approve_programme,
    propose_programme,
    propose_version,
    refuse_programme,
)
from scf.credit.services.usage import free_limit, use_limit

__all__ = [
    "accept_invitation",
    "agree_to_version",
    "approve_limit",
    "approve_programme",
    "decline_version",
    "extend_hold",
    "free_limit",
    "freeze_limit",
    "hold_limit",
    "invite_member",
    "propose_limit",
    "propose_programme",
    "propose_version",
    "refuse_limit",
    "refuse_programme",
    "release_hold",
    "resume_member",
    "suspend_member",
    "unfreeze_limit",
    "use_limit",
]
