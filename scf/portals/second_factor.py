"""The forms that ask for a one-time code: named as the pages name it, typed on a phone's digits.

Where codes are asked of who has an authenticator, a recovery code stands in for it.
"""

import unicodedata
from typing import Any

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from scf.core.actor import SYSTEM
from scf.parties.models import User
from scf.parties.selectors import actor_for, count_recovery_codes
from scf.parties.services import note_code_guessed, note_recovery_code_used
from scf.portals.adapters import LOCKED_AT_MOST

TOTP_DIGITS = 6
HOLDS = 30 * (2 * settings.MFA_TOTP_TOLERANCE + 1)  # seconds from the earliest it is taken
LONGEST = 12  # a recovery code with the blanks people write between its digits


def _as_we_say(field: forms.Field, *, longest: int) -> None:
    field.label = _("动态口令")
    field.widget.attrs |= {"inputmode": "numeric", "maxlength": str(longest)}
    field.widget.attrs.pop("placeholder", None)


def _either(field: forms.Field, user: User) -> None:
    left = count_recovery_codes(user)
    _as_we_say(field, longest=LONGEST if left else TOTP_DIGITS)
    if left:
        field.help_text = _("认证器不在手边时，可填一个未用过的 8 位恢复码")


class OneTime(BaseAuthenticateForm):  # type: ignore[misc]
    """A code opens once for as long as it would hold: allauth forgets it after half a minute, while
    with its tolerance it holds for a minute and a half.
    """

    def clean_code(self) -> str:
        """Refuses a used code like a wrong one; the owner hears of codes that are guessed."""
        self.cleaned_data["code"] = _half_width(self.cleaned_data["code"])
        key = _used_key(self.user, self.cleaned_data["code"])
        try:
            if cache.get(key):
                check_rate_limit(self.user)
                raise get_adapter().validation_error("incorrect_code")
            code: str = super().clean_code()
        except ValidationError as refusal:
            if refusal.code == "too_many_login_attempts":
                _tell_of_guesses(self.user)
            raise
        if self.authenticator.type == Authenticator.Type.TOTP:
            cache.add(key, "y", timeout=HOLDS)
        return code


def mark_used(user: User, code: str) -> None:
    """A code that bound an authenticator opens nothing more."""
    cache.add(_used_key(user, code), "y", timeout=HOLDS)


def _used_key(user: User, code: str) -> str:
    return f"scf.code.used:{user.pk}:{normalize_user_code(code)[:LONGEST]}"


def _half_width(code: str) -> str:
    # A Chinese keyboard writes full-width digits; the code is the same.
    return unicodedata.normalize("NFKC", code)


def _tell_of_guesses(user: User) -> None:
    # Who guesses codes knows the password; once for as long as the tries are stopped.
    if cache.add(f"scf.code.guessed:{user.pk}", "y", timeout=LOCKED_AT_MOST.total_seconds()):
        note_code_guessed(user, by=SYSTEM)


def _tell_if_recovered(form: AuthenticateForm) -> None:
    if form.authenticator.type == Authenticator.Type.RECOVERY_CODES:
        note_recovery_code_used(form.user, by=actor_for(form.user))


class CodeForm(OneTime, AuthenticateForm):  # type: ignore[misc]
    """At login."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _either(self.fields["code"], self.user)

    def save(self) -> None:
        """The code was right."""
        super().save()
        _tell_if_recovered(self)


class CodeAgainForm(OneTime, ReauthenticateForm):  # type: ignore[misc]
    """Before what weighs."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _either(self.fields["code"], self.user)

    def save(self) -> None:
        """The code was right."""
        super().save()
        _tell_if_recovered(self)


class FirstCodeForm(ActivateTOTPForm):  # type: ignore[misc]
    """When an authenticator is bound."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _as_we_say(self.fields["code"], longest=TOTP_DIGITS)

    def clean_code(self) -> str:
        """Refuses a code the authenticator does not show."""
        self.cleaned_data["code"] = _half_width(self.cleaned_data["code"])
        code: str = super().clean_code()
        return code
