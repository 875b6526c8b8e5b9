"""Which documents belong to an order, and showing them to everybody who may see the order."""

from collections.abc import Iterable
from uuid import UUID

from scf.core.actor import Actor
from scf.documents.services import share_document
from scf.trade.machine import ImportStatus
from scf.trade.models import Delivery, ImportJob, Invoice, Order, ReceiptLine


def show_papers(order: Order, document_ids: Iterable[UUID | None], *, by: Actor) -> None:
    """Let the order's parties, and whom it was shared with, read these documents.

    Raises NotFound for a document the actor may not read: nobody attaches another's file.
    """
    audience = list(order.parties().values())
    for document_id in sorted({each for each in document_ids if each}):
        share_document(document_id, audience=audience, by=by)


def papers_of(order: Order) -> list[UUID | None]:
    """The order's own document, the evidence of its deliveries and receipts, its invoices', and
    every paper about it that was brought as a file and done.
    """
    sent = Delivery.objects.filter(order=order).values_list("evidence_document_ids", flat=True)
    receipts = ReceiptLine.objects.filter(receipt__delivery__order=order)
    signed = receipts.values_list("evidence_document_ids", flat=True)
    evidence = [each for found in (*sent, *signed) for each in found]
    invoices = Invoice.objects.filter(order=order).values_list("document_id", flat=True)
    done = ImportJob.objects.filter(about=order, status=ImportStatus.CONFIRMED)
    brought = done.values_list("document_id", flat=True)
    return [order.document_id, *evidence, *invoices, *brought]
