"""Elements the foreign samples happen not to use are read as well: rare, but allowed by Peppol."""

from scf.trade.importing import read_ubl, read_ubl_order
from tests.trade.importing.samples import line_xml, money, order_xml

PERIOD = "<cbc:StartDate>2026-03-01+08:00</cbc:StartDate><cbc:EndDate>2026-03-31Z</cbc:EndDate>"


def _party(name: str) -> str:
    return (
        f"<cac:{name}><cac:PartyIdentification><cbc:ID>77</cbc:ID></cac:PartyIdentification>"
        "<cac:PartyName><cbc:Name>某公司</cbc:Name></cac:PartyName><cac:PostalAddress>"
        "<cbc:StreetName>港路</cbc:StreetName><cbc:BuildingNumber>5</cbc:BuildingNumber>"
        "<cac:Country><cbc:IdentificationCode>CN</cbc:IdentificationCode><cbc:Name>中国</cbc:Name>"
        "</cac:Country></cac:PostalAddress><cac:PartyTaxScheme><cbc:CompanyID>T1</cbc:CompanyID>"
        "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>"
        "<cac:PartyLegalEntity><cbc:CompanyID>L1</cbc:CompanyID></cac:PartyLegalEntity>"
        "<cac:Person><cbc:FirstName>李</cbc:FirstName></cac:Person>"
        f"</cac:{name}>"
    )


def _rare_order() -> bytes:
    goods = (
        "<cac:ItemSpecificationDocumentReference><cbc:ID>doc1</cbc:ID>"
        "<cbc:DocumentTypeCode>X</cbc:DocumentTypeCode></cac:ItemSpecificationDocumentReference>"
        "<cac:BuyersItemIdentification><cbc:ID>B-1</cbc:ID></cac:BuyersItemIdentification>"
        "<cac:ManufacturersItemIdentification><cbc:ID>M-1</cbc:ID>"
        "</cac:ManufacturersItemIdentification>"
        "<cac:ItemInstance><cbc:SerialID>S1</cbc:SerialID><cac:LotIdentification>"
        "<cbc:LotNumberID>L1</cbc:LotNumberID></cac:LotIdentification></cac:ItemInstance>"
    )
    more = (
        "<cbc:BackOrderAllowedIndicator>true</cbc:BackOrderAllowedIndicator>"
        f"<cac:Delivery><cbc:Quantity unitCode='TNE'>4</cbc:Quantity><cac:RequestedDeliveryPeriod>"
        f"{PERIOD}</cac:RequestedDeliveryPeriod></cac:Delivery>"
        "<cac:OriginatorParty><cac:PartyName><cbc:Name>仓库</cbc:Name></cac:PartyName>"
        "</cac:OriginatorParty>"
    )
    line = line_xml(more=more).replace("<cac:ClassifiedTax", goods + "<cac:ClassifiedTax", 1)
    outside = (
        "<cac:CatalogueLineReference><cbc:LineID>9</cbc:LineID></cac:CatalogueLineReference>"
        "<cac:QuotationLineReference><cbc:LineID>3</cbc:LineID><cac:DocumentReference>"
        "<cbc:ID>Q1</cbc:ID></cac:DocumentReference></cac:QuotationLineReference></cac:OrderLine>"
    )
    body = (
        "<cbc:SalesOrderID>SO1</cbc:SalesOrderID><cbc:OrderTypeCode>220</cbc:OrderTypeCode>"
        "<cbc:CustomerReference>李工</cbc:CustomerReference>"
        "<cac:ProjectReference><cbc:ID>P1</cbc:ID></cac:ProjectReference>"
        "<cac:CatalogueReference><cbc:ID>K1</cbc:ID></cac:CatalogueReference>"
        + _party("FreightForwarderParty")
        + "<cac:PaymentTerms><cbc:Note>30 天</cbc:Note>"
        "<cbc:SettlementDiscountPercent>2</cbc:SettlementDiscountPercent></cac:PaymentTerms>"
        "<cac:DeliveryTerms><cbc:ID>DAP</cbc:ID><cbc:SpecialTerms>袋装</cbc:SpecialTerms>"
        "<cac:DeliveryLocation><cbc:ID>宁波</cbc:ID></cac:DeliveryLocation></cac:DeliveryTerms>"
    )

    return order_xml(line.replace("</cac:OrderLine>", outside), body=body)


def test_the_rare_parts_of_an_order_are_read():
    order = read_ubl_order(_rare_order())

    assert order.unread == ()
    document = order.document
    assert (document.type_code, document.buyer_reference) == ("220", "李工")
    assert document.party("freight_forwarder").name == "某公司"
    read = document.lines[0]
    assert (read.item.buyer_id.value, order.lines[0].sku) == ("B-1", "B-1")
    assert [(one.kind, one.line_id) for one in read.references] == [
        ("CatalogueLineReference", "9"),
        ("QuotationLineReference", "3"),
    ]
    assert str(order.lines[0].delivery_on) == "2026-03-31"
    assert ("ItemInstance/LotIdentification/LotNumberID", "L1") in [
        (one.path, one.value) for one in read.item.details
    ]


def test_the_rare_parts_of_an_invoice_are_read():
    line = (
        "<cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:InvoicedQuantity unitCode='TNE'>1"
        f"</cbc:InvoicedQuantity>{money('LineExtensionAmount', '100')}"
        "<cac:DocumentReference><cbc:ID>D</cbc:ID></cac:DocumentReference>"
        "<cac:Item><cbc:Name>聚丙烯</cbc:Name></cac:Item></cac:InvoiceLine>"
    )
    body = (
        "<cbc:DueDate>2026-04-30</cbc:DueDate><cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>"
        "<cbc:TaxPointDate>2026-03-05</cbc:TaxPointDate>"
        f"<cac:InvoicePeriod>{PERIOD}<cbc:DescriptionCode>35</cbc:DescriptionCode></cac:InvoicePeriod>"
        "<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>I0</cbc:ID>"
        "<cbc:IssueDate>2026-02-01</cbc:IssueDate></cac:InvoiceDocumentReference>"
        "</cac:BillingReference>"
        "<cac:DespatchDocumentReference><cbc:ID>DA1</cbc:ID></cac:DespatchDocumentReference>"
        + _party("PayeeParty")
        + _party("TaxRepresentativeParty")
        + "<cac:PaymentMeans><cbc:PaymentMeansCode name='卡'>48</cbc:PaymentMeansCode>"
        "<cac:CardAccount><cbc:PrimaryAccountNumberID>1234</cbc:PrimaryAccountNumberID>"
        "<cbc:NetworkID>UP</cbc:NetworkID></cac:CardAccount><cac:PaymentMandate><cbc:ID>M1</cbc:ID>"
        "</cac:PaymentMandate></cac:PaymentMeans>"
        f"<cac:TaxTotal>{money('TaxAmount', '0')}<cac:TaxSubtotal>{money('TaxableAmount', '100')}"
        f"{money('TaxAmount', '0')}<cac:TaxCategory><cbc:ID>E</cbc:ID><cbc:Percent>0</cbc:Percent>"
        "<cbc:TaxExemptionReasonCode>X</cbc:TaxExemptionReasonCode>"
        "<cbc:TaxExemptionReason>免税</cbc:TaxExemptionReason><cac:TaxScheme><cbc:ID>VAT</cbc:ID>"
        "</cac:TaxScheme></cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>"
        f"<cac:LegalMonetaryTotal>{money('PrepaidAmount', '40')}{money('PayableAmount', '60')}"
        "</cac:LegalMonetaryTotal>"
    )

    invoice = read_ubl(order_xml(line, body=body, kind="Invoice"))

    assert invoice.unread == ()
    assert str(invoice.due_on) == "2026-04-30"
    assert [one.kind for one in invoice.references] == [
        "InvoiceDocumentReference",
        "DespatchDocumentReference",
    ]
    assert invoice.party("payee").legal_id.value == "L1"
    assert invoice.tax_totals[0].subtotals[0].category.exemption_reason == "免税"
    assert invoice.totals.prepaid == 40


def test_the_carrier_and_the_shortfall_of_a_despatch_are_read():
    line = (
        "<cac:DespatchLine><cbc:ID>1</cbc:ID><cbc:DeliveredQuantity unitCode='TNE'>9.7"
        "</cbc:DeliveredQuantity><cbc:OutstandingQuantity unitCode='TNE'>0.3"
        "</cbc:OutstandingQuantity><cbc:OutstandingReason>磅差</cbc:OutstandingReason>"
        "<cac:OrderLineReference><cbc:LineID>1</cbc:LineID><cac:OrderReference><cbc:ID>PO-1</cbc:ID>"
        "</cac:OrderReference></cac:OrderLineReference><cac:Item><cbc:Name>聚丙烯</cbc:Name></cac:Item>"
        "</cac:DespatchLine>"
    )
    body = (
        "<cac:Shipment><cbc:ID>S1</cbc:ID><cac:Consignment><cbc:ID>C1</cbc:ID>"
        + _party("CarrierParty")
        + "</cac:Consignment></cac:Shipment>"
    )

    despatch = read_ubl(order_xml(line, body=body, kind="DespatchAdvice", currency=""))

    assert despatch.unread == ()
    assert (despatch.currency, despatch.is_read_as) == ("", False)
    assert str(despatch.lines[0].quantity.value) == "9.7"
    assert (
        despatch.lines[0].references[0].line_id,
        despatch.lines[0].references[0].number.value,
    ) == (
        "1",
        "PO-1",
    )
    assert [(one.path, one.value) for one in despatch.lines[0].details] == [
        ("OutstandingQuantity", "0.3"),
        ("OutstandingReason", "磅差"),
    ]
