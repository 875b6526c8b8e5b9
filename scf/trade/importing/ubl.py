"""Reads UBL 2.1 orders, order responses, despatch advices, invoices and credit notes."""

from dataclasses import replace
from datetime import date

from scf.trade.importing.document_parts import Detail
from scf.trade.importing.documents import AllowanceCharge, DocumentKind, TradeDocument
from scf.trade.importing.limits import MAX_ADJUSTMENTS, Deadline
from scf.trade.importing.refusals import ImportRefused
from scf.trade.importing.ubl_currency import settle_currency
from scf.trade.importing.ubl_deliveries import deliveries, periods
from scf.trade.importing.ubl_lines import lines
from scf.trade.importing.ubl_parties import parties
from scf.trade.importing.ubl_prices import allowances_charges, monetary_totals, tax_totals
from scf.trade.importing.ubl_references import references
from scf.trade.importing.ubl_values import date_of, leaves
from scf.trade.importing.xml_tree import Node, parse_xml

_NAMESPACE = "urn:oasis:names:specification:ubl:schema:xsd:"
_READ = {
    "Order": DocumentKind.ORDER,
    "OrderResponse": DocumentKind.ORDER_RESPONSE,
    "DespatchAdvice": DocumentKind.DESPATCH_ADVICE,
    "Invoice": DocumentKind.INVOICE,
    "CreditNote": DocumentKind.CREDIT_NOTE,
}
NAMES = {
    DocumentKind.ORDER: ("订单", "order"),
    DocumentKind.ORDER_RESPONSE: ("订单回复", "order response"),
    DocumentKind.DESPATCH_ADVICE: ("发货通知", "despatch advice"),
    DocumentKind.INVOICE: ("发票", "invoice"),
    DocumentKind.CREDIT_NOTE: ("贷项通知（红字）", "credit note"),
}
_REFUSED = {
    "OrderChange": ("订单变更", "order change"),
    "OrderCancellation": ("订单取消", "order cancellation"),
    "OrderResponseSimple": ("简式订单回复", "simple order response"),
    "ApplicationResponse": ("应用响应（发票回复等）", "application response (invoice response)"),
    "ReceiptAdvice": ("收货通知", "receipt advice"),
    "Catalogue": ("商品目录", "catalogue"),
    "Quotation": ("报价单", "quotation"),
    "Reminder": ("催款单", "reminder"),
    "Statement": ("对账单", "statement"),
    "RemittanceAdvice": ("付款通知", "remittance advice"),
}
_TYPE_CODES = (
    "OrderTypeCode",
    "InvoiceTypeCode",
    "CreditNoteTypeCode",
    "DespatchAdviceTypeCode",
)
_HEADER_REST = (
    "UBLVersionID",
    "CustomizationID",
    "ProfileID",
    "ProfileExecutionID",
    "SalesOrderID",
    "CopyIndicator",
    "UUID",
    "IssueTime",
    "DocumentStatusCode",
    "LineCountNumeric",
    "TaxPointDate",
    "TaxCurrencyCode",
    "PricingCurrencyCode",
    "PaymentCurrencyCode",
    "RequestedInvoiceCurrencyCode",
    "AccountingCostCode",
    "GrossWeightMeasure",
    "NetWeightMeasure",
    "NetNetWeightMeasure",
    "GrossVolumeMeasure",
    "NetVolumeMeasure",
    "TotalGoodsItemQuantity",
    "TotalPackagesQuantity",
    "TotalPackageQuantity",
    "DiscrepancyResponse",
    "DeliveryTerms",
    "PaymentMeans",
    "PrepaidPayment",
    "WithholdingTaxTotal",
    "TaxExchangeRate",
    "PricingExchangeRate",
    "PaymentExchangeRate",
    "TransactionConditions",
    "DestinationCountry",
    "Shipment",
)


def read_ubl(content: bytes, *, read_as: str | None = None) -> TradeDocument:
    """Everything a UBL file says. ``read_as`` (an ISO 4217 code) relabels its currency.

    Raises ImportRefused: what ``parse_xml`` and ``settle_currency`` raise; ``not_ubl``;
    ``unsupported_document`` for other UBL documents; ``missing_field``, ``bad_date``,
    ``not_a_number``, ``too_precise``, ``number_too_large``, ``bad_indicator``,
    ``bad_allowance_charge``, ``bad_tax_rate``, ``bad_attachment``, ``too_complex``,
    ``too_many_rows``, each with the element's path.
    """
    deadline = Deadline()
    root, tag = parse_xml(content, deadline)
    kind = _kind_of(tag)
    document = _document(root, kind, read_as)
    deadline.check()
    return document


def kind_of_ubl(content: bytes) -> DocumentKind:
    """Which of the documents that are read a UBL file is, told by its root. Raises ImportRefused
    as ``read_ubl`` does for a file that is none of them.
    """
    _root, tag = parse_xml(content, Deadline())
    return _kind_of(tag)


def read_ubl_of_kind(
    content: bytes, *, kind: DocumentKind, read_as: str | None = None
) -> TradeDocument:
    """As ``read_ubl``; another kind is ``wrong_document``, or ``not_an_order`` for orders."""
    try:
        document = read_ubl(content, read_as=read_as)
    except ImportRefused as refusal:
        if refusal.code == "unsupported_document" and kind is DocumentKind.ORDER:
            raise ImportRefused("not_an_order", refusal.zh, refusal.en) from refusal
        raise
    if document.kind is not kind:
        zh, en = NAMES[document.kind]
        wanted_zh, wanted_en = NAMES[kind]
        raise ImportRefused(
            "not_an_order" if kind is DocumentKind.ORDER else "wrong_document",
            f"这是{zh}，不是{wanted_zh}",
            f"this is a document of kind “{en}”, not “{wanted_en}”",
        )
    return document


def _kind_of(tag: str) -> DocumentKind:
    namespace, _, name = tag.removeprefix("{").rpartition("}")
    if namespace == f"{_NAMESPACE}{name}-2" and name in _READ:
        return _READ[name]
    if namespace.startswith(_NAMESPACE):
        zh, en = _REFUSED.get(name, (f"UBL {name[:40]}", f"UBL {name[:40]}"))
        raise ImportRefused(
            "unsupported_document",
            f"这是{zh}，不是订单；可导入订单、订单回复、发货通知、发票和贷项通知",
            f"this is a document of kind “{en}”, not an order; orders, order responses, "
            "despatch advices, invoices and credit notes can be imported",
        )
    raise ImportRefused(
        "not_ubl",
        "这不是 UBL 2.1 单据",
        "this is not a UBL 2.1 document",
        where=tag[:200],
    )


def _document(root: Node, kind: DocumentKind, read_as: str | None) -> TradeDocument:
    currency = settle_currency(root, read_as=read_as)
    document = TradeDocument(
        kind=kind,
        number=" ".join(_required(root, "ID").split()),
        issued_on=_issue_date(root),
        currency=currency.used,
        stated_currency=currency.stated,
        parties=parties(root),
        lines=lines(root),
        notes=root.texts_of("Note"),
        type_code=next((text for name in _TYPE_CODES if (text := root.text_of(name))), ""),
        response_code=root.text_of("OrderResponseCode"),
        due_on=date_of(root, "DueDate"),
        buyer_reference=root.text_of("BuyerReference") or root.text_of("CustomerReference"),
        accounting_cost=root.text_of("AccountingCost"),
        references=references(root),
        periods=periods(root, "ValidityPeriod", "InvoicePeriod"),
        deliveries=deliveries(root),
        payment_terms=tuple(n for one in root.all("PaymentTerms") for n in one.texts_of("Note")),
        allowances_charges=_adjustments(root),
        tax_totals=tax_totals(root),
        totals=monetary_totals(root),
        details=leaves(root, _HEADER_REST) + _payment_terms_rest(root),
        unread=(),
    )
    return replace(document, unread=root.unread())


def _adjustments(root: Node) -> tuple[AllowanceCharge, ...]:
    if len(root.all("AllowanceCharge")) > MAX_ADJUSTMENTS:
        raise ImportRefused(
            "too_complex",
            f"单据折让和附加费超过 {MAX_ADJUSTMENTS} 项",
            f"more than {MAX_ADJUSTMENTS} allowances and charges on the document",
        )
    return allowances_charges(root)


def _payment_terms_rest(root: Node) -> tuple[Detail, ...]:
    names = (
        "ID",
        "PaymentMeansID",
        "PrepaidPaymentReferenceID",
        "ReferenceEventCode",
        "SettlementDiscountPercent",
        "PenaltySurchargePercent",
        "PaymentPercent",
        "Amount",
        "SettlementDiscountAmount",
        "PenaltyAmount",
        "PaymentDueDate",
        "InstallmentDueDate",
        "SettlementPeriod",
        "PenaltyPeriod",
        "ValidityPeriod",
    )
    return tuple(found for one in root.all("PaymentTerms") for found in leaves(one, names))


def _required(root: Node, name: str) -> str:
    text = root.text_of(name)
    if not text:
        raise ImportRefused(
            "missing_field",
            f"单据缺少 {name}",
            f"the document lacks {name}",
            where=f"/{root.name}/{name}",
        )
    return text


def _issue_date(root: Node) -> date:
    _required(root, "IssueDate")
    issued = date_of(root, "IssueDate")
    assert issued is not None  # _required has seen its text
    return issued
