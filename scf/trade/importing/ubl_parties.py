"""Parties, addresses and contacts out of UBL."""

from scf.trade.importing.document_parts import Address, Contact, Party, TaxRegistration
from scf.trade.importing.ubl_values import identifier, identifier_of, leaves
from scf.trade.importing.xml_tree import Node

# Wrapped roles hold cac:Party inside; direct ones are a party themselves.
WRAPPED_ROLES = {
    "BuyerCustomerParty": "buyer",
    "SellerSupplierParty": "seller",
    "AccountingCustomerParty": "accounting_customer",
    "AccountingSupplierParty": "accounting_supplier",
    "OriginatorCustomerParty": "originator",
    "DespatchSupplierParty": "despatch_supplier",
    "DeliveryCustomerParty": "delivery_customer",
}
DIRECT_ROLES = {
    "FreightForwarderParty": "freight_forwarder",
    "PayeeParty": "payee",
    "TaxRepresentativeParty": "tax_representative",
}
_CONTACTS = (
    "Contact",
    "AccountingContact",
    "BuyerContact",
    "DeliveryContact",
    "DespatchContact",
    "SellerContact",
)
_WRAPPER_REST = (
    "CustomerAssignedAccountID",
    "SupplierAssignedAccountID",
    "AdditionalAccountID",
    "DataSendingCapability",
)
_PARTY_REST = (
    "MarkCareIndicator",
    "MarkAttentionIndicator",
    "WebsiteURI",
    "LogoReferenceID",
    "IndustryClassificationCode",
    "Language",
    "PhysicalLocation",
    "Person",
    "AgentParty",
    "ServiceProviderParty",
    "PowerOfAttorney",
    "FinancialAccount",
)
_LEGAL_REST = (
    "RegistrationDate",
    "RegistrationExpirationDate",
    "CompanyLegalFormCode",
    "SoleProprietorshipIndicator",
    "CompanyLiquidationStatusCode",
    "CorporateStockAmount",
    "FullyPaidSharesIndicator",
    "CorporateRegistrationScheme",
    "HeadOfficeParty",
    "ShareholderParty",
)
_ADDRESS_REST = (
    "ID",
    "AddressTypeCode",
    "AddressFormatCode",
    "Postbox",
    "Floor",
    "Room",
    "BlockName",
    "BuildingName",
    "BuildingNumber",
    "InhouseMail",
    "Department",
    "MarkAttention",
    "MarkCare",
    "PlotIdentification",
    "CitySubdivisionName",
    "CountrySubentityCode",
    "Region",
    "District",
    "TimezoneOffset",
    "LocationCoordinate",
)


def parties(root: Node) -> tuple[Party, ...]:
    """Every party a document's header names, in document order."""
    found: list[Party] = []
    for node in root.children:
        if node.name in WRAPPED_ROLES:
            found.append(_wrapped(node, WRAPPED_ROLES[node.name]))
        elif node.name in DIRECT_ROLES:
            found.append(party(node, DIRECT_ROLES[node.name]))
    return tuple(found)


def _wrapped(node: Node, role: str) -> Party:
    inner = node.first("Party") or Node("Party", {}, node)
    return party(inner, role, beside=node)


def party(node: Node, role: str, *, beside: Node | None = None) -> Party:
    """The party in ``node``; ``beside`` is the element around it, which may hold contacts."""
    legal = node.first("PartyLegalEntity") or Node("PartyLegalEntity", {}, node)
    around = [node, beside] if beside else [node]
    return Party(
        role=role,
        endpoint=identifier_of(node, "EndpointID"),
        ids=tuple(
            one
            for wrapper in node.all("PartyIdentification")
            if (one := identifier_of(wrapper, "ID"))
        ),
        names=tuple(name for wrapper in node.all("PartyName") for name in wrapper.texts_of("Name")),
        legal_name=legal.text_of("RegistrationName"),
        legal_id=identifier_of(legal, "CompanyID"),
        legal_form=legal.text_of("CompanyLegalForm"),
        address=_address_in(node, "PostalAddress"),
        legal_address=_address_in(legal, "RegistrationAddress"),
        tax_registrations=tuple(_tax_registration(one) for one in node.all("PartyTaxScheme")),
        contacts=tuple(contact(one) for place in around for one in place.all(*_CONTACTS)),
        details=leaves(node, _PARTY_REST)
        + leaves(legal, _LEGAL_REST)
        + (leaves(beside, _WRAPPER_REST) if beside else ()),
    )


def _tax_registration(node: Node) -> TaxRegistration:
    scheme = node.first("TaxScheme")
    number = node.first("CompanyID")
    return TaxRegistration(
        number=identifier(number) if number else None,
        scheme=scheme.text_of("ID") if scheme else "",
        details=leaves(
            node,
            (
                "RegistrationName",
                "TaxLevelCode",
                "ExemptionReasonCode",
                "ExemptionReason",
                "RegistrationAddress",
            ),
        )
        + (leaves(scheme, ("Name", "TaxTypeCode", "CurrencyCode")) if scheme else ()),
    )


def contact(node: Node) -> Contact:
    """A contact, whatever its element is called."""
    return Contact(
        kind=node.name,
        name=node.text_of("Name"),
        telephone=node.text_of("Telephone"),
        email=node.text_of("ElectronicMail"),
        details=leaves(node, ("ID", "Telefax", "Note", "OtherCommunication")),
    )


def _address_in(parent: Node, name: str) -> Address | None:
    node = parent.first(name)
    return address(node) if node else None


def address(node: Node) -> Address:
    """An address, whatever its element is called."""
    country = node.first("Country")
    return Address(
        street=node.text_of("StreetName"),
        additional_street=node.text_of("AdditionalStreetName"),
        lines=tuple(line for one in node.all("AddressLine") for line in one.texts_of("Line")),
        city=node.text_of("CityName"),
        postal_code=node.text_of("PostalZone"),
        region=node.text_of("CountrySubentity"),
        country=country.text_of("IdentificationCode") if country else "",
        details=leaves(node, _ADDRESS_REST) + (leaves(country, ("Name",)) if country else ()),
    )
