"""What trade keeps: orders, what was shipped and received on them, invoices, and imported files."""

from scf.trade.machine import PaperKind
from scf.trade.models.deliveries import Delivery, DeliveryLine, Receipt, ReceiptLine
from scf.trade.models.imports import ImportJob
from scf.trade.models.invoices import Invoice, InvoiceKind, InvoiceLine, TaxStatus
from scf.trade.models.orders import Order, OrderLine, OrderShare, Reservation

__all__ = [
    "Delivery",
    "DeliveryLine",
    "ImportJob",
    "Invoice",
    "InvoiceKind",
    "InvoiceLine",
    "Order",
    "OrderLine",
    "OrderShare",
    "PaperKind",
    "Receipt",
    "ReceiptLine",
    "Reservation",
    "TaxStatus",
]
