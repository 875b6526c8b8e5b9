"""Which order a paper speaks of, and whether it is between the order's parties."""

import re
from uuid import UUID

from django.db.models import Q
from stdnum.cn import uscc

from scf.core.actor import Actor
from scf.documents.services import open_document
from scf.parties.models import Organization
from scf.trade.importing import (
    DocumentKind,
    FileKind,
    ImportRefused,
    TradeDocument,
    kind_of_file,
    read_ubl,
)
from scf.trade.importing.document_parts import Identifier, Party
from scf.trade.machine import OrderStatus
from scf.trade.matching.findings import Findings
from scf.trade.models import Order

_USCC = re.compile(r"[0-9A-HJ-NP-RTUWXY]{18}")
_ORDER_REFERENCES = ("OrderReference", "OrderDocumentReference")
# Who sends and receives goods may be a warehouse of the party, with a code of its own.
_OWN_ROLES = ("buyer", "seller", "accounting_customer", "accounting_supplier")


def find_order(document: TradeDocument, *, organization_id: UUID, by: Actor) -> Order:
    """The live order of the uploader the paper names by its number.

    Raises ImportRefused: ``no_order_reference``, ``several_orders``, ``unknown_order``,
    ``ambiguous_order``.
    """
    number = _order_number(document)
    mine = Q(buyer_id=organization_id) | Q(seller_id=organization_id)
    rows = Order.objects.visible_to(by).filter(mine, number=number)
    live = rows.exclude(status=OrderStatus.CANCELLED).select_related("buyer", "seller")
    found: list[Order] = list(live.order_by("pk")[:200])
    if len(found) > 1:
        found = [each for each in found if _is_named(document, each)] or found
    if not found:
        raise ImportRefused(
            "unknown_order",
            f"平台上没有编号为“{number}”且贵公司是买方或卖方的订单",
            f"there is no order “{number}” with your company as buyer or seller",
            where="OrderReference/ID",
        )
    if len(found) > 1:
        raise ImportRefused(
            "ambiguous_order",
            f"有多张编号为“{number}”的订单，单据未用统一社会信用代码注明对方企业",
            f"several orders have the number “{number}” and the paper names no counterparty by"
            " its unified social credit code",
            where="OrderReference/ID",
        )
    return found[0]


def _order_number(document: TradeDocument) -> str:
    whole = {
        one.number.value
        for one in document.references
        if one.kind in _ORDER_REFERENCES and one.number
    }
    on_lines = {
        one.number.value
        for line in document.lines
        for one in line.references
        if one.kind == "OrderLineReference" and one.number
    }
    named = sorted(whole or on_lines)
    if not named:
        raise ImportRefused(
            "no_order_reference",
            "单据未注明所属订单的编号",
            "the paper names no order",
            where="OrderReference/ID",
        )
    if len(named) > 1:
        raise ImportRefused(
            "several_orders",
            f"单据涉及多张订单（{'、'.join(named[:5])}），请按订单拆分",
            f"the paper speaks of several orders ({', '.join(named[:5])}); split it by order",
            where="OrderReference/ID",
        )
    return named[0]


def _is_named(document: TradeDocument, order: Order) -> bool:
    buyers, sellers = _codes(document.buyer), _codes(document.seller)
    return (
        bool(buyers | sellers)
        and (not buyers or order.buyer.uscc in buyers)
        and (not sellers or order.seller.uscc in sellers)
    )


def source_of(order: Order, *, by: Actor) -> TradeDocument | None:
    """The UBL document the order came from, to compare papers with; None for other orders."""
    if order.document_id is None:
        return None
    _document, content = open_document(order.document_id, by=by)
    if kind_of_file(content) is not FileKind.UBL:
        return None
    job = order.import_job
    found = read_ubl(content, read_as=(job.read_as or None) if job else None)
    return found if found.kind is DocumentKind.ORDER else None


def check_parties(
    document: TradeDocument, order: Order, source: TradeDocument | None, findings: Findings
) -> None:
    """Say where the paper's buyer or seller is not the order's.

    A unified social credit code must be the party's own; another code must be one the order's own
    file used for it, as far as both use the same scheme. A party without any is told as a notice.
    """
    sides = (
        ("买方", "buyer", document.buyer, order.buyer, source.buyer if source else None),
        ("卖方", "seller", document.seller, order.seller, source.seller if source else None),
    )
    for zh, en, named, party, before in sides:
        if named is not None:
            _check_party(zh, en, named, party, before, findings)


def _check_party(
    zh: str,
    en: str,
    named: Party,
    party: Organization,
    before: Party | None,
    findings: Findings,
) -> None:
    codes = _codes(named)
    if party.uscc in codes:
        return
    strange = sorted(codes)
    if not strange and named.role in _OWN_ROLES:
        strange = _disagreeing(named.all_ids, before.all_ids if before else ())
    if strange:
        findings.wrong(
            "wrong_party",
            f"单据的{zh}“{named.name or strange[0]}”不是订单的{zh}“{party.name}”",
            f"the paper's {en} “{named.name or strange[0]}” is not the order's, “{party.name}”",
            todo_zh="请核对单据是否属于这张订单",
            todo_en="check that the paper belongs to this order",
            column=named.role,
            value="、".join(strange),
        )
    elif before is None or not set(named.all_ids) & set(before.all_ids):
        findings.note(
            "party_not_checked",
            f"单据的{zh}“{named.name}”没有可与订单核对的代码，请自行确认",
            f"the {en} “{named.name}” has no code to compare with the order's; check it yourself",
        )


def _codes(party: Party | None) -> set[str]:
    ids = party.all_ids if party else ()
    return {one.value for one in ids if _USCC.fullmatch(one.value) and uscc.is_valid(one.value)}


def _disagreeing(stated: tuple[Identifier, ...], known: tuple[Identifier, ...]) -> list[str]:
    """Codes of schemes both sides use, when they have no code in common."""
    if set(stated) & set(known):
        return []
    schemes = {one.scheme for one in known if one.scheme}
    return [one.value for one in stated if one.scheme in schemes]
