"""Who a machine is: ``Authorization: Bearer scf_<prefix>_<secret>`` and nothing else.

A browser's session opens no door here, so no request can be forged from a page; a key in an address
would end in logs and histories, so it is refused even when it is right.
"""

import re

from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from scf.api.refusals import TooMany, Unauthorized
from scf.core.actor import Actor
from scf.core.errors import DomainError
from scf.parties.models import User
from scf.parties.selectors import list_organizations_of
from scf.parties.services import KeyUse, use_api_key

KEY = re.compile(r"scf_(?P<prefix>[0-9a-f]{12})_(?P<secret>[0-9a-f]{64})", re.ASCII)


class ApiKeyAuthentication(BaseAuthentication):
    """The key of the header; ``request.user`` is the Actor and ``request.auth`` the key's use."""

    def authenticate(self, request: Request) -> tuple[Actor, KeyUse] | None:
        """None without a header. Raises a 401 for any key that is not good, 429 for too many."""
        _refuse_key_in_address(request)
        header = request.headers.get("Authorization", "")
        if not header:
            return None
        scheme, _blank, credential = header.partition(" ")
        found = KEY.fullmatch(credential.strip())
        if scheme.lower() != "bearer" or found is None:
            raise Unauthorized(_("API 密钥无效、已撤销或已过期"), code="key_invalid")
        use = _use(found["prefix"], found["secret"])
        request._request.key_use = use  # type: ignore[attr-defined]
        _refuse_other_session(request, use.actor)
        if use.left < 0:
            words = _("请求过于频繁：请在 %(seconds)s 秒后重试")
            raise TooMany(words, seconds=use.resets_in)
        return use.actor, use

    def authenticate_header(self, _request: Request) -> str:
        """The challenge of a 401."""
        return 'Bearer realm="scf"'


class HasKey(BasePermission):
    """Every address of ``/api/v1/`` needs a key."""

    def has_permission(self, request: Request, _view: APIView) -> bool:
        """Raises a 401 without a key."""
        if not isinstance(request.user, Actor):
            words = _("请在 Authorization 请求头中提供 API 密钥")
            raise Unauthorized(words, code="key_missing")
        return True


def actor_of(request: Request) -> Actor:
    """The actor of a request that passed ``HasKey``; its second factor is never fresh (K24)."""
    actor = request.user
    if not isinstance(actor, Actor):
        raise TypeError("a view without HasKey asked for its actor")
    return actor


def _refuse_key_in_address(request: Request) -> None:
    values = (value for _name, values in request.query_params.lists() for value in values)
    if any(str(value).startswith("scf_") for value in values):
        words = _("密钥不能放在网址里，只能放在 Authorization 请求头：请立即撤销它")
        raise Unauthorized(words, code="key_in_query")


def _use(prefix: str, secret: str) -> KeyUse:
    try:
        return use_api_key(prefix, secret=secret)
    except DomainError as refusal:
        raise Unauthorized(refusal.detail, code="key_invalid") from refusal


def _refuse_other_session(request: Request, actor: Actor) -> None:
    # A browser logged in for one organization must not speak with the key of another.
    user = getattr(request._request, "user", None)
    if isinstance(user, User):
        mine = {organization.pk for organization in list_organizations_of(user)}
        if actor.organization_id not in mine:
            words = _("登录会话与 API 密钥不属于同一机构")
            raise Unauthorized(words, code="mixed_identities")
