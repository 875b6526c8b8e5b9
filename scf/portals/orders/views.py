"""Orders as their parties see them: list with filters, one order with its lines and differences."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from scf.core.actor import Actor
from scf.core.errors import Conflict
from scf.parties.permissions import Permission
from scf.portals.access import require_view
from scf.portals.deal.words import chip_of
from scf.portals.forms import ReasonForm
from scf.portals.lists import count_by_status, page_of, tabs_of
from scf.portals.models import SavedList
from scf.portals.orders.forms import OrderFilter
from scf.portals.orders.imports import BRINGS
from scf.portals.orders.page import order_page
from scf.portals.parts import Empty
from scf.portals.saved import saved_views
from scf.portals.session import actor_of
from scf.trade import services
from scf.trade.machine import OrderStatus
from scf.trade.selectors import get_order, list_orders

P = Permission


@require_GET
def orders(request: HttpRequest) -> HttpResponse:
    """The list: search, amounts and status live in the address."""
    by = actor_of(request)
    require_view(by, P.ORDER_VIEW)
    form = OrderFilter(request.GET)
    form.is_valid()
    given = form.cleaned_data
    found = list_orders(
        by=by,
        search=given.get("q", ""),
        least_minor=given.get("least"),
        most_minor=given.get("most"),
    )
    counts = count_by_status(found)
    status = given.get("status", "")
    page = page_of(found.filter(status=status) if status else found, request)
    context = {
        "form": form,
        "tabs": tabs_of(request, counts, OrderStatus.choices),
        "page": page,
        "saved": saved_views(request, SavedList.ORDERS),
        "rows": [(order, chip_of(order.status, order.status_label)) for order in page.rows],
        "may_import": by.can(P.ORDER_IMPORT),
        "may_bring": any(by.can(each) for each in BRINGS),
        "empty": _empty(by, is_filtered=any(given.values())),
    }
    return render(request, "orders/list.html", context, status=400 if form.errors else 200)


def _empty(by: Actor, *, is_filtered: bool) -> Empty:
    if is_filtered:
        return Empty(_("没有符合条件的订单"), _("请放宽筛选条件"), _("清除筛选"), reverse("orders"))
    if by.can(P.ORDER_IMPORT):
        return Empty(
            _("还没有订单"),
            _("导入一份 UBL、xlsx 或 csv 文件，先试读，确认后才会生成订单。"),
            _("导入订单"),
            reverse("import_upload"),
        )
    return Empty(_("还没有订单"), _("买卖双方导入并确认的订单会显示在这里。"))


@require_GET
def order(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """One order: parties, lines, source file, differences, deliveries, and what may be done."""
    by = actor_of(request)
    require_view(by, P.ORDER_VIEW)
    found = get_order(order_id, by=by)
    context = {"page": order_page(found, request, by=by), "cancel_form": ReasonForm()}
    return render(request, "orders/order.html", context)


@require_POST
def confirm(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """The seller says yes to the order as it stands."""
    by = actor_of(request)
    found = services.confirm_order(get_order(order_id, by=by).pk, by=by)
    messages.success(request, _("已确认订单 %(number)s") % {"number": found.number})
    return redirect("order", order_id=order_id)


@require_POST
def cancel(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Take the order back, with a reason."""
    by = actor_of(request)
    found = get_order(order_id, by=by)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            services.cancel_order(found.pk, reason=form.cleaned_data["reason"], by=by)
        except Conflict:
            form.add_error(None, _("有订单行已融资、已发货或已取消，不能取消整张订单"))
        else:
            messages.success(request, _("订单已取消"))
            return redirect("order", order_id=order_id)
    context: dict[str, Any] = {"page": order_page(found, request, by=by), "cancel_form": form}
    return render(request, "orders/order.html", context, status=400)
