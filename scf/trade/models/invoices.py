"""Invoices as the tax office's verification shows them (数电发票 and older kinds); not verified
yet.
"""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.ids import new_id
from scf.trade.models.orders import Order, OrderLine, quantity_field, seen_by


class InvoiceKind(models.TextChoices):
    """发票类型. The fully digital kinds have a number of 20 digits and no code."""

    DIGITAL_SPECIAL = "digital_special", _("数电发票（增值税专用发票）")
    DIGITAL_ORDINARY = "digital_ordinary", _("数电发票（普通发票）")
    PAPER_SPECIAL = "paper_special", _("增值税专用发票")
    PAPER_ORDINARY = "paper_ordinary", _("增值税普通发票")


class TaxStatus(models.TextChoices):
    """状态 at the tax office."""

    NORMAL = "normal", _("正常")
    VOIDED = "voided", _("作废")
    RED_LETTERED = "red_lettered", _("红冲")


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    def visible_to(self, actor: Actor) -> "InvoiceQuerySet":
        """The invoices on orders the actor's organization may see."""
        return self if actor.is_system else self.filter(seen_by(actor, "order__"))


class Invoice(models.Model):
    """One invoice on an order. Amounts are fen; a red-letter invoice is negative and names its
    blue one.

    Unique by kind, code, number and the seller's tax number: a hash of the file is no
    identifier.
    """

    deal_id = None  # an invoice may bill lines of several deals; their own facts carry the deal

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="invoices")
    kind = models.CharField(max_length=24, choices=InvoiceKind.choices)
    code = models.CharField(max_length=12, blank=True)
    number = models.CharField(max_length=40)
    issued_on = models.DateField()
    buyer_name = models.CharField(max_length=200)
    buyer_tax_number = models.CharField(max_length=20)
    buyer_address_phone = models.CharField(max_length=300, blank=True)
    buyer_bank_account = models.CharField(max_length=300, blank=True)
    seller_name = models.CharField(max_length=200)
    seller_tax_number = models.CharField(max_length=20)
    seller_address_phone = models.CharField(max_length=300, blank=True)
    seller_bank_account = models.CharField(max_length=300, blank=True)
    net_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    gross_minor = models.BigIntegerField()
    remark = models.TextField(blank=True)
    check_code = models.CharField(max_length=40, blank=True)
    machine_code = models.CharField(max_length=40, blank=True)
    payee_name = models.CharField(max_length=40, blank=True)
    reviewer_name = models.CharField(max_length=40, blank=True)
    drawer_name = models.CharField(max_length=40, blank=True)
    tax_status = models.CharField(
        max_length=16, choices=TaxStatus.choices, default=TaxStatus.NORMAL
    )
    times_checked = models.PositiveSmallIntegerField(default=0)
    blue_invoice = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="red_letters"
    )
    document_id = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = InvoiceQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "code", "number", "seller_tax_number"], name="invoice_once"
            ),
            models.CheckConstraint(
                condition=Q(gross_minor=F("net_minor") + F("tax_minor")), name="invoice_adds_up"
            ),
            models.CheckConstraint(
                condition=Q(gross_minor__gte=0) | Q(blue_invoice__isnull=False),
                name="invoice_negative_only_red",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def parties(self) -> Mapping[str, UUID]:
        """The parties of its order."""
        return self.order.parties()


class InvoiceLine(models.Model):
    """Goods on an invoice; ``unit_price`` and ``net_minor`` are without tax, as printed."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="lines")
    order_line = models.ForeignKey(
        OrderLine, on_delete=models.PROTECT, null=True, blank=True, related_name="invoice_lines"
    )
    line_number = models.PositiveIntegerField()
    name = models.CharField(max_length=300)
    spec = models.CharField(max_length=300, blank=True)
    unit = models.CharField(max_length=24, blank=True)
    quantity = quantity_field(null=True, blank=True)
    unit_price = models.DecimalField(max_digits=24, decimal_places=10, null=True, blank=True)
    net_minor = models.BigIntegerField()
    tax_ppm = models.PositiveIntegerField()
    tax_minor = models.BigIntegerField()

    class Meta:
        ordering = ["invoice", "line_number"]
        constraints = [
            models.UniqueConstraint(
                fields=["invoice", "line_number"], name="line_number_in_invoice"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_number} {self.name}"
