"""Colleagues and their logins: who helps somebody who lost a way in, and what waits for a second
person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from scf.core.actor import Actor
from scf.core.errors import DomainError, NotFound
from scf.parties.machine import RecoveryStatus
from scf.parties.models import Lost, Organization, Recovery
from scf.parties.permission_words import ROLES
from scf.parties.permissions import Permission, Role
from scf.parties.recovery import Colleague, list_logins, list_recoveries, may_ask, may_confirm
from scf.parties.selectors import get_organization, has_authenticator, list_organizations
from scf.parties.services import ask_recovery, confirm_recovery, refuse_recovery
from scf.portals.forms import say_at
from scf.portals.parts import Chip, Words
from scf.portals.session import actor_of

R = RecoveryStatus
TONES = {R.ASKED: "orange", R.CONFIRMED: "blue", R.DONE: "green"}
SHOWN = 50


@dataclass(frozen=True)
class Person:
    """A colleague's login as the list shows it."""

    colleague: Colleague
    roles: list[Words]
    has_authenticator: bool


@dataclass(frozen=True)
class Asked:
    """What was asked for a login, and whether the reader may decide it."""

    recovery: Recovery
    chip: Chip
    may_confirm: bool
    may_refuse: bool


class OrganizationChoice(forms.Form):
    """Whose people the operator looks at; lives in the address."""

    organization = forms.UUIDField(required=False)


class HelpForm(forms.Form):
    """Who lost what, and how one knows."""

    user = forms.TypedChoiceField(label=_("哪位同事"), coerce=int)
    lost = forms.ChoiceField(label=_("丢失了什么"), choices=[("", _("请选择")), *Lost.choices])
    reason = forms.CharField(
        label=_("原因与核实方式"),
        max_length=300,
        help_text=_("如：手机遗失，已当面核对身份证件"),
    )

    def __init__(self, *args: Any, people: Sequence[Colleague], **options: Any) -> None:
        super().__init__(*args, **options)
        names = [(each.user.pk, f"{each.user.person} ({each.user.username})") for each in people]
        self.fields["user"].choices = [("", _("请选择")), *names]  # type: ignore[attr-defined]


def people(request: HttpRequest) -> HttpResponse:
    """The organization's people, the form to ask for help, and what was asked."""
    by = actor_of(request)
    organization = _organization(request, by)
    helped = _helped(organization, by)
    form = HelpForm(request.POST if request.method == "POST" else None, people=helped)
    if request.method != "POST" or not form.is_valid():
        return _page(request, by, organization, form=form)
    given = form.cleaned_data
    try:
        half = ask_recovery(
            given["user"],
            organization_id=organization.pk,
            lost=given["lost"],
            reason=given["reason"],
            by=by,
        )
    except DomainError as refusal:
        say_at(form, refusal, {"nothing_lost": "lost", "recovery_waiting": "lost"})
        return _page(request, by, organization, form=form)
    if half:
        until = _("另一人确认后一天内有效。")
        return _page(request, by, organization, half=half, which=_("前半段"), until=until)
    messages.success(request, _("已提出，等另一位同事确认"))
    return redirect(_address(organization, by))


@require_POST
def confirm(request: HttpRequest, recovery_id: UUID) -> HttpResponse:
    """The second person says yes."""
    by = actor_of(request)
    half = confirm_recovery(recovery_id, by=by)
    organization = _found(recovery_id, by).organization
    if half:
        until = _("从现在起一天内有效。")
        return _page(request, by, organization, half=half, which=_("后半段"), until=until)
    messages.success(request, _("认证器已解除，此人的登录已全部退出，下次登录时重新绑定"))
    return redirect(_address(organization, by))


@require_POST
def refuse(request: HttpRequest, recovery_id: UUID) -> HttpResponse:
    """No, or taken back."""
    by = actor_of(request)
    recovery = refuse_recovery(recovery_id, by=by)
    messages.success(request, _("已退回"))
    return redirect(_address(recovery.organization, by))


def _found(recovery_id: UUID, by: Actor) -> Recovery:
    recovery: Recovery | None = list_recoveries(by=by).filter(pk=recovery_id).first()
    if recovery is None:
        raise NotFound(_("没有这项申请"))
    return recovery


def _organization(request: HttpRequest, by: Actor) -> Organization:
    """The reader's own; any for who reviews them. Raises NotFound where one can do nothing."""
    wanted = OrganizationChoice(request.GET)
    chosen = wanted.cleaned_data["organization"] if wanted.is_valid() else None
    if chosen and by.can(Permission.ORGANIZATION_REVIEW):
        return get_organization(chosen)
    if by.organization_id is None:
        raise NotFound(_("没有这个页面，或者您无权查看"))
    own = get_organization(by.organization_id)
    if not by.can(Permission.ACCESS_RECOVER) and not _helped(own, by):
        raise NotFound(_("没有这个页面，或者您无权查看"))
    return own


def _helped(organization: Organization, by: Actor) -> list[Colleague]:
    logins = list_logins(organization.pk)
    return [each for each in logins if may_ask(each.user, organization=organization, by=by)]


def _address(organization: Organization, by: Actor) -> str:
    own = organization.pk == by.organization_id
    return reverse("people") + ("" if own else f"?organization={organization.pk}")


def _page(
    request: HttpRequest,
    by: Actor,
    organization: Organization,
    *,
    form: HelpForm | None = None,
    half: str = "",
    which: Words = "",
    until: Words = "",
) -> HttpResponse:
    helped = _helped(organization, by)
    form = form or HelpForm(people=helped)
    is_operator = by.can(Permission.ORGANIZATION_REVIEW)
    context = {
        "organization": organization,
        "organizations": list_organizations(by=by) if is_operator else [],
        "people": [_person(each) for each in list_logins(organization.pk)],
        "form": form if helped else None,
        "asked": [_asked(each, by) for each in list_recoveries(by=by)[:SHOWN]],
        "half": half,
        "which": which,
        "until": until,
        "action": _address(organization, by),
        "is_operator": is_operator,
    }
    status = 400 if form.errors else 200
    response = render(request, "account/people.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _person(colleague: Colleague) -> Person:
    roles = [ROLES[Role(role)] for role in colleague.roles]
    return Person(colleague, roles, has_authenticator(colleague.user))


def _asked(recovery: Recovery, by: Actor) -> Asked:
    is_open = recovery.status == R.ASKED
    may_refuse = is_open and by.can(Permission.ACCESS_RECOVER)
    is_own = recovery.user.person_id == by.person_id
    return Asked(
        recovery,
        Chip(recovery.status_label, TONES.get(R(recovery.status), "grey")),
        may_confirm=may_confirm(recovery, by=by),
        may_refuse=may_refuse and not is_own,
    )
