"""What credit keeps: programmes in versions, their members, limits and every movement on them."""

from scf.credit.models.lending import ProgrammePartner
from scf.credit.models.limits import Limit, LimitChange, LimitFreeze
from scf.credit.models.movements import LimitHold, LimitMovement
from scf.credit.models.programmes import Programme, ProgrammeMember, ProgrammeVersion

__all__ = [
    "Limit",
    "LimitChange",
    "LimitFreeze",
    "LimitHold",
    "LimitMovement",
    "Programme",
    "ProgrammeMember",
    "ProgrammePartner",
    "ProgrammeVersion",
]
