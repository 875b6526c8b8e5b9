"""The life of a collection task: open until a person closes it or the loan is paid up."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from scf.parties.permissions import Permission
from scf.workflow.machine import Machine, step


class T(models.TextChoices):
    """Statuses of a task; ``lifted`` is ended by the loan itself."""

    OPEN = "open", _("催收中")
    CLOSED = "closed", _("已结束")
    LIFTED = "lifted", _("已解除")


MACHINE = Machine(
    "collection_task",
    {
        "closed": step(T.OPEN, T.CLOSED, Permission.LOAN_COLLECT),
        "lifted": step(T.OPEN, T.LIFTED, "system"),
    },
    initial=T.OPEN,
    words={"closed": _("关闭")},
)  # fmt: skip
