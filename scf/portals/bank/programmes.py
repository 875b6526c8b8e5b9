"""The bank proposes programmes and new terms; another person of it approves exactly what is
shown.
"""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from scf.core.actor import Actor
from scf.core.errors import DomainError, NotFound, RuleBroken
from scf.credit import services
from scf.credit.inputs import ProgrammeIn
from scf.credit.machine import VersionStatus
from scf.credit.models import ProgrammeVersion
from scf.credit.selectors import get_programme, get_version, list_versions
from scf.parties.models import OrganizationKind
from scf.parties.permissions import Permission
from scf.parties.selectors import list_organizations
from scf.portals.access import require_view
from scf.portals.bank.forms import ProgrammeForm, TermsForm
from scf.portals.forms import say_at, sent
from scf.portals.session import actor_of


def propose(request: HttpRequest) -> HttpResponse:
    """A new programme with a core enterprise and its first terms."""
    by = actor_of(request)
    require_view(by, Permission.PROGRAMME_PROPOSE)
    enterprises = list_organizations(by=by, kind=OrganizationKind.ENTERPRISE)
    form = ProgrammeForm(
        sent(request)[0],
        enterprises=[(str(pk), name) for pk, name in enterprises.values_list("pk", "name")],
        banks=_other_banks(by),
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        wanted = ProgrammeIn(
            given["name"], UUID(given["enterprise"]), given["anchor_side"], form.terms()
        )
        try:
            version = services.propose_programme(wanted, by=by)
        except DomainError as refusal:
            _say(form, refusal)
        else:
            return _proposed(request, version)
    context = {"form": form, "title": _("新建项目")}
    return render(request, "bank/terms.html", context, status=400 if form.errors else 200)


def propose_terms(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """New terms for a programme, beginning with the newest there are."""
    by = actor_of(request)
    require_view(by, Permission.PROGRAMME_PROPOSE)
    programme = get_programme(programme_id, by=by)
    if programme.bank_id != by.organization_id:
        raise NotFound(_("没有这个页面，或者您无权查看"))  # a bank that lends beside reads terms
    newest = list_versions(by=by, programme_id=programme.pk).first()
    base = newest.terms() if newest else None
    form = TermsForm(sent(request)[0], base=base, banks=_other_banks(by))
    if request.method == "POST" and form.is_valid():
        try:
            version = services.propose_version(programme.pk, terms=form.terms(), by=by)
        except DomainError as refusal:
            _say(form, refusal)
        else:
            return _proposed(request, version)
    context = {"form": form, "programme": programme, "title": _("提出新条款")}
    return render(request, "bank/terms.html", context, status=400 if form.errors else 200)


def _other_banks(by: Actor) -> list[tuple[str, str]]:
    """The banks that may lend beside the actor's own (联合贷)."""
    rows = list_organizations(by=by, kind=OrganizationKind.BANK).exclude(pk=by.organization_id)
    return [(str(pk), name) for pk, name in rows.values_list("pk", "name")]


def _proposed(request: HttpRequest, version: ProgrammeVersion) -> HttpResponse:
    messages.success(request, _("已提出，须由另一位同事复核后生效"))
    return redirect("programme", programme_id=version.programme_id)


def _say(form: TermsForm, refusal: DomainError) -> None:
    # terms_invalid names the term that is not allowed: the refusal stands beside that field.
    named = {
        "policy_not_offered": "release_policy",
        "duplicate_programme": "name",
        "programme_invalid": "enterprise",
        "partners_invalid": "partner_0_bank",
        "terms_invalid": str(refusal.extra.get("field", "")),
    }
    say_at(form, refusal, named)


@require_POST
def approve(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Put exactly the terms shown in force."""
    by = actor_of(request)
    version = get_version(version_id, by=by)
    services.approve_programme(version.pk, seen=request.POST.get("seen", ""), by=by)
    messages.success(request, _("第 %(number)s 版已生效") % {"number": version.number})
    return redirect("programme", programme_id=version.programme_id)


@require_POST
def refuse(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Say no to a proposed version."""
    by = actor_of(request)
    version = get_version(version_id, by=by)
    if version.status == VersionStatus.PROPOSED and not request.POST.get("reason", "").strip():
        messages.error(request, _("请填写不同意的原因"))
        return redirect("programme", programme_id=version.programme_id)
    services.refuse_programme(version.pk, reason=request.POST["reason"][:300], by=by)
    messages.success(request, _("已退回，原条款不变"))
    return redirect("programme", programme_id=version.programme_id)


@require_POST
def agree_as_partner(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """A partner bank agrees to lend its share under exactly the terms shown (联合贷)."""
    by = actor_of(request)
    version = get_version(version_id, by=by)
    services.agree_to_version(version.pk, seen=request.POST.get("seen", ""), by=by)
    messages.success(request, _("已同意按所示条款联合出资；贷款银行复核后条款生效"))
    return redirect("programme", programme_id=version.programme_id)


@require_POST
def decline_as_partner(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """A partner bank does not lend under the terms shown."""
    by = actor_of(request)
    version = get_version(version_id, by=by)
    reason = request.POST.get("reason", "")[:300]
    try:
        services.decline_version(version.pk, reason=reason, by=by)
    except RuleBroken as refusal:
        messages.error(request, refusal.text())
    else:
        messages.success(request, _("已告知贷款银行：贵行不按本版条款出资"))
    return redirect("programme", programme_id=version.programme_id)
