"""A forgotten password: asked for by mail, or set by the two halves of a code that two colleagues
hand over.
"""

from typing import Any

from allauth.account.forms import ResetPasswordForm, ResetPasswordKeyForm
from allauth.account.views import (
    PasswordResetDoneView,
    PasswordResetFromKeyView,
    PasswordResetView,
)
from allauth.core import ratelimit
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from scf.core.errors import DomainError
from scf.parties.selectors import actor_for
from scf.parties.services import ask_reset, reset_password, use_recovery
from scf.portals.adapters import forget_failures, lock_name
from scf.portals.errors import too_many
from scf.portals.forms import say_at

WHERE = {"password_weak": "password1"}


class AskForm(ResetPasswordForm):  # type: ignore[misc]
    """Where the link goes."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["email"].label = _("邮箱")
        self.fields["email"].max_length = 254
        self.fields["email"].widget.attrs.pop("placeholder", None)

    def clean_email(self) -> str:
        """Not looked up here: the answer is the same for every address."""
        return str(self.cleaned_data["email"])

    def save(self, request: HttpRequest, **_options: Any) -> str:  # noqa: ARG002 - allauth's name
        """Noted; a pump does the rest."""
        ask_reset(self.cleaned_data["email"])
        return str(self.cleaned_data["email"])


class AskReset(PasswordResetView):  # type: ignore[misc]
    """Asks for the address."""

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        """Whether there is mail at all."""
        context: dict[str, Any] = super().get_context_data(**given)
        return context | {"mail_is_on": settings.MAIL_IS_ON}


ask = AskReset.as_view()


class ResetAsked(PasswordResetDoneView):  # type: ignore[misc]
    """The same answer to every address."""

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        """Whether mail is only written to files here."""
        context: dict[str, Any] = super().get_context_data(**given)
        return context | {"is_in_files": bool(settings.EMAIL_FILE_PATH)}


asked = ResetAsked.as_view()


class NewPasswordForm(ResetPasswordKeyForm):  # type: ignore[misc]
    """The new password, twice."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _as_we_say(self)

    def save(self) -> None:
        """It is set; all sessions end."""
        reset_password(self.user, password=self.cleaned_data["password1"], by=actor_for(self.user))


@method_decorator(never_cache, name="dispatch")
class SetPassword(PasswordResetFromKeyView):  # type: ignore[misc]
    """By the link of the mail."""

    def form_valid(self, form: NewPasswordForm) -> HttpResponse:
        """It is set; whoever was locked out for failed tries may log in at once."""
        response: HttpResponse = super().form_valid(form)
        forget_failures(self.request, self.reset_user.username)
        return response


class RecoverForm(forms.Form):
    """Who one is, what the two colleagues handed over, and the new password."""

    username = forms.CharField(label=_("用户名"), max_length=150)
    first = forms.CharField(
        label=_("重设码前半段"), max_length=20, help_text=_("由提出申请的同事交给您")
    )
    second = forms.CharField(
        label=_("重设码后半段"), max_length=20, help_text=_("由确认申请的同事交给您")
    )
    password1 = forms.CharField(
        label=_("新密码"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    password2 = forms.CharField(
        label=_("再次输入新密码"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_password1(self) -> str:
        """Strong enough, as far as it can be said without knowing whose it is: a weak password is
        no try at the code.
        """
        validate_password(self.cleaned_data["password1"])
        return str(self.cleaned_data["password1"])

    def clean_password2(self) -> str:
        """Typed the same twice."""
        if self.cleaned_data.get("password1") != self.cleaned_data["password2"]:
            raise ValidationError(_("两次输入的密码不一致"))
        return str(self.cleaned_data["password2"])


@never_cache
def recover(request: HttpRequest) -> HttpResponse:
    """By the two halves of a code; tries are counted like those of a login."""
    form = RecoverForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["username"]
        key = f"recover:{lock_name(name)}"
        is_free = ratelimit.consume(request, action="login_failed", key=key)
        if not is_free or not ratelimit.consume(request, action="failed_at_address"):
            return too_many(request)
        if _recovered(form):
            forget_failures(request, name)
            messages.success(request, _("密码已重设，请用新密码登录"))
            return redirect("account_login")
    status = 400 if form.errors else 200
    return render(request, "account/password_recover.html", {"form": form}, status=status)


def _recovered(form: RecoverForm) -> bool:
    given = form.cleaned_data
    try:
        use_recovery(
            given["username"],
            first=given["first"],
            second=given["second"],
            password=given["password1"],
        )
    except DomainError as refusal:
        say_at(form, refusal, WHERE)
        return False
    return True


def _as_we_say(form: forms.Form) -> None:
    form.fields["password1"].label = _("新密码")
    form.fields["password2"].label = _("再次输入新密码")
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
