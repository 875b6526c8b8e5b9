"""From an order as a file says it to an order as trade creates it."""

from datetime import date
from uuid import UUID

from scf.trade.importing import ImportedLine, ImportedOrder
from scf.trade.inputs import OrderIn, OrderLineIn

NAME_LENGTH = 300


def order_in(
    imported: ImportedOrder,
    *,
    buyer_id: UUID,
    seller_id: UUID,
    ordered_on: date,
    number: str = "",
    document_id: UUID | None = None,
    import_job_id: UUID | None = None,
) -> OrderIn:
    """The order to create from what was read; call ``require_financeable`` first.

    ``ordered_on`` stands in where the file names no day, ``number`` replaces the file's own.
    Lines of a document priced without tax bring their amount, those of a sheet follow quantity
    and price (K7).
    """
    return OrderIn(
        number=number or imported.number,
        buyer_id=buyer_id,
        seller_id=seller_id,
        ordered_on=imported.issued_on or ordered_on,
        currency=imported.currency,
        lines=[_line(line, has_tax=imported.document is None) for line in imported.lines],
        document_id=document_id,
        import_job_id=import_job_id,
    )


def _line(line: ImportedLine, *, has_tax: bool) -> OrderLineIn:
    if line.quantity is None or line.unit_price is None:
        raise ValueError(f"line {line.line_no} has no quantity or price")
    return OrderLineIn(
        name=(line.name or line.sku or line.line_no)[:NAME_LENGTH],
        unit=line.unit,
        quantity=line.quantity,
        unit_price=line.unit_price,
        tax_ppm=line.tax_rate_ppm,
        sku=line.sku,
        spec=line.spec,
        reference=line.line_no,
        planned_on=line.delivery_on,
        amount_minor=None if has_tax else line.total_minor,
    )
