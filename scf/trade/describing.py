"""What the dry run shows of a paper about an order, as plain JSON in both languages."""

from collections.abc import Sequence
from typing import Any

from scf.trade.importing.currencies import decimals_of
from scf.trade.inputs import InvoiceIn
from scf.trade.matching import Matched, Response, Shipment, Verdict
from scf.trade.matching.findings import Gap
from scf.trade.models import OrderLine

_VERDICTS = {
    Verdict.ACCEPTED: ("确认订单", "the order is confirmed"),
    Verdict.CHANGED: (
        "订单不变，登记卖方提出的变更供双方核对",
        "the order stays as it is; the changes the seller proposes are recorded for both sides",
    ),
    Verdict.REJECTED: ("取消订单", "the order is cancelled"),
}


def described_paper(matched: Matched) -> dict[str, Any]:
    """The paper beside its order: what would be done, its lines, differences and notices.

    The keys an import of orders has mean the same here; ``total_minor`` is the invoice's, in the
    currency's smallest unit.
    """
    document, outcome = matched.document, matched.outcome
    zh, en = _action(outcome)
    return {
        "kind": document.kind.value,
        "number": document.number,
        "order_id": str(matched.order.pk),
        "order_number": matched.order.number,
        "currency": document.currency or matched.order.currency,
        "buyer": matched.order.buyer.name,
        "seller": matched.order.seller.name,
        "lines": len(document.lines),
        "total_minor": outcome.gross_minor if isinstance(outcome, InvoiceIn) else None,
        "action": {"zh": zh, "en": en},
        "facts": _facts(outcome),
        "rows": _rows(matched),
        "differences": described_gaps(matched.findings.gaps),
        "notices": [
            {"line": one.line, "zh": one.zh, "en": one.en} for one in matched.findings.notices
        ],
        "unread": list(document.unread),
    }


def described_gaps(gaps: Sequence[Gap]) -> list[dict[str, str]]:
    """Differences with what the paper states and what the order or its own lines give."""
    return [
        {
            "field": one.field,
            "line": one.line,
            "zh": one.zh,
            "en": one.en,
            "stated": one.stated,
            "recomputed": one.expected,
        }
        for one in gaps
    ]


def _action(outcome: object) -> tuple[str, str]:
    if isinstance(outcome, Response):
        return _VERDICTS[outcome.verdict]
    if isinstance(outcome, Shipment):
        return "登记发货", "a delivery is recorded"
    if isinstance(outcome, InvoiceIn):
        if outcome.gross_minor < 0:
            return "登记红字发票", "a red-letter invoice is recorded"
        return "登记发票", "an invoice is recorded"
    return "不能办理", "nothing can be done"


def _facts(outcome: object) -> list[dict[str, str]]:
    if isinstance(outcome, Response):
        shown = [("说明", "Note", outcome.reason)]
    elif isinstance(outcome, Shipment):
        shown = [
            ("承运方", "Carrier", outcome.carrier),
            ("车牌号", "Vehicle", outcome.vehicle),
            ("批号", "Batch", outcome.batch),
            ("封签号", "Seal", outcome.seal),
            ("单据所载发货日", "Despatched on", outcome.despatched),
        ]
    elif isinstance(outcome, InvoiceIn):
        shown = [("开票日期", "Issued on", outcome.issued_on.isoformat())]
    else:
        shown = []
    return [{"zh": zh, "en": en, "value": value} for zh, en, value in shown if value]


def _rows(matched: Matched) -> list[dict[str, Any]]:
    outcome = matched.outcome
    lines: dict[Any, OrderLine] = {line.pk: line for line in matched.order.lines.all()}
    if isinstance(outcome, Shipment):
        return [
            _row(lines[one.order_line_id], f"{one.quantity.normalize():f}") for one in outcome.lines
        ]
    if isinstance(outcome, InvoiceIn):
        places = decimals_of(matched.document.currency)
        return [
            {
                "line": lines[one.order_line_id].line_number if one.order_line_id else None,
                "name": one.name,
                "unit": one.unit,
                "quantity": "" if one.quantity is None else f"{one.quantity.normalize():f}",
                "amount_minor": one.net_minor + one.tax_minor,
                "places": places,
            }
            for one in outcome.lines
        ]
    return []


def _row(line: OrderLine, quantity: str) -> dict[str, Any]:
    return {
        "line": line.line_number,
        "name": line.name,
        "unit": line.unit,
        "quantity": quantity,
        "amount_minor": None,
    }
