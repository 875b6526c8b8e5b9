"""Programmes: the list, one programme with its versions and members, inviting and joining."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from scf.core.actor import Actor
from scf.core.errors import DomainError, NotFound
from scf.credit import services
from scf.credit.machine import MEMBER_MACHINE, VERSION_MACHINE, VersionStatus
from scf.credit.models import Programme, ProgrammeMember, ProgrammeVersion
from scf.credit.selectors import (
    get_member,
    get_programme,
    list_members,
    list_programmes,
    list_versions,
)
from scf.parties.models import OrganizationKind
from scf.parties.permissions import Permission
from scf.parties.selectors import list_organizations
from scf.portals.deal.words import chip_of
from scf.portals.forms import ReasonForm, say_at
from scf.portals.parts import Chip, Empty
from scf.portals.programmes.lenders import LenderView, lenders_of, may_lend
from scf.portals.programmes.terms import TermRow, term_rows
from scf.portals.session import actor_of

P = Permission
DONE = {
    "joined": _("已加入项目：可以用项目内的已确认订单办理融资"),
    "suspended": _("已暂停：该成员不能再提交新的申请"),
    "resumed": _("已恢复：该成员可以再提交申请"),
}


class InviteForm(forms.Form):
    """Whom to invite."""

    organization = forms.ChoiceField(label=_("邀请的企业"))

    def __init__(self, *args: Any, companies: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["organization"]
        field.choices = [("", _("请选择")), *companies]


@dataclass(frozen=True)
class VersionView:
    """A version of the terms with what it changes of the one before."""

    version: ProgrammeVersion
    chip: Chip
    rows: Sequence[TermRow]
    may_decide: bool
    lenders: Sequence[LenderView] = ()
    may_lend: bool = False
    may_refuse: bool = False

    @property
    def changes(self) -> list[TermRow]:
        """The terms it changes."""
        return [row for row in self.rows if row.is_changed]

    @property
    def unchanged(self) -> list[TermRow]:
        """The terms it leaves as they were."""
        return [row for row in self.rows if not row.is_changed]


@dataclass(frozen=True)
class MemberView:
    """A member and what the reader may do about it: (verb, words)."""

    member: ProgrammeMember
    chip: Chip
    acts: Sequence[tuple[str, Any]]


@require_GET
def programmes(request: HttpRequest) -> HttpResponse:
    """The programmes one takes part in, and the invitations that wait."""
    by = actor_of(request)
    invited = list_members(by=by).filter(organization_id=by.organization_id, status="invited")
    context = {
        "programmes": list_programmes(by=by).prefetch_related("versions"),
        "invitations": [(each, "joined" in _steps(each, by)) for each in invited],
        "may_propose": by.can(P.PROGRAMME_PROPOSE),
        "empty": Empty(_("还没有项目"), _("银行与核心企业的融资项目，受邀加入后显示在这里。")),
    }
    return render(request, "programmes/list.html", context)


@require_GET
def programme(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """One programme: terms in force, versions with their differences, members."""
    by = actor_of(request)
    return _page(request, get_programme(programme_id, by=by), by)


def _page(
    request: HttpRequest, found: Programme, by: Actor, *, form: InviteForm | None = None
) -> HttpResponse:
    versions = list(list_versions(by=by, programme_id=found.pk))
    in_force = next((each for each in versions if each.status == VersionStatus.APPROVED), None)
    may_invite = in_force is not None and _may_invite(found, by)
    is_bank = by.organization_id == found.bank_id
    members = [_member_view(each, by) for each in list_members(by=by, programme_id=found.pk)]
    context = {
        "programme": found,
        "in_force": in_force,
        "terms": term_rows(in_force.terms()) if in_force else [],
        "versions": _version_views(versions, by),
        "members": members,
        # A bank that lends beside is shown terms, not who the lender of record deals with.
        "shows_members": members or by.organization_id in (found.bank_id, found.enterprise_id),
        "invite_form": (form or InviteForm(companies=_invitable(found, by)))
        if may_invite
        else None,
        "reason_form": ReasonForm(),
        "may_propose": is_bank and by.can(P.PROGRAMME_PROPOSE),
    }
    status = 400 if form is not None else 200
    return render(request, "programmes/programme.html", context, status=status)


def _version_views(versions: Sequence[ProgrammeVersion], by: Actor) -> list[VersionView]:
    views = []
    for version, older in zip(versions, [*versions[1:], None], strict=True):
        rows = term_rows(version.terms(), older.terms() if older else None)
        is_bank = by.organization_id == version.programme.bank_id
        may_refuse = is_bank and "approved" in VERSION_MACHINE.available(version, by=by)
        lenders = lenders_of(version, by=by)
        views.append(
            VersionView(
                version=version,
                chip=chip_of(version.status, version.status_label),
                rows=rows,
                may_decide=may_refuse and all(each.has_agreed for each in lenders),
                lenders=lenders,
                may_lend=may_lend(version, by=by),
                may_refuse=may_refuse,
            )
        )
    return views


def _member_view(member: ProgrammeMember, by: Actor) -> MemberView:
    words = {"joined": _("接受邀请"), "suspended": _("暂停"), "resumed": _("恢复")}
    return MemberView(
        member,
        chip_of(member.status, member.status_label),
        [(step, words[step]) for step in _steps(member, by)],
    )


def _steps(member: ProgrammeMember, by: Actor) -> list[str]:
    own = by.organization_id == member.organization_id
    bank = by.organization_id == member.programme.bank_id
    allowed = {"joined"} if own else {"suspended", "resumed"} if bank else set()
    return [step for step in MEMBER_MACHINE.available(member, by=by) if step in allowed]


def _may_invite(found: Programme, by: Actor) -> bool:
    return by.can(P.MEMBER_INVITE) and by.organization_id in (found.bank_id, found.enterprise_id)


def _invitable(found: Programme, by: Actor) -> list[tuple[str, str]]:
    inside = list_members(by=by, programme_id=found.pk).values("organization_id")
    rows = list_organizations(by=by).filter(
        kind__in=(OrganizationKind.MEMBER, OrganizationKind.ENTERPRISE)
    )
    others = rows.exclude(pk=found.enterprise_id).exclude(pk__in=inside)
    return [(str(pk), name) for pk, name in others.values_list("pk", "name")[:500]]


@require_POST
def invite(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """The bank or the core enterprise invites a buyer or supplier."""
    by = actor_of(request)
    found = get_programme(programme_id, by=by)
    form = InviteForm(request.POST, companies=_invitable(found, by))
    if form.is_valid():
        organization_id = UUID(form.cleaned_data["organization"])
        try:
            services.invite_member(found.pk, organization_id=organization_id, by=by)
        except DomainError as refusal:
            say_at(form, refusal, {refusal.code: "organization"})
        else:
            messages.success(request, _("已发出邀请，对方接受后即可申请"))
            return redirect("programme", programme_id=programme_id)
    return _page(request, found, by, form=form)


@require_POST
def change_member(request: HttpRequest, member_id: UUID, verb: str) -> HttpResponse:
    """Accept an invitation; suspend or resume a member."""
    by = actor_of(request)
    member = get_member(member_id, by=by)
    acts: dict[str, Callable[[], Any]] = {
        "joined": lambda: services.accept_invitation(member.pk, by=by),
        "suspended": lambda: services.suspend_member(
            member.pk, reason=request.POST.get("reason", "")[:300], by=by
        ),
        "resumed": lambda: services.resume_member(member.pk, by=by),
    }
    if verb not in acts:
        raise NotFound(_("没有这个页面，或者您无权查看"))
    acts[verb]()
    messages.success(request, DONE[verb])
    return redirect(reverse("programme", args=[member.programme_id]))
