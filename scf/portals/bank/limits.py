"""The bank's limits: what is taken of each, every movement, and changes made by two persons."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from scf.core.actor import Actor
from scf.core.errors import DomainError
from scf.credit import services
from scf.credit.inputs import LimitIn
from scf.credit.machine import CHANGE_MACHINE, ChangeStatus
from scf.credit.models import Limit, LimitChange
from scf.credit.selectors import get_limit, list_changes, list_limits, list_movements
from scf.financing.selectors import list_applications
from scf.parties.models import OrganizationKind
from scf.parties.permissions import Permission
from scf.parties.selectors import list_organizations
from scf.portals.access import require_view
from scf.portals.bank.forms import LimitForm
from scf.portals.forms import say_at, sent
from scf.portals.lists import page_of
from scf.portals.parts import Empty, MoneyBar, Words, money_bar
from scf.portals.session import actor_of
from scf.workflow import clocks

P = Permission
ACTIONS: dict[str, Words] = {
    "sanction": _("核定"), "hold": _("预占"), "release": _("解除预占"), "use": _("占用"),
    "free": _("释放"), "freeze": _("冻结"), "unfreeze": _("解冻"),
}  # fmt: skip


@dataclass(frozen=True)
class ChangeView:
    """A proposed change beside what is in force."""

    change: LimitChange
    in_force_minor: int | None
    may_decide: bool


@require_GET
def limits(request: HttpRequest) -> HttpResponse:
    """Every limit with its bar, and the changes that wait for a second person."""
    by = actor_of(request)
    require_view(by, P.APPLICATION_VIEW)
    search = request.GET.get("q", "").strip()
    rows = list_limits(by=by).select_related("organization", "programme")
    if search:
        rows = rows.filter(
            Q(organization__name__icontains=search) | Q(programme__name__icontains=search)
        )
    page = page_of(rows.order_by("-pk"), request)
    context = {
        "q": search,
        "page": page,
        "rows": [(limit, _about(limit), _bar(limit)) for limit in page.rows],
        "changes": _changes(by),
        "may_propose": by.can(P.LIMIT_PROPOSE),
        "empty": Empty(
            _("还没有额度"), _("额度由一人提出、另一人复核后生效。"), _("提出额度"),
            reverse("bank:limit_new"),
        ) if by.can(P.LIMIT_PROPOSE) else Empty(_("还没有额度")),
    }  # fmt: skip
    return render(request, "bank/limits.html", context)


def _changes(by: Actor) -> list[ChangeView]:
    waiting = list(list_changes(by=by, status=ChangeStatus.PROPOSED)[:50])
    about = [change.organization_id for change in waiting]
    known = {
        (limit.level, limit.organization_id): limit.sanctioned_minor
        for limit in list_limits(by=by).filter(organization_id__in=about)
    }
    return [
        ChangeView(
            change,
            known.get((change.level, change.organization_id)),
            "approved" in CHANGE_MACHINE.available(change, by=by),
        )
        for change in waiting
    ]


def _about(limit: Limit) -> str:
    return str(limit.programme.name if limit.programme else limit.organization)


def _bar(limit: Limit) -> MoneyBar:
    return money_bar(
        _("核定额度"),
        [
            (_("已占用"), limit.used_minor, "blue"),
            (_("预占"), limit.blocked_minor, "orange"),
            (_("已用完（不循环）"), limit.spent_minor, "grey"),
            (_("可用"), limit.available_minor, "free"),
        ],
    )


@require_GET
def limit(request: HttpRequest, limit_id: UUID) -> HttpResponse:
    """One limit with every movement, newest first, each with the application that moved it."""
    by = actor_of(request)
    require_view(by, P.APPLICATION_VIEW)
    found = get_limit(limit_id, by=by)
    movements = list(list_movements(found.pk, by=by).order_by("-id")[:200])
    context = {
        "limit": found,
        "about": _about(found),
        "bar": _bar(found),
        "rows": _movement_rows(movements, by),
    }
    return render(request, "bank/limit.html", context)


def _movement_rows(movements: Sequence[Any], by: Actor) -> list[tuple[Any, Words, Any]]:
    ids = {each.application_id for each in movements if each.application_id}
    known = list_applications(by=by).filter(pk__in=ids).in_bulk()
    return [(each, ACTIONS[each.action], known.get(each.application_id)) for each in movements]


def propose(request: HttpRequest) -> HttpResponse:
    """A limit, or a new amount and dates for one; another person puts it in force."""
    by = actor_of(request)
    require_view(by, P.LIMIT_PROPOSE)
    first = {"effective_on": clocks.business_date(), **request.GET.dict()}
    form = LimitForm(sent(request)[0], initial=first, organizations=_organizations(by))
    if request.method == "POST" and form.is_valid():
        try:
            services.propose_limit(_asked(form), by=by)
        except DomainError as refusal:
            say_at(form, refusal, {"change_waiting": "organization"})
        else:
            messages.success(request, _("已提出，须由另一位同事复核后生效"))
            return redirect("bank:limits")
    return render(
        request, "bank/limit_new.html", {"form": form}, status=400 if form.errors else 200
    )


def _asked(form: LimitForm) -> LimitIn:
    given = form.cleaned_data
    return LimitIn(
        level=given["level"],
        organization_id=UUID(given["organization"]),
        sanctioned_minor=given["sanctioned"],
        effective_on=given["effective_on"],
        expires_on=given["expires_on"],
        is_revolving=given["is_revolving"],
        reason=given["reason"],
    )


def _organizations(by: Actor) -> list[tuple[str, str]]:
    kinds = (OrganizationKind.ENTERPRISE, OrganizationKind.MEMBER)
    found = list_organizations(by=by).filter(kind__in=kinds)
    return [(str(pk), name) for pk, name in found.values_list("pk", "name")[:1000]]


@require_POST
def approve(request: HttpRequest, change_id: UUID) -> HttpResponse:
    """Another person puts the proposed limit in force."""
    by = actor_of(request)
    change = services.approve_limit(change_id, by=by)
    messages.success(request, _("额度已生效"))
    return redirect("bank:limit", limit_id=change.limit_id)


@require_POST
def refuse(request: HttpRequest, change_id: UUID) -> HttpResponse:
    """Say no to a proposed limit."""
    by = actor_of(request)
    reason = request.POST.get("reason", "").strip()
    if not reason:
        messages.error(request, _("请填写不同意的原因"))
        return redirect("bank:limits")
    services.refuse_limit(change_id, reason=reason[:300], by=by)
    messages.success(request, _("已退回，原额度不变"))
    return redirect("bank:limits")
