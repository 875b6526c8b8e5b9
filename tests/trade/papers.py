"""UBL samples written by others as files in memory, and orders made so that they match."""

from scf.core.actor import Actor
from scf.trade.models import ImportJob, Order
from scf.trade.services import check_paper, confirm_order, import_order, upload_paper
from tests.factories.parties import party, somebody
from tests.trade.importing.samples import foreign_documents


def sample(name: str, *changes: tuple[str, str]) -> bytes:
    """A document written by others, with these texts changed everywhere."""
    text = foreign_documents(name)[0].read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, f"{old} is not in {name}"
        text = text.replace(old, new)
    return text.encode()


def order_from(
    name: str = "Order_sc1.xml",
    *changes: tuple[str, str],
    buyer: str = "jinhe",
    seller: str = "hengyan",
    by: str = "ma",
) -> Order:
    """The order of a UBL file between these parties, read as CNY; its seller has said nothing."""
    return import_order(
        sample(name, *changes),
        filename=name,
        buyer_id=party(buyer).pk,
        seller_id=party(seller).pk,
        read_as="CNY",
        by=somebody(by),
    )


def confirmed_from(name: str = "Order_sc1.xml", *changes: tuple[str, str]) -> Order:
    """The same, confirmed by the seller."""
    return confirm_order(order_from(name, *changes).pk, by=somebody("wei"))


def brought(content: bytes, *, by: Actor, read_as: str = "CNY") -> ImportJob:
    """A paper uploaded."""
    return upload_paper(content, filename="paper.xml", by=by, read_as=read_as)


def checked(content: bytes, *, by: Actor, read_as: str = "CNY") -> ImportJob:
    """A paper uploaded and read dry."""
    return check_paper(brought(content, by=by, read_as=read_as).pk, by=by)


def codes_of(job: ImportJob) -> list[str]:
    """The codes of the dry run's errors, in their order."""
    return [error["code"] for error in job.errors]


def notices_of(job: ImportJob) -> str:
    """What the dry run wants known, in Chinese, as one text."""
    return "\n".join(one["zh"] for one in job.found[0]["notices"])


def gaps_of(job: ImportJob) -> list[tuple[str, str, str]]:
    """The dry run's differences: field, what the paper states, what is expected."""
    return [(one["field"], one["stated"], one["recomputed"]) for one in job.found[0]["differences"]]


# The advice of ten and ten pieces, as if it were about the order of Order_sc1.
_FOR_ORDER_1 = (("4321", "Order-1"), ("7390000400003", "7300010000001"))


def advice(*changes: tuple[str, str]) -> bytes:
    """A despatch advice for the two lines of Order_sc1."""
    return sample("DespatchAdvice-BIS3_UseCase1.xml", *_FOR_ORDER_1, *changes)


def bill(*changes: tuple[str, str]) -> bytes:
    """An invoice for ten pieces of line 1 and twice ten of line 2 of Order_sc1."""
    text = sample("Invoice_Vat-category-S.xml", ("7300010000001", "7302347231110")).decode()
    reference = "<cac:OrderReference><cbc:ID>Order-1</cbc:ID></cac:OrderReference>"
    text = text.replace(
        "<cac:AccountingSupplierParty>", f"{reference}<cac:AccountingSupplierParty>"
    )
    text = text.replace("<cbc:LineID>123<", "<cbc:LineID>1<")
    second = "<cac:OrderLineReference><cbc:LineID>2</cbc:LineID></cac:OrderLineReference>"
    head, *rest = text.split("<cac:InvoiceLine>")
    lines = [rest[0], *(one.replace("<cac:Item>", f"{second}<cac:Item>", 1) for one in rest[1:])]
    return _changed("<cac:InvoiceLine>".join([head, *lines]), changes)


def credit(*changes: tuple[str, str]) -> bytes:
    """A credit note that takes back four pieces of line 1 of that invoice."""
    reference = "<cac:OrderReference><cbc:ID>Order-1</cbc:ID></cac:OrderReference>"
    text = sample(
        "Invoice_base-creditnote-correction.xml",
        ('"DAY"', '"NAR"'),
        ("9482348239847239874", "7302347231110"),
        ("<cbc:LineID>123<", "<cbc:LineID>1<"),
        ("<cac:AccountingSupplierParty>", f"{reference}<cac:AccountingSupplierParty>"),
    ).decode()
    return _changed(text.replace("<cbc:ID>Snippet1<", "<cbc:ID>Snippet1-R<", 1), changes)


def _changed(text: str, changes: tuple[tuple[str, str], ...]) -> bytes:
    for old, new in changes:
        assert old in text, f"{old} is not in the paper"
        text = text.replace(old, new)
    return text.encode()
