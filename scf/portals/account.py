"""The reader's own account: security page, second factor, language and theme, organization
switch.
"""

from uuid import UUID

from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm, DeactivateTOTPForm
from allauth.mfa.totp.internal.flows import activate_totp
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.internal.flows.sessions import end_other_sessions
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from scf.parties.models import User
from scf.parties.selectors import count_recovery_codes
from scf.parties.services import set_preferences
from scf.portals import figures
from scf.portals.adapters import must_keep_second_factor
from scf.portals.second_factor import mark_used
from scf.portals.session import actor_of, choose_organization, session_of


class OrganizationForm(forms.Form):
    organization_id = forms.UUIDField()


class ActivateTotp(ActivateTOTPView):  # type: ignore[misc]
    """Bind an authenticator: the code typed in counts as shown and is used up; other sessions
    end; the recovery codes made with it are shown next.
    """

    def form_valid(self, form: ActivateTOTPForm) -> HttpResponse:
        """The code was right."""
        bound, _recovery_codes = activate_totp(self.request, form)
        if bound.wrap().validate_code(form.cleaned_data["code"]):
            post_authentication(self.request, bound)
        mark_used(bound.user, form.cleaned_data["code"])
        end_other_sessions(self.request, self.request.user)
        return redirect("mfa_view_recovery_codes")


class DeactivateTotp(DeactivateTOTPView):  # type: ignore[misc]
    """Take the authenticator off, where the role does not require one; other sessions end."""

    def form_valid(self, form: DeactivateTOTPForm) -> HttpResponse:
        """It may be taken off."""
        response: HttpResponse = super().form_valid(form)
        end_other_sessions(self.request, self.request.user)
        return response


def security(request: HttpRequest) -> HttpResponse:
    """The reader's second factor, password and sessions."""
    session = session_of(request)
    context = {
        "has_totp": is_mfa_enabled(request.user, [Authenticator.Type.TOTP]),
        "lacks_second_factor": session.lacks_second_factor,
        "must_keep": isinstance(request.user, User) and must_keep_second_factor(request.user),
        "proved_at": session.actor.stepped_up_at,
        "codes_left": count_recovery_codes(request.user),
        "codes_made": settings.MFA_RECOVERY_CODE_COUNT,
    }
    return render(request, "account/security.html", context)


@require_POST
def change_preferences(request: HttpRequest) -> HttpResponse:
    """Keep language and theme with the user when there is one; the language, and whether figures
    are shown in 万, as cookies.
    """
    language = request.POST.get("language", "")
    if isinstance(request.user, User):
        set_preferences(request.user, language=language, theme=request.POST.get("theme", ""))
    response = redirect(_next_of(request))
    if language in dict(settings.LANGUAGES):
        _keep(response, settings.LANGUAGE_COOKIE_NAME, language)
    if request.POST.get("figures") in figures.CHOICES:
        _keep(response, figures.COOKIE, request.POST["figures"])
    return response


@require_POST
def switch_organization(request: HttpRequest) -> HttpResponse:
    """Act for another organization of the reader's; the way goes to its home page."""
    actor_of(request)
    form = OrganizationForm(request.POST)
    chosen: UUID = form.cleaned_data["organization_id"] if form.is_valid() else UUID(int=0)
    choose_organization(request, chosen)
    return redirect("start")


def _keep(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=365 * 24 * 3600,
        secure=settings.SECURE_COOKIES,
        httponly=True,
        samesite="Lax",
    )


def _next_of(request: HttpRequest) -> str:
    # Only back to a page of this very site, named by its path and not by what resolves to one.
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if is_ours and wanted.startswith("/") else "/"
