"""Bringing the given documents in for the cast: read first, refuse in words, and leave nothing
behind.
"""

from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from pathlib import Path
from uuid import UUID

from scf.chain.signer import LARGEST_MINOR
from scf.core.errors import DomainError
from scf.core.money import format_yuan
from scf.rehearsal.cast import doer
from scf.rehearsal.people import acting, organization
from scf.rehearsal.refusals import Refused, refused
from scf.trade.importing import ImportedOrder, ImportRefused, require_financeable
from scf.trade.mapping import order_in
from scf.trade.models import ImportJob, Order
from scf.trade.reading import read_file
from scf.trade.services import create_order, import_order
from scf.workflow import clocks

MOST_MINOR = LARGEST_MINOR // 2  # the mandate is twice the order, and a demo key signs no more


@dataclass(frozen=True)
class Given:
    """An order file that can be financed, with what it says."""

    path: Path
    content: bytes
    read_as: str
    order: ImportedOrder


def read_order(path: Path, *, read_as: str) -> Given:
    """The order in a file, checked to be one that can be financed. Raises Refused."""
    content = read_bytes(path)
    try:
        reading = read_file(content, read_as=read_as or None)
        if reading.errors:
            first = reading.errors[0]
            raise ImportRefused(first.code, first.zh, first.en)
        if len(reading.orders) != 1:
            raise ImportRefused("one_order", "文件须恰有一张订单", "the file must hold one order")
        require_financeable(reading.orders[0])
    except ImportRefused as refusal:
        raise Refused(refusal.zh, refusal.en, code=refusal.code) from refusal
    order = reading.orders[0]
    if order.total_minor > MOST_MINOR:
        most = format_yuan(MOST_MINOR)
        raise Refused(
            f"订单总额 {format_yuan(order.total_minor)} 元超过演示签名器的上限 {most} 元",
            f"the order's total of {format_yuan(order.total_minor)} yuan is above the {most}"
            " yuan a demo key signs",
            code="amount_too_high",
        )
    return Given(path, content, read_as, order)


def read_bytes(path: Path) -> bytes:
    """The file's bytes. Raises Refused when there are none to be had."""
    try:
        return path.read_bytes()
    except OSError as wrong:
        raise Refused(
            f"读不到文件 {path}", f"cannot read {path}: {wrong}", code="no_file"
        ) from wrong


def bring_in(given: Given, *, buyer: str, seller: str) -> Order:
    """The order for the cast: imported by the buyer's maker, or, of a file known already, once more
    under a number of its own. Raises Refused.
    """
    buyer_id, seller_id = organization(buyer).pk, organization(seller).pk
    by = acting(doer(buyer, "order"))
    file_hash = sha256(given.content).hexdigest()
    known = ImportJob.objects.filter(organization_id=buyer_id, file_hash=file_hash)
    number = _free_number(given.order.number.strip() or "PO", buyer_id, seller_id)
    try:
        if number == given.order.number and not known.exclude(status="refused").exists():
            return import_order(
                given.content,
                filename=given.path.name,
                buyer_id=buyer_id,
                seller_id=seller_id,
                read_as=given.read_as,
                by=by,
            )
        copy = order_in(
            given.order,
            buyer_id=buyer_id,
            seller_id=seller_id,
            ordered_on=clocks.business_date(),
            number=number,
        )
        return create_order(copy, by=by)
    except DomainError as refusal:
        raise refused(refusal) from refusal


def _free_number(number: str, buyer_id: UUID, seller_id: UUID) -> str:
    taken = set(
        Order.objects.filter(
            buyer_id=buyer_id, seller_id=seller_id, number__startswith=number
        ).values_list("number", flat=True)
    )
    if number not in taken:
        return number
    return next(name for n in count(2) if (name := f"{number}-R{n}") not in taken)
