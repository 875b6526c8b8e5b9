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


class PartnerStatus(models.TextChoices):
    """Statuses of a partner bank's word on a programme version (联合贷)."""

    ASKED = "asked", _("待出资行同意")
    AGREED = "agreed", _("出资行已同意")
    DECLINED = "declined", _("出资行不同意")
    DROPPED = "dropped", _("不再需要")


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
A = PartnerStatus

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

# The lender's own people have nothing to do with it: whoever proposed the version is asked for by
# the service, as that is another subject's fact.
PARTNER_MACHINE = Machine(
    "programme_partner",
    {
        # fact       from     to          who
        "agreed":   step(A.ASKED, A.AGREED,   P.PROGRAMME_APPROVE),
        "declined": step(A.ASKED, A.DECLINED, P.PROGRAMME_APPROVE),
        "dropped":  step((A.ASKED, A.AGREED), A.DROPPED, "system"),
    },
    initial=A.ASKED,
    words={
        "agreed": _("同意参与联合出资"),
        "declined": _("不参与联合出资"),
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
