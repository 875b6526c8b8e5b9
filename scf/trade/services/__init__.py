"""The verbs of trade; each is one transaction."""

from scf.trade.services.apply_papers import confirm_paper, take_shipment
from scf.trade.services.close import close_lines
from scf.trade.services.deliver import ship
from scf.trade.services.import_papers import check_paper, refuse_paper, upload_paper
from scf.trade.services.imports import (
    check_import,
    confirm_import,
    import_order,
    refuse_import,
    upload_import,
)
from scf.trade.services.invoice import record_invoice
from scf.trade.services.orders import cancel_order, confirm_order, create_order, share_order
from scf.trade.services.receive import record_receipt
from scf.trade.services.reserve import release_lines, reserve_lines

__all__ = [
    "cancel_order",
    "check_import",
    "check_paper",
    "close_lines",
    "confirm_import",
    "confirm_order",
    "confirm_paper",
    "create_order",
    "import_order",
    "record_invoice",
    "record_receipt",
    "refuse_import",
    "refuse_paper",
    "release_lines",
    "reserve_lines",
    "share_order",
    "ship",
    "take_shipment",
    "upload_import",
    "upload_paper",
]
