"""Codes of demo logins, read out by a command: only for a stack whose parties are fictional."""

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from scf.core import clock
from scf.core.errors import NotFound

PERIOD_SECONDS = 30


def code_of(username: str) -> tuple[str, int]:
    """The present code of this login's authenticator and the seconds it still holds.

    Raises NotFound without an authenticator, AssertionError with ENV=prod: nothing there may ask.
    """
    if settings.IS_PRODUCTION:
        raise AssertionError("codes are not read out in production")
    bound = Authenticator.objects.filter(
        user__username=username, type=Authenticator.Type.TOTP
    ).first()
    if bound is None:
        raise NotFound(_("该用户没有绑定动态口令"))
    counter, passed = divmod(int(clock.now().timestamp()), PERIOD_SECONDS)
    code = format_hotp_value(hotp_value(decrypt(bound.data["secret"]), counter))
    return code, PERIOD_SECONDS - passed
