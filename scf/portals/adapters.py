"""What we tell allauth: nobody signs up, refusals speak our words, TOTP secrets are stored
encrypted.
"""

import base64
import os
import unicodedata
from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import ratelimit
from allauth.core.internal import ratelimit as limits
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from scf.core import clock
from scf.parties.models import User
from scf.parties.selectors import list_organizations_of, needs_second_factor

KEY_VERSION = "1"
LIMITS = "allauth.account"  # whose table of limits it is
LOCKED_AT_MOST = timedelta(minutes=15)  # the window of ``ACCOUNT_RATE_LIMITS["login_failed"]``


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Logins are handed out by an operator or a bank manager; there is no sign-up."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("用户名或密码不正确"),
        "too_many_login_attempts": _(
            "失败次数过多，为保护账户暂不能登录：最迟 %s（北京时间）后可再试。"
            "忘记密码可以重设；认证器不在手边，请联系贵机构的管理人员或平台运营"
        ),
        "incorrect_password": _("密码不正确"),
        "enter_current_password": _("请输入当前密码"),
        "password_min_length": _("密码至少 {0} 位"),
        "rate_limited": _("操作过于频繁，请稍后再试"),
    }

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """The refusal in words; where somebody has to wait, with the time by which it is over."""
        if code == "too_many_login_attempts":
            free_at = (clock.now() + LOCKED_AT_MOST).astimezone(clock.SHANGHAI)
            args = (f"{free_at:%H:%M}",)
        refusal: ValidationError = super().validation_error(code, *args)
        return refusal

    def _get_login_attempts_cache_key(self, _request: HttpRequest, **credentials: Any) -> str:
        # Failures count for the login, under whatever name of the site the browser asks: allauth
        # would count them apart for each Host and port.
        return lock_name(str(credentials.get("username", "")))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse who failed too often, at this login or from this address.

        The address counts apart from the login: allauth forgets all failures of an action once a
        code was right, so an own login in between would give an address new tries.
        """
        super().pre_authenticate(request, **credentials)
        self._address_usage = limits.consume(request, app=LIMITS, action="failed_at_address")
        if not self._address_usage:
            raise self.validation_error("too_many_login_attempts")

    def _rollback_login_failed_rl_usage(self) -> None:
        super()._rollback_login_failed_rl_usage()
        if self._address_usage:
            self._address_usage.rollback()

    def is_open_for_signup(self, *_request: HttpRequest) -> bool:
        """Never."""
        return False

    def get_reauthentication_methods(
        self, user: AbstractBaseUser | AnonymousUser
    ) -> list[dict[str, Any]]:
        """A TOTP code first where there is one; for staff who need a second factor nothing else."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        by_code = [method for method in methods if method["id"] == "mfa_reauthenticate"]
        if by_code and isinstance(user, User) and must_keep_second_factor(user):
            return by_code
        return by_code + [method for method in methods if method not in by_code]


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """TOTP secrets lie in the database under AES-256-GCM with a key derived from the site's
    secret.
    """

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("动态口令不正确，或已经用过：请等下一个口令；恢复码每个只能用一次"),
        "cannot_delete_authenticator": _("您的岗位必须使用动态口令，不能自行解除"),
    }

    def encrypt(self, text: str) -> str:
        """The secret as ``version:base64(nonce and ciphertext)``."""
        nonce = os.urandom(12)
        sealed = nonce + AESGCM(_key()).encrypt(nonce, text.encode(), None)
        return f"{KEY_VERSION}:{base64.b64encode(sealed).decode()}"

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again; raises InvalidTag when the row was tampered with."""
        sealed = base64.b64decode(encrypted_text.partition(":")[2])
        return AESGCM(_key()).decrypt(sealed[:12], sealed[12:], None).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not for staff of a bank or the operator: two colleagues take a lost one off."""
        return not must_keep_second_factor(authenticator.user)


def lock_name(username: str) -> str:
    """What failures of a user name are counted under, however it is typed."""
    return unicodedata.normalize("NFKC", username).strip().casefold()


def forget_failures(request: HttpRequest, username: str) -> None:
    """Let a login in again that was locked out for failed tries: its password is a new one."""
    ratelimit.clear(request, action="login_failed", key=lock_name(username))


def must_keep_second_factor(user: User) -> bool:
    """Whether a role of the user's asks for one: a bank's or the operator's staff."""
    return any(needs_second_factor(organization) for organization in list_organizations_of(user))


def _key() -> bytes:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"scf totp secrets 1")
    return derive.derive(settings.SECRET_KEY.encode())
