"""A UBL document is read whole, and what is not read is told."""

import dataclasses
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from xml.etree import ElementTree

import pytest

from scf.trade.importing import DocumentKind, ImportRefused, read_ubl, read_ubl_of_kind
from tests.trade.importing.samples import (
    BUYER,
    TRADE_DOCUMENTS,
    foreign_documents,
    line_xml,
    money,
    order_xml,
    totals_xml,
)

READABLE = ("Order", "OrderResponse", "DespatchAdvice", "Invoice", "CreditNote")
FOREIGN = sorted(TRADE_DOCUMENTS.glob("*.xml")) or [None]


def _root_name(path: Path) -> str:
    return ElementTree.parse(path).getroot().tag.rpartition("}")[2]


def _values(thing: object) -> Iterator[str]:
    # Every value in the dataclasses, written as a document writes it.
    if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        for field in dataclasses.fields(thing):
            yield from _values(getattr(thing, field.name))
    elif isinstance(thing, tuple):
        for one in thing:
            yield from _values(one)
    elif isinstance(thing, bool):
        yield str(thing).lower()
    elif thing is not None:
        yield str(thing)


def _same(text: str) -> str:
    # 10, 10.0 and 10.00 are one number.
    try:
        return format(Decimal(text).normalize(), "f")
    except InvalidOperation:
        return text


@pytest.mark.parametrize("path", FOREIGN, ids=lambda path: path.name if path else "none")
def test_no_text_of_a_foreign_document_is_lost(path):
    if path is None:
        foreign_documents()
    if _root_name(path) not in READABLE:
        with pytest.raises(ImportRefused) as refusal:
            read_ubl(path.read_bytes())
        assert refusal.value.code == "unsupported_document"
        return

    document = read_ubl(path.read_bytes())

    kept = {_same(value) for value in _values(document)}
    for element in ElementTree.parse(path).iter():
        text = (element.text or "").strip()
        if text and "EmbeddedDocumentBinaryObject" not in element.tag:
            assert _same(text) in kept, f"{element.tag}: {text}"
    assert document.unread == ()


def test_every_line_of_the_foreign_orders_keeps_quantity_price_and_tax():
    for path in foreign_documents("*Order*.xml"):
        if _root_name(path) != "Order":
            continue
        document = read_ubl(path.read_bytes())
        assert len(document.lines) == path.read_text("utf-8").count("<cac:OrderLine>")
        for line in document.lines:
            assert line.quantity is not None
            assert line.price is not None
            assert line.net is not None
            assert line.item.tax_categories[0].percent is not None
        assert document.buyer.all_ids
        assert document.seller.all_ids


def test_an_order_is_read_with_its_header_parties_and_lines():
    content = order_xml(
        line_xml("1", quantity="32.5", price="7699.115", net="250221.24"),
        body="<cac:Delivery><cac:RequestedDeliveryPeriod><cbc:EndDate>2026-03-31</cbc:EndDate>"
        "</cac:RequestedDeliveryPeriod></cac:Delivery>"
        "<cac:PaymentTerms><cbc:Note>货到三十日内付款</cbc:Note></cac:PaymentTerms>",
        totals=totals_xml(LineExtensionAmount="250221.24", PayableAmount="282750.00"),
    )

    order = read_ubl(content)

    assert (order.kind, order.number, order.issued_on) == ("order", "PO-1", date(2026, 3, 1))
    assert (order.currency, order.is_read_as) == ("CNY", False)
    assert (order.buyer.name, order.buyer.ids[0].value) == ("临洲甲公司", BUYER)
    assert order.deliveries[0].periods[0].end == date(2026, 3, 31)
    assert order.payment_terms == ("货到三十日内付款",)
    assert order.totals.payable == Decimal("282750.00")
    assert order.lines[0].quantity.value == Decimal("32.5")
    assert order.lines[0].price.amount == Decimal("7699.115")
    assert order.unread == ()


def test_what_has_no_field_is_reported_with_its_path_and_not_refused():
    content = order_xml(
        line_xml("1"),
        line_xml("2", more="<cbc:Unheard>lost?</cbc:Unheard>"),
        body='<cbc:Invented colour="red">a</cbc:Invented><cbc:AccountingCost>A</cbc:AccountingCost>'
        "<cbc:AccountingCost>B</cbc:AccountingCost>",
    )
    assert read_ubl(content).unread == (
        "/Order/Invented",
        "/Order/Invented/@colour",
        "/Order/AccountingCost[2]",
        "/Order/OrderLine[2]/LineItem/Unheard",
    )


def test_an_element_of_a_foreign_namespace_is_never_taken_for_ours():
    content = order_xml(
        line_xml("1"),
        body='<x:PaymentTerms xmlns:x="urn:elsewhere"><x:Note>pay twice</x:Note></x:PaymentTerms>',
    )
    document = read_ubl(content)
    assert document.payment_terms == ()
    assert document.unread == ("/Order/{urn:elsewhere}PaymentTerms/{urn:elsewhere}Note",)


def test_an_attachment_is_known_by_name_type_size_and_hash():
    content = order_xml(
        line_xml("1"),
        body="<cac:AdditionalDocumentReference><cbc:ID>D1</cbc:ID><cac:Attachment>"
        '<cbc:EmbeddedDocumentBinaryObject mimeCode="text/plain" filename="a.txt">\n aGVs bG8=\n'
        "</cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>",
    )
    attachment = read_ubl(content).references[0].attachments[0]
    assert (attachment.filename, attachment.mime, attachment.size_bytes) == (
        "a.txt",
        "text/plain",
        5,
    )
    assert attachment.sha256.startswith("2cf24dba5fb0a30e")


def test_foreign_currency_stays_until_somebody_asks_to_read_it_as_yuan():
    content = order_xml(line_xml(currency="EUR"), currency="EUR")
    as_written, as_yuan = read_ubl(content), read_ubl(content, read_as="CNY")
    assert (as_written.currency, as_written.is_read_as) == ("EUR", False)
    assert (as_yuan.currency, as_yuan.stated_currency, as_yuan.is_read_as) == ("CNY", "EUR", True)
    assert as_yuan.lines == as_written.lines


def test_the_currency_of_the_amounts_counts_when_the_header_names_none():
    assert read_ubl(order_xml(line_xml(currency="SEK"), currency="")).currency == "SEK"


@pytest.mark.parametrize("currency", ["cny", "RMB", "156", "XXXX", "人民币"])
def test_a_currency_that_is_not_iso_4217_is_refused(currency):
    with pytest.raises(ImportRefused) as refusal:
        read_ubl(order_xml(line_xml(currency=currency), currency=currency))
    assert refusal.value.code == "unknown_currency"


def test_amounts_in_two_currencies_are_refused():
    with pytest.raises(ImportRefused) as refusal:
        read_ubl(order_xml(line_xml("1"), line_xml("2", currency="USD")))
    assert refusal.value.code == "mixed_currency"
    assert refusal.value.where == "/Order/OrderLine[2]/LineItem/Price/PriceAmount"


def test_a_second_tax_total_may_be_in_the_currency_of_the_tax_office():
    content = order_xml(
        line_xml("1"),
        body="<cbc:TaxCurrencyCode>SEK</cbc:TaxCurrencyCode>"
        f"<cac:TaxTotal>{money('TaxAmount', '130')}</cac:TaxTotal>"
        f"<cac:TaxTotal>{money('TaxAmount', '187.5', 'SEK')}</cac:TaxTotal>",
    )
    assert [total.currency for total in read_ubl(content).tax_totals] == ["CNY", "SEK"]


@pytest.mark.parametrize(
    ("quantity", "code"),
    [
        ("NaN", "not_a_number"),
        ("Infinity", "not_a_number"),
        ("1e400", "not_a_number"),
        ("1,5", "not_a_number"),
        ("٣", "not_a_number"),
        ("0.0000001", "too_precise"),
        ("1" + "0" * 12, "number_too_large"),
        ("9" * 5000, "not_a_number"),
    ],
)
def test_a_quantity_that_cannot_be_kept_exactly_is_refused(quantity, code):
    with pytest.raises(ImportRefused) as refusal:
        read_ubl(order_xml(line_xml(quantity=quantity)))
    assert refusal.value.code == code
    assert refusal.value.where == "/Order/OrderLine/LineItem/Quantity"


def test_trailing_zeros_beyond_six_decimals_are_no_loss():
    line = read_ubl(order_xml(line_xml(quantity="1.50000000"))).lines[0]
    assert line.quantity.value == Decimal("1.5")


@pytest.mark.parametrize("kind", ["OrderChange", "OrderCancellation", "ApplicationResponse"])
def test_other_ubl_documents_are_refused_by_name(kind):
    content = order_xml(kind=kind)
    with pytest.raises(ImportRefused) as refusal:
        read_ubl_of_kind(content, kind=DocumentKind.ORDER)
    assert refusal.value.code == "not_an_order"
    assert "不是订单" in refusal.value.zh


def test_an_invoice_is_not_an_order_and_says_so():
    with pytest.raises(ImportRefused) as refusal:
        read_ubl_of_kind(order_xml(kind="Invoice"), kind=DocumentKind.ORDER)
    assert (refusal.value.code, refusal.value.zh) == ("not_an_order", "这是发票，不是订单")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"<cbc:ID>PO-1</cbc:ID>", b"", "missing_field"),
        (b"2026-03-01", b"2026-02-30", "bad_date"),
        (b"<cbc:Percent>13<", b"<cbc:Percent>-13<", "bad_tax_rate"),
        (b"schema:xsd:Order-2", b"schema:xsd:Ordre-2", "unsupported_document"),
        (b"urn:oasis:names:specification:ubl:schema:xsd:Order-2", b"urn:mine", "not_ubl"),
    ],
)
def test_a_broken_field_is_refused_with_a_code(old, new, code):
    content = order_xml(line_xml())
    assert old in content
    with pytest.raises(ImportRefused) as refusal:
        read_ubl(content.replace(old, new))
    assert refusal.value.code == code
