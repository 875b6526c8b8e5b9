"""The forms that ask for a one-time code: named as the pages name it, typed on a phone's digits."""

from typing import Any

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.utils.translation import gettext_lazy as _


def _as_we_say(field: forms.Field) -> None:
    field.label = _("动态口令")
    field.widget.attrs |= {"inputmode": "numeric", "maxlength": "6"}
    field.widget.attrs.pop("placeholder", None)


class CodeForm(AuthenticateForm):  # type: ignore[misc]
    """At login."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _as_we_say(self.fields["code"])


class CodeAgainForm(ReauthenticateForm):  # type: ignore[misc]
    """Before what weighs."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _as_we_say(self.fields["code"])


class FirstCodeForm(ActivateTOTPForm):  # type: ignore[misc]
    """When an authenticator is bound."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _as_we_say(self.fields["code"])
