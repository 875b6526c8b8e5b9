"""One order as a page: parties, lines, what its file said otherwise, deliveries, next acts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.financing.models import Application
from scf.financing.selectors import list_applications
from scf.parties.permissions import Permission
from scf.portals.deal.standing import chips_of
from scf.portals.deal.words import chip_of
from scf.portals.lists import address
from scf.portals.orders.figures import amount_text, price_text, quantity_text
from scf.portals.parts import Chip, Fact
from scf.portals.templatetags.quantities import unit
from scf.trade.machine import ORDER_MACHINE
from scf.trade.models import Order, OrderLine
from scf.trade.selectors import list_deliveries, list_financeable_lines, list_lines

P = Permission
LINES_A_PAGE = 100


@dataclass(frozen=True)
class LineView:
    """One line with its figures as texts and the deal that finances it."""

    line: OrderLine
    quantity: str
    price: str
    amount: str
    chip: Chip
    accepted: str
    deal_url: str = ""
    deal_number: str = ""


@dataclass(frozen=True)
class Difference:
    """A figure the file states and the one its lines give."""

    words: str
    stated: str
    recomputed: str


@dataclass(frozen=True)
class OrderPage:
    """Everything the order's page shows."""

    order: Order
    chip: Chip
    facts: Sequence[Fact]
    lines: Sequence[LineView]
    total: str
    next_url: str
    first_url: str
    differences: Sequence[Difference]
    notices: Sequence[str]
    applications: Sequence[tuple[Application, Chip]]
    deliveries: Sequence[Any]
    may_confirm: bool
    may_cancel: bool
    apply_url: str


def order_page(order: Order, request: HttpRequest, *, by: Actor) -> OrderPage:
    """The page of an order for one who may see it; lines come a hundred at a time."""
    mine = list(list_applications(by=by).filter(order_id=order.pk))
    lines, next_url = _lines(order, mine, request, by)
    differences, notices = _said_otherwise(order, by)
    steps, chips = ORDER_MACHINE.available(order, by=by), chips_of(mine, by=by)
    sides = (order.seller_id, order.buyer_id) if order.status == "draft" else (order.seller_id,)
    return OrderPage(
        order=order,
        chip=chip_of(order.status, order.status_label),
        facts=_facts(order),
        lines=lines,
        total=amount_text(order.total_minor, order.currency),
        next_url=next_url,
        first_url=address(request, after_line="") if request.GET.get("after_line") else "",
        differences=differences,
        notices=notices,
        applications=[(each, chips[each.pk]) for each in mine],
        deliveries=list(list_deliveries(by=by, order_id=order.pk)[:20]),
        may_confirm="confirmed" in steps and by.organization_id == order.seller_id,
        may_cancel="cancelled" in steps and by.organization_id in sides,
        apply_url=_apply_url(order, by),
    )


def _lines(
    order: Order, mine: Sequence[Application], request: HttpRequest, by: Actor
) -> tuple[list[LineView], str]:
    numbers = {each.deal_id: each.number for each in mine}
    after = request.GET.get("after_line", "")
    rows = list_lines(order.pk, by=by)
    if after.isdigit():
        rows = rows.filter(line_number__gt=int(after))
    found = list(rows[: LINES_A_PAGE + 1])
    shown = found[:LINES_A_PAGE]
    more = len(found) > LINES_A_PAGE
    next_url = address(request, after_line=str(shown[-1].line_number)) if more else ""
    return [_line(line, order, numbers) for line in shown], next_url


def _line(line: OrderLine, order: Order, numbers: dict[Any, str]) -> LineView:
    number = numbers.get(line.deal_id, "") if line.deal_id else ""
    return LineView(
        line=line,
        quantity=f"{quantity_text(line.quantity)} {unit(line.unit)}",
        price=price_text(line.unit_price),
        amount=amount_text(line.amount_minor, order.currency),
        chip=chip_of(line.status, line.status_label),
        accepted=quantity_text(line.accepted_quantity) if line.accepted_quantity else "",
        deal_url=reverse("deal", args=[line.deal_id]) if number else "",
        deal_number=number,
    )


def _facts(order: Order) -> list[Fact]:
    days = " – ".join(day.isoformat() for day in (order.delivery_from, order.delivery_until) if day)
    shown = [
        Fact(_("订单号"), order.number, is_mono=True),
        Fact(_("买方"), order.buyer.name),
        Fact(_("卖方"), order.seller.name),
        Fact(_("下单日"), order.ordered_on.isoformat()),
        Fact(_("合同号"), order.contract_ref, is_mono=True),
        Fact(_("交货地点"), order.delivery_place),
        Fact(_("交货期"), days),
        Fact(_("备注"), order.note),
    ]
    if order.currency == "CNY":
        shown.append(Fact(_("订单金额（含税）"), amount_minor=order.total_minor))
    else:
        shown.append(Fact(_("订单金额（含税）"), amount_text(order.total_minor, order.currency)))
    if order.document_id:
        url = reverse("document", args=[order.document_id])
        shown.append(Fact(_("原始文件"), _("下载原件"), url=url))
    return [fact for fact in shown if fact.value or fact.amount_minor is not None]


def _said_otherwise(order: Order, by: Actor) -> tuple[list[Difference], list[str]]:
    # What the dry run found is kept with the import; only who imported it can see the import.
    job = order.import_job
    if job is None or by.organization_id not in (order.buyer_id, order.seller_id):
        return [], []
    found = next((each for each in job.found if each["number"] == order.number), None)
    return read_differences(found) if found else ([], [])


def read_differences(found: dict[str, Any]) -> tuple[list[Difference], list[str]]:
    """The differences and notices of an order as the dry run described it, in the reader's
    language.
    """
    words = "zh" if str(get_language()).startswith("zh") else "en"
    differences = [
        Difference(each[words], each["stated"], each["recomputed"]) for each in found["differences"]
    ]
    notices = [each[words] for each in found["notices"]]
    unread = [str(_("文件中有未读取的内容：%(path)s")) % {"path": path} for path in found["unread"]]
    return differences, notices + unread


def _apply_url(order: Order, by: Actor) -> str:
    if by.organization_id != order.buyer_id or not by.can(P.APPLICATION_SUBMIT):
        return ""
    free = list_financeable_lines(by=by, order_id=order.pk).aggregate(last=Max("line_number"))
    return reverse("apply_lines", args=[order.pk]) if free["last"] else ""
