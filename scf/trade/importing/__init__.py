"""Reads orders, despatch advices and invoices from other systems: bytes in, plain values out.

Owns no rows and knows no database. ``read_ubl`` gives everything a UBL 2.1 document says,
``read_ubl_order`` and ``read_order_sheet`` give orders as trade takes them, valued by K7. A file
that cannot be taken raises ``ImportRefused`` with words in Chinese and English; rows that cannot be
taken come back as ``CellError``, all of them. What must stay true: nothing of a file is lost
unreported, nothing is rounded in silence, and no file costs more than the limits in ``limits``.
"""

from scf.trade.importing.comparison import Difference, compare
from scf.trade.importing.documents import DocumentKind, TradeDocument
from scf.trade.importing.orders import (
    ImportedLine,
    ImportedOrder,
    ImportedParty,
    order_of,
    read_ubl_order,
    require_financeable,
)
from scf.trade.importing.rates import Notice
from scf.trade.importing.refusals import CellError, ImportRefused
from scf.trade.importing.sheets import SheetReading, read_order_sheet
from scf.trade.importing.sniff import FileKind, kind_of_file
from scf.trade.importing.template import error_file, template_csv, template_xlsx
from scf.trade.importing.totals import Pricing, price_document
from scf.trade.importing.ubl import kind_of_ubl, read_ubl, read_ubl_of_kind

__all__ = [
    "CellError",
    "Difference",
    "DocumentKind",
    "FileKind",
    "ImportRefused",
    "ImportedLine",
    "ImportedOrder",
    "ImportedParty",
    "Notice",
    "Pricing",
    "SheetReading",
    "TradeDocument",
    "compare",
    "error_file",
    "kind_of_file",
    "kind_of_ubl",
    "order_of",
    "price_document",
    "read_order_sheet",
    "read_ubl",
    "read_ubl_of_kind",
    "read_ubl_order",
    "require_financeable",
    "template_csv",
    "template_xlsx",
]
