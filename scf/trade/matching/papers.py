"""A paper about an order, read and matched whole: what it asks for and what stands against it."""

from dataclasses import dataclass
from uuid import UUID

from scf.core.actor import Actor
from scf.trade.importing import DocumentKind, ImportRefused, TradeDocument, read_ubl
from scf.trade.inputs import InvoiceIn
from scf.trade.matching.bills import match_bill
from scf.trade.matching.findings import Findings
from scf.trade.matching.orders import check_parties, find_order, source_of
from scf.trade.matching.responses import Response, match_response
from scf.trade.matching.shipments import Shipment, match_shipment
from scf.trade.models import ImportJob, Order

Outcome = Response | Shipment | InvoiceIn
# Only the seller answers an order and sends goods; an invoice may be brought by either side.
_SELLERS = (DocumentKind.ORDER_RESPONSE, DocumentKind.DESPATCH_ADVICE)


@dataclass(frozen=True)
class Matched:
    """A paper, its order, and what it asks for; ``outcome`` is None when it asks for nothing."""

    document: TradeDocument
    order: Order
    findings: Findings
    outcome: Outcome | None

    @property
    def is_sound(self) -> bool:
        """True when nothing stands against doing what it says."""
        return self.outcome is not None and not self.findings.errors


def match_paper(content: bytes, *, job: ImportJob, by: Actor) -> Matched:
    """Read a paper and match it to its order; changes nothing.

    Raises ImportRefused: all of ``read_ubl`` and ``find_order``, and ``wrong_document`` for a file
    that is no paper of the job's kind.
    """
    document = read_ubl(content, read_as=job.read_as or None)
    if document.kind != job.kind or document.kind is DocumentKind.ORDER:
        raise ImportRefused(
            "wrong_document", "单据类型与上传时不同", "it is another kind of document"
        )
    order = find_order(document, organization_id=job.organization_id, by=by)
    findings = Findings()
    source = source_of(order, by=by)
    _check_side(document, order, job.organization_id, findings)
    check_parties(document, order, source, findings)
    outcome: Outcome | None
    if document.kind is DocumentKind.ORDER_RESPONSE:
        outcome = match_response(document, order, source, findings)
    elif document.kind is DocumentKind.DESPATCH_ADVICE:
        outcome = match_shipment(document, order, findings, document_id=job.document_id)
    else:
        outcome = match_bill(document, order, findings, document_id=job.document_id)
    return Matched(document, order, findings, outcome)


def _check_side(
    document: TradeDocument, order: Order, organization_id: UUID, findings: Findings
) -> None:
    if document.kind in _SELLERS and organization_id != order.seller_id:
        findings.wrong(
            "not_your_side",
            "订单回复和发货通知只能由卖方导入",
            "order responses and despatch advices are brought by the seller",
            todo_zh="请由卖方上传",
            todo_en="let the seller upload it",
        )
