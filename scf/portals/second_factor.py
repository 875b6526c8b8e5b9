"""The forms that ask for a one-time code: named as the pages name it, typed on a phone's digits.

Where codes are asked of who has an authenticator, a recovery code stands in for it.
"""

from typing import Any

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.utils.translation import gettext_lazy as _

from scf.parties.models import User
from scf.parties.selectors import actor_for, count_recovery_codes
from scf.parties.services import note_recovery_code_used

TOTP_DIGITS = 6
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


def _tell_if_recovered(form: AuthenticateForm) -> None:
    if form.authenticator.type == Authenticator.Type.RECOVERY_CODES:
        note_recovery_code_used(form.user, by=actor_for(form.user))


class CodeForm(AuthenticateForm):  # type: ignore[misc]
    """At login."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _either(self.fields["code"], self.user)

    def save(self) -> None:
        """The code was right."""
        super().save()
        _tell_if_recovered(self)


class CodeAgainForm(ReauthenticateForm):  # type: ignore[misc]
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
