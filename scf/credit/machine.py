"""The lives of a programme version, a membership, a change of a limit and a hold on limits."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from scf.parties.permissions import Permission
from scf.workflow.machine import Machine, step


class VersionStatus(models.TextChoices):
    """Statuses of a programme version."""

    PROPOSED = "proposed", _("待复核")
    APPROVED = "approved", _("已生效")
    REFUSED = "refused", _("未通过")
    SUPERSEDED = "superseded", _("已被新版本取代")


class MemberStatus(models.TextChoices):
    """Statuses of a membership in a programme."""

    INVITED = "invited", _("已邀请")
    ACTIVE = "active", _("已加入")
    SUSPENDED = "suspended", _("已暂停")


class ChangeStatus(models.TextChoices):
    """Statuses of a change of a limit."""

    PROPOSED = "proposed", _("待复核")
    APPROVED = "approved", _("已生效")
    REFUSED = "refused", _("未通过")


class HoldStatus(models.TextChoices):
    """Statuses of an application's hold on the limits."""

    HELD = "held", _("已预占")
    USED = "used", _("已占用")
    FREED = "freed", _("已释放")
    RELEASED = "released", _("预占已解除")
    EXPIRED = "expired", _("预占已过期")


P = Permission
V, M, C, H = VersionStatus, MemberStatus, ChangeStatus, HoldStatus

VERSION_MACHINE = Machine(
    "programme_version",
    {
        # fact         from          to             who                  separate from
        "approved":   step(V.PROPOSED, V.APPROVED,   P.PROGRAMME_APPROVE, "proposed"),
        "refused":    step(V.PROPOSED, V.REFUSED,    P.PROGRAMME_APPROVE, "proposed"),
        "superseded": step(V.APPROVED, V.SUPERSEDED, "system"),
    },
    initial=V.PROPOSED,
    words={
        "approved": _("复核通过"),
        "refused": _("复核退回"),
    },
)  # fmt: skip

MEMBER_MACHINE = Machine(
    "programme_member",
    {
        # fact        from          to            who
        "joined":    step(M.INVITED,   M.ACTIVE,    P.APPLICATION_SIGN),
        "suspended": step(M.ACTIVE,    M.SUSPENDED, P.PROGRAMME_APPROVE),
        "resumed":   step(M.SUSPENDED, M.ACTIVE,    P.PROGRAMME_APPROVE, "suspended"),
    },
    initial=M.INVITED,
    words={
        "joined": _("接受邀请"),
        "suspended": _("暂停成员"),
        "resumed": _("恢复成员"),
    },
)  # fmt: skip

CHANGE_MACHINE = Machine(
    "limit_change",
    {
        # fact       from          to           who              separate from
        "approved": step(C.PROPOSED, C.APPROVED, P.LIMIT_APPROVE, "proposed"),
        "refused":  step(C.PROPOSED, C.REFUSED,  P.LIMIT_APPROVE, "proposed"),
    },
    initial=C.PROPOSED,
    words={
        "approved": _("复核通过"),
        "refused": _("复核退回"),
    },
)  # fmt: skip

# A hold is moved only by the services of the application it belongs to, whose own machine has
# asked for permission and separation already; here all steps are the system's. Its clock is set
# when it is made and when it is extended (K18). Money that left while a hold ran out is used all
# the same.
HOLD_MACHINE = Machine(
    "limit_hold",
    {
        # fact       from      to           who
        "extended": step(H.HELD, H.HELD,     "system", on_silence="expired"),
        "used":     step((H.HELD, H.EXPIRED), H.USED, "system"),
        "released": step(H.HELD, H.RELEASED, "system"),
        "expired":  step(H.HELD, H.EXPIRED,  "system"),
        "freed":    step(H.USED, H.FREED,    "system"),
    },
    initial=H.HELD,
)  # fmt: skip
