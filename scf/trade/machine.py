"""The lives of an order, of its lines and of an import (conventions.md, the order-line machine)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from scf.parties.permissions import Permission
from scf.workflow.machine import Machine, step


class OrderStatus(models.TextChoices):
    """Statuses of an order."""

    DRAFT = "draft", _("待卖方确认")
    CONFIRMED = "confirmed", _("已确认")
    CANCELLED = "cancelled", _("已取消")
    CLOSED = "closed", _("已完结")


class LineStatus(models.TextChoices):
    """Statuses of an order line; ``draft`` is the line of an order its seller has not confirmed."""

    DRAFT = "draft", _("待确认")
    CONFIRMED = "confirmed", _("已确认")
    LOCKED = "locked", _("已锁定用于融资")
    SHIPPED = "shipped", _("已发货")
    RECEIVED = "received", _("已到货")
    ACCEPTED = "accepted", _("已验收")
    PART = "part", _("部分验收")
    REJECTED = "rejected", _("已拒收")
    INVOICED = "invoiced", _("已开票")
    CLOSED = "closed", _("已完结")
    CANCELLED = "cancelled", _("已取消")


class ImportStatus(models.TextChoices):
    """Statuses of an import."""

    UPLOADED = "uploaded", _("已上传")
    CHECKED = "checked", _("已试读")
    CONFIRMED = "confirmed", _("已导入")
    REFUSED = "refused", _("已拒绝")


class PaperKind(models.TextChoices):
    """What a file holds: orders, or a paper about one order that is here already."""

    ORDER = "order", _("订单")
    ORDER_RESPONSE = "order_response", _("订单回复")
    DESPATCH_ADVICE = "despatch_advice", _("发货通知")
    INVOICE = "invoice", _("发票")
    CREDIT_NOTE = "credit_note", _("红字发票")


P = Permission
# Who may do by hand what a file says may bring it.
MAY_BRING = {
    PaperKind.ORDER: P.ORDER_IMPORT,
    PaperKind.ORDER_RESPONSE: P.ORDER_CONFIRM,
    PaperKind.DESPATCH_ADVICE: P.DELIVERY_SHIP,
    PaperKind.INVOICE: P.INVOICE_RECORD,
    PaperKind.CREDIT_NOTE: P.INVOICE_RECORD,
}
S, L, F = OrderStatus, LineStatus, ImportStatus
SHIPPABLE = (L.CONFIRMED, L.LOCKED, L.SHIPPED, L.PART, L.REJECTED)
DONE_WITH = (L.ACCEPTED, L.PART, L.REJECTED, L.INVOICED)

# A seller's own order needs a second person of the seller: one person alone never makes an order
# that a bank could finance.
ORDER_MACHINE = Machine(
    "order",
    {
        # fact        from                      to           who              separate from
        "confirmed": step(S.DRAFT,              S.CONFIRMED, P.ORDER_CONFIRM, "created"),
        "cancelled": step((S.DRAFT, S.CONFIRMED), S.CANCELLED, P.ORDER_IMPORT),
        "closed":    step(S.CONFIRMED,          S.CLOSED,    P.ORDER_CONFIRM),
    },
    initial=S.DRAFT,
    words={
        "confirmed": _("确认订单"),
        "cancelled": _("取消订单"),
        "closed": _("完结订单"),
    },
)  # fmt: skip

# Replacement of short, damaged or rejected goods is a new shipment of the same line. Letting go
# of a line needs no permission of its own: the conductor decides, and only the holder's id opens
# the lock.
LINE_MACHINE = Machine(
    "order_line",
    {
        # fact                from                              to           who
        "confirmed":     step(L.DRAFT,                          L.CONFIRMED, P.ORDER_CONFIRM),
        "reserved":      step(L.CONFIRMED,                      L.LOCKED,    P.APPLICATION_SUBMIT),
        "released":      step(L.LOCKED,                         L.CONFIRMED, P.ORDER_VIEW),
        "shipped":       step(SHIPPABLE,                        L.SHIPPED,   P.DELIVERY_SHIP),
        "received":      step((L.SHIPPED, L.PART, L.REJECTED),  L.RECEIVED,  P.DELIVERY_ACCEPT),
        "accepted":      step(L.RECEIVED,                       L.ACCEPTED,  P.DELIVERY_ACCEPT),
        "part_accepted": step(L.RECEIVED,                       L.PART,      P.DELIVERY_ACCEPT),
        "rejected":      step(L.RECEIVED,                       L.REJECTED,  P.DELIVERY_ACCEPT),
        "invoiced":      step((L.ACCEPTED, L.PART),             L.INVOICED,  "system"),
        "closed":        step(DONE_WITH,                        L.CLOSED,    "system"),
        "cancelled":     step((L.DRAFT, L.CONFIRMED),           L.CANCELLED, P.ORDER_IMPORT),
    },
    initial=L.DRAFT,
    words={
        "confirmed": _("确认订单"),
        "reserved": _("申请融资"),
        "released": _("解除融资占用"),
        "shipped": _("发货"),
        "received": _("验收"),
        "accepted": _("验收"),
        "part_accepted": _("验收"),
        "rejected": _("验收"),
        "cancelled": _("取消订单"),
    },
)  # fmt: skip

# A paper about an order (response, despatch advice, invoice) is brought by whoever may do what it
# says: its kind names that permission, and the service asks for it.
IMPORT_MACHINE = Machine(
    "import_job",
    {
        # fact              from                     to           who
        "checked":       step((F.UPLOADED, F.CHECKED), F.CHECKED,   P.ORDER_IMPORT),
        "confirmed":     step(F.CHECKED,               F.CONFIRMED, P.ORDER_IMPORT),
        "refused":       step((F.UPLOADED, F.CHECKED), F.REFUSED,   P.ORDER_IMPORT),
        "paper_checked": step((F.UPLOADED, F.CHECKED), F.CHECKED,   P.ORDER_VIEW),
        "paper_applied": step(F.CHECKED,               F.CONFIRMED, P.ORDER_VIEW),
        "paper_refused": step((F.UPLOADED, F.CHECKED), F.REFUSED,   P.ORDER_VIEW),
    },
    initial=F.UPLOADED,
    words={
        "checked": _("重新试读"),
        "confirmed": _("确认导入"),
        "refused": _("放弃导入"),
        "paper_checked": _("重新试读"),
        "paper_applied": _("确认导入"),
        "paper_refused": _("放弃导入"),
    },
)  # fmt: skip
