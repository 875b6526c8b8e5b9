"""The list of applications, the same for each portal, scoped by who looks."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from scf.core import clock
from scf.core.actor import Actor
from scf.financing.machine import S
from scf.financing.models import Application
from scf.financing.selectors import (
    Turn,
    is_mine,
    list_applications,
    list_my_turn,
    turns_of,
)
from scf.parties.permissions import Permission
from scf.portals import parts
from scf.portals.access import require_view
from scf.portals.applications.forms import ApplicationFilter
from scf.portals.deal.standing import chips_of
from scf.portals.lists import count_by_status, page_of, tabs_of
from scf.portals.models import SavedList
from scf.portals.names import short_names
from scf.portals.parts import Empty
from scf.portals.saved import saved_views
from scf.portals.session import actor_of, session_of

P = Permission
# A row says where its escrow or loan stands by now; the tab counts all that were ever paid out.
TABS = [(value, _("已放款") if value == S.FUNDED else label) for value, label in S.choices]


@require_GET
def applications(request: HttpRequest) -> HttpResponse:
    """The list: search, side, amounts, status and whose turn live in the address."""
    by = actor_of(request)
    require_view(by, P.APPLICATION_VIEW)
    form = ApplicationFilter(request.GET)
    form.is_valid()
    given = form.cleaned_data
    found = list_applications(
        by=by,
        search=given.get("q", ""),
        side=given.get("side", ""),
        least_minor=given.get("least"),
        most_minor=given.get("most"),
    )
    if given.get("mine"):
        found = found.filter(pk__in=[application.pk for application, _turn in list_my_turn(by=by)])
    status = given.get("status", "")
    page = page_of(found.filter(status=status) if status else found, request)
    context = {
        "form": _fitting(form, session_of(request).portal),
        "tabs": tabs_of(request, count_by_status(found), TABS),
        "page": page,
        "saved": saved_views(request, SavedList.APPLICATIONS),
        "rows": _rows(page.rows, by),
        "may_apply": by.can(P.APPLICATION_SUBMIT),
        "empty": _empty(by, is_filtered=any(given.values())),
    }
    return render(request, "applications/list.html", context, status=400 if form.errors else 200)


def _fitting(form: ApplicationFilter, portal: str) -> ApplicationFilter:
    if portal == "bank":
        del form.fields["side"]
    return form


def _rows(found: Any, by: Actor) -> list[tuple[Application, parts.Chip, parts.Turn | None]]:
    turns, chips = turns_of(list(found)), chips_of(found, by=by)
    names = short_names({turn.party_id for turn in turns.values() if turn.party_id}, by=by)
    return [(each, chips[each.pk], _turn(turns[each.pk], names, by)) for each in found]


def _turn(turn: Turn, names: dict[Any, str], by: Actor) -> parts.Turn | None:
    if not turn.what:
        return None
    who = names.get(turn.party_id, "") or _("系统")
    late = turn.due_at is not None and turn.due_at < clock.now()
    return parts.Turn(who, turn.what, turn.due_at, is_mine(turn, by=by), late)


def _empty(by: Actor, *, is_filtered: bool) -> Empty:
    if is_filtered:
        return Empty(
            _("没有符合条件的融资申请"), _("请放宽筛选条件"), _("清除筛选"),
            reverse("applications"),
        )  # fmt: skip
    if by.can(P.APPLICATION_SUBMIT):
        return Empty(
            _("还没有融资申请"),
            _("卖方确认订单后，就可以按订单行申请定向支付的贷款。"),
            _("申请融资"),
            reverse("apply"),
        )
    return Empty(_("还没有融资申请"), _("买方提交申请后会显示在这里。"))
