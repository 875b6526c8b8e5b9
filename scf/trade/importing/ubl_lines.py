"""Lines and the goods on them out of UBL, whatever the document calls a line."""

from scf.trade.importing.documents import (
    Classification,
    DocumentLine,
    Item,
    ItemProperty,
    Substitute,
)
from scf.trade.importing.limits import MAX_ROWS
from scf.trade.importing.refusals import ImportRefused
from scf.trade.importing.ubl_deliveries import deliveries, periods
from scf.trade.importing.ubl_parties import party
from scf.trade.importing.ubl_prices import allowances_charges, price, tax_categories, tax_totals
from scf.trade.importing.ubl_references import references
from scf.trade.importing.ubl_values import amount_of, identifier_of, leaves, quantity_of
from scf.trade.importing.xml_tree import Node

_LINES = ("OrderLine", "InvoiceLine", "CreditNoteLine", "DespatchLine")
_QUANTITIES = ("Quantity", "InvoicedQuantity", "CreditedQuantity", "DeliveredQuantity")
_SUBSTITUTES = (
    "SellerProposedSubstituteLineItem",
    "SellerSubstitutedLineItem",
    "BuyerProposedSubstituteLineItem",
)
_LINE_REST = (
    "SalesOrderID",
    "UUID",
    "MinimumQuantity",
    "MaximumQuantity",
    "MinimumBackorderQuantity",
    "MaximumBackorderQuantity",
    "BackorderQuantity",
    "BackorderReason",
    "OutstandingQuantity",
    "OutstandingReason",
    "OversupplyQuantity",
    "InspectionMethodCode",
    "PartialDeliveryIndicator",
    "BackOrderAllowedIndicator",
    "AccountingCostCode",
    "WarrantyInformation",
    "TaxPointDate",
    "FreeOfChargeIndicator",
    "PaymentPurposeCode",
    "SubstitutionStatusCode",
    "DeliveryTerms",
    "PaymentTerms",
    "Shipment",
    "OrderedShipment",
    "PricingReference",
    "ItemPriceExtension",
    "SubLineItem",
    "WarrantyValidityPeriod",
    "WarrantyParty",
)
_SUBSTITUTE_REST = (
    "Quantity",
    "LineExtensionAmount",
    "TotalTaxAmount",
    "Price",
    "Note",
    "LineStatusCode",
)
_ITEM_REST = (
    "PackQuantity",
    "PackSizeNumeric",
    "CatalogueIndicator",
    "HazardousRiskIndicator",
    "AdditionalInformation",
    "Keyword",
    "BrandName",
    "ModelName",
    "ManufacturersItemIdentification",
    "CatalogueItemIdentification",
    "AdditionalItemIdentification",
    "CatalogueDocumentReference",
    "TransactionConditions",
    "HazardousItem",
    "ManufacturerParty",
    "InformationContentProviderParty",
    "OriginAddress",
    "ItemInstance",
    "Certificate",
    "Dimension",
)
_PROPERTY_REST = (
    "ID",
    "NameCode",
    "TestMethod",
    "ValueQuantity",
    "ValueQualifier",
    "ImportanceCode",
    "ListValue",
    "UsabilityPeriod",
    "ItemPropertyGroup",
    "RangeDimension",
    "ItemPropertyRange",
)


def lines(root: Node) -> tuple[DocumentLine, ...]:
    """Every line of the document, in its order. Raises ``too_many_rows`` beyond 5,000."""
    found = root.all(*_LINES)
    if len(found) > MAX_ROWS:
        raise ImportRefused(
            "too_many_rows",
            f"共 {len(found)} 行，超过上限 {MAX_ROWS} 行，请拆分",
            f"{len(found)} lines; the limit is {MAX_ROWS}, split the document",
        )
    return tuple(_line(one) for one in found)


def _line(outer: Node) -> DocumentLine:
    # An order line wraps its values in LineItem and keeps notes and references outside it.
    inner = outer.first("LineItem") or outer
    around = [outer] if inner is outer else [outer, inner]
    goods = inner.first("Item")
    originator = inner.first("OriginatorParty")
    quantities = (quantity_of(inner, name) for name in _QUANTITIES)
    return DocumentLine(
        id=inner.text_of("ID"),
        item=item(goods) if goods else Item(),
        notes=tuple(note for node in around for note in node.texts_of("Note")),
        quantity=next((one for one in quantities if one), None),
        net=amount_of(inner, "LineExtensionAmount"),
        tax=amount_of(inner, "TotalTaxAmount"),
        status_code=inner.text_of("LineStatusCode"),
        accounting_cost=inner.text_of("AccountingCost"),
        price=price(inner),
        allowances_charges=allowances_charges(inner),
        tax_totals=tax_totals(inner),
        deliveries=deliveries(inner),
        periods=periods(inner, "InvoicePeriod"),
        references=tuple(one for node in around for one in references(node)),
        originator=party(originator, "originator") if originator else None,
        substitutes=tuple(_substitute(one) for one in outer.all(*_SUBSTITUTES)),
        details=leaves(inner, _LINE_REST)
        + (leaves(outer, ("SubstitutionStatusCode",)) if inner is not outer else ()),
    )


def _substitute(node: Node) -> Substitute:
    goods = node.first("Item")
    return Substitute(
        kind=node.name,
        id=node.text_of("ID"),
        item=item(goods) if goods else None,
        details=leaves(
            node,
            (*_LINE_REST, *_SUBSTITUTE_REST),
        ),
    )


def item(node: Node) -> Item:
    """The goods in an Item element."""
    origin = node.first("OriginCountry")
    ids = {
        name: node.first(f"{name}ItemIdentification") for name in ("Sellers", "Buyers", "Standard")
    }
    found = {name: identifier_of(one, "ID") if one else None for name, one in ids.items()}
    more = [
        leaves(
            one, ("ExtendedID", "BarcodeSymbologyID", "PhysicalAttribute", "MeasurementDimension")
        )
        for one in ids.values()
        if one
    ]
    return Item(
        name=node.text_of("Name"),
        descriptions=node.texts_of("Description"),
        seller_id=found["Sellers"],
        buyer_id=found["Buyers"],
        standard_id=found["Standard"],
        classifications=tuple(_classification(one) for one in node.all("CommodityClassification")),
        tax_categories=tax_categories(node, "ClassifiedTaxCategory"),
        origin_country=origin.text_of("IdentificationCode") if origin else "",
        properties=tuple(_property(one) for one in node.all("AdditionalItemProperty")),
        references=references(node),
        details=leaves(node, _ITEM_REST)
        + tuple(detail for group in more for detail in group)
        + (leaves(origin, ("Name",)) if origin else ()),
    )


def _classification(node: Node) -> Classification:
    # UBL has three elements for a class; Peppol uses the last.
    names = ("NatureCode", "CargoTypeCode", "CommodityCode", "ItemClassificationCode")
    codes = [(name, one) for name in names for one in node.all(name) if one.text]
    main = codes[-1][1] if codes else Node("ItemClassificationCode", {}, node)
    return Classification(
        code=main.read(),
        list_id=main.attribute("listID"),
        list_version=main.attribute("listVersionID"),
        name=main.attribute("name"),
    )


def _property(node: Node) -> ItemProperty:
    return ItemProperty(
        name=node.text_of("Name"),
        value=node.text_of("Value"),
        details=leaves(node, _PROPERTY_REST),
    )
