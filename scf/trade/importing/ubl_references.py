"""References to other documents and lines, with what is attached to them, out of UBL."""

import base64
import binascii
import hashlib

from scf.trade.importing.document_parts import Attachment, Reference
from scf.trade.importing.refusals import ImportRefused
from scf.trade.importing.ubl_values import date_of, identifier_of, leaves
from scf.trade.importing.xml_tree import Node

DOCUMENT_REFERENCES = (
    "AdditionalDocumentReference",
    "CatalogueReference",
    "Contract",
    "ContractDocumentReference",
    "DespatchDocumentReference",
    "DocumentReference",
    "ItemSpecificationDocumentReference",
    "OrderChangeDocumentReference",
    "OrderDocumentReference",
    "OrderReference",
    "OriginatorDocumentReference",
    "ProjectReference",
    "QuotationDocumentReference",
    "ReceiptDocumentReference",
    "StatementDocumentReference",
)
LINE_REFERENCES = (
    "CatalogueLineReference",
    "DespatchLineReference",
    "OrderLineReference",
    "QuotationLineReference",
    "ReceiptLineReference",
)
_REST = (
    "CopyIndicator",
    "UUID",
    "IssueTime",
    "DocumentTypeCode",
    "XPath",
    "LanguageID",
    "LocaleCode",
    "VersionID",
    "DocumentStatusCode",
    "DocumentDescription",
    "ValidityPeriod",
    "IssuerParty",
    "SalesOrderID",
    "CustomerReference",
    "OrderTypeCode",
    "ContractTypeCode",
    "ContractType",
    "Note",
    "Description",
    "SalesOrderLineID",
    "LineStatusCode",
)


def references(node: Node) -> tuple[Reference, ...]:
    """Every reference among the children of ``node``, in document order."""
    found: list[Reference] = []
    for child in node.children:
        if child.name in DOCUMENT_REFERENCES:
            found.append(_document(child))
        elif child.name in LINE_REFERENCES:
            found.extend(_line(child))
        elif child.name == "BillingReference":
            found.extend(_billing(child))
    return tuple(found)


def _document(node: Node, *, kind: str = "", line_id: str = "") -> Reference:
    return Reference(
        kind=kind or node.name,
        number=identifier_of(node, "ID"),
        line_id=line_id,
        issued_on=date_of(node, "IssueDate"),
        document_type=node.text_of("DocumentType"),
        attachments=tuple(_attachment(one) for one in node.all("Attachment")),
        details=leaves(node, _REST),
    )


def _line(node: Node) -> list[Reference]:
    # A line reference may name the document its line stands in; both belong together.
    line_id = node.text_of("LineID")
    own = leaves(node, (*_REST, "UUID"))
    inner = node.all("OrderReference", "DocumentReference")
    if not inner:
        return [Reference(kind=node.name, line_id=line_id, details=own)]
    first = _document(inner[0], kind=node.name, line_id=line_id)
    first = Reference(
        kind=first.kind,
        number=first.number,
        line_id=line_id,
        issued_on=first.issued_on,
        document_type=first.document_type,
        attachments=first.attachments,
        details=own + first.details,
    )
    return [first, *(_document(one, kind=node.name, line_id=line_id) for one in inner[1:])]


def _billing(node: Node) -> list[Reference]:
    line = node.first("BillingReferenceLine")
    line_id = line.text_of("ID") if line else ""
    return [
        _document(one, line_id=line_id) for one in node.children if one.name.endswith("Reference")
    ]


def _attachment(node: Node) -> Attachment:
    binary = node.first("EmbeddedDocumentBinaryObject")
    link = node.first("ExternalReference")
    content = _decoded(binary) if binary else b""
    return Attachment(
        filename=binary.attribute("filename") if binary else "",
        mime=binary.attribute("mimeCode") if binary else "",
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest() if content else "",
        uri=link.text_of("URI") if link else "",
        details=leaves(
            link,
            (
                "DocumentHash",
                "HashAlgorithmMethod",
                "ExpiryDate",
                "MimeCode",
                "FileName",
                "Description",
            ),
        )
        if link
        else (),
    )


def _decoded(node: Node) -> bytes:
    for name in ("encodingCode", "characterSetCode", "format", "uri"):
        node.attribute(name)
    try:
        return base64.b64decode("".join(node.read().split()), validate=True)
    except (binascii.Error, ValueError) as broken:
        raise ImportRefused(
            "bad_attachment",
            "附件内容不是有效的 Base64",
            "an attachment is not valid Base64",
            where=node.path,
        ) from broken
