"""Reading an order file whatever its kind, and finding the parties it speaks of."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from scf.parties.models import Organization
from scf.trade.importing import (
    CellError,
    DocumentKind,
    FileKind,
    ImportedOrder,
    ImportedParty,
    ImportRefused,
    kind_of_file,
    kind_of_ubl,
    read_order_sheet,
    read_ubl_order,
    require_financeable,
)
from scf.trade.inputs import OrderIn
from scf.trade.machine import OrderStatus
from scf.trade.mapping import order_in
from scf.trade.models import ImportJob, Order
from scf.workflow import clocks

CORRECT = ("请更正后重新上传", "correct it and upload again")
WHAT_TO_DO = {
    "duplicate_order": (
        "同一订单只导入一次；确为新订单的，请换一个编号",
        "an order is imported once; give a new order a number of its own",
    ),
    "foreign_currency": (
        "换成人民币订单；只想按人民币读取金额的，重新上传并勾选“文件是外币”",
        "take an order in CNY, or upload it again with “The file is in a foreign currency” ticked",
    ),
}


@dataclass(frozen=True)
class Reading:
    """The orders of a file, what is wrong in it, and how many rows it has."""

    orders: tuple[ImportedOrder, ...]
    errors: tuple[CellError, ...]
    rows: int


def read_file(content: bytes, *, read_as: str | None) -> Reading:
    """Read a UBL order, or all orders of a sheet. Raises ImportRefused for the file as a whole."""
    if kind_of_file(content) is FileKind.UBL:
        order = read_ubl_order(content, read_as=read_as)
        return Reading(orders=(order,), errors=(), rows=len(order.lines))
    sheet = read_order_sheet(content)
    return Reading(orders=sheet.orders, errors=sheet.errors, rows=sheet.row_count)


def is_paper(content: bytes) -> bool:
    """True for a UBL order response, despatch advice, invoice or credit note, by its content.

    A file that cannot be read is no paper: the import of orders says what is wrong with it.
    """
    try:
        return (
            kind_of_file(content) is FileKind.UBL and kind_of_ubl(content) is not DocumentKind.ORDER
        )
    except ImportRefused:
        return False


def orders_in(reading: Reading, *, job: ImportJob) -> tuple[list[OrderIn], list[CellError]]:
    """The orders to create, and an error for each that cannot be one: no price, unknown party."""
    prepared: list[OrderIn] = []
    errors: list[CellError] = []
    for order in reading.orders:
        try:
            prepared.append(_prepare(order, job=job, is_alone=len(reading.orders) == 1))
        except ImportRefused as refusal:
            errors.append(_error(order, refusal))
    return prepared, errors


def numbers_taken(prepared: Sequence[OrderIn], reading: Reading) -> list[CellError]:
    """An error for each order whose parties have a live order of its number already."""
    rows = {order.number: order for order in reading.orders}
    return [
        _error(
            rows[given.number],
            ImportRefused(
                "duplicate_order",
                f"双方已有编号为“{given.number}”的订单",
                f"the parties have an order numbered “{given.number}” already",
            ),
        )
        for given in prepared
        if Order.objects.filter(
            buyer_id=given.buyer_id, seller_id=given.seller_id, number=given.number
        )
        .exclude(status=OrderStatus.CANCELLED)
        .exists()
    ]


def _prepare(order: ImportedOrder, *, job: ImportJob, is_alone: bool) -> OrderIn:
    # A sheet with orders of several parties is no paper to show to one of them.
    require_financeable(order)
    buyer_id = job.buyer_id or _known(order.buyer, "买方", "buyer")
    seller_id = job.seller_id or _known(order.seller, "卖方", "seller")
    if job.organization_id not in (buyer_id, seller_id):
        raise ImportRefused(
            "not_your_order",
            "贵公司不是这张订单的买方或卖方",
            "your company is neither buyer nor seller of this order",
        )
    if buyer_id == seller_id:
        raise ImportRefused(
            "same_party",
            "买方和卖方不能是同一家企业",
            "buyer and seller cannot be the same company",
        )
    return order_in(
        order,
        buyer_id=buyer_id,
        seller_id=seller_id,
        ordered_on=clocks.business_date(),
        document_id=job.document_id if is_alone else None,
        import_job_id=job.pk,
    )


def _known(party: ImportedParty, zh: str, en: str) -> UUID:
    codes = [one.value for one in party.ids]
    found = Organization.objects.filter(uscc__in=codes).first()
    if found is None:
        named = party.name or "、".join(codes)
        raise ImportRefused(
            "unknown_party",
            f"平台上没有{zh}“{named}”，请先邀请其加入或上传时指定",
            f"the {en} “{named}” is not on the platform; invite it, or name it at upload",
        )
    return found.pk


def _error(order: ImportedOrder, refusal: ImportRefused) -> CellError:
    first = next((line.row for line in order.lines), 0)
    todo_zh, todo_en = WHAT_TO_DO.get(refusal.code, CORRECT)
    return CellError(
        row=first,
        column="",
        field=refusal.where,
        code=refusal.code,
        zh=refusal.zh,
        en=refusal.en,
        todo_zh=todo_zh,
        todo_en=todo_en,
        value=order.number,
    )


def _name_of(party: ImportedParty) -> str:
    """The name in the file; a sheet has codes only, so the name on the platform or the code."""
    codes = [one.value for one in party.ids]
    found = Organization.objects.filter(uscc__in=codes).first()
    return party.name or (found.name if found else "、".join(codes))


def described(order: ImportedOrder) -> dict[str, object]:
    """What the dry run shows of an order: figures in fen, differences and notices in both
    languages.
    """
    return {
        "number": order.number,
        "currency": order.currency,
        "buyer": _name_of(order.buyer),
        "seller": _name_of(order.seller),
        "lines": len(order.lines),
        "total_minor": order.total_minor,
        "differences": [
            {
                "field": one.field,
                "line": one.line,
                "zh": one.zh,
                "en": one.en,
                "stated": str(one.stated),
                "recomputed": str(one.recomputed),
            }
            for one in order.differences
        ],
        "notices": [{"line": one.line, "zh": one.zh, "en": one.en} for one in order.notices],
        "unread": list(order.unread),
    }
