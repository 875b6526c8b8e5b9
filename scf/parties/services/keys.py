"""API keys: issued to a person of an organization by somebody else, shown once, revoked at once."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from scf.core import clock
from scf.core.actor import Actor
from scf.core.errors import Forbidden, NotFound, RuleBroken
from scf.parties.access import organization_to_manage, refuse_oneself
from scf.parties.models import ApiKey, Membership, Person
from scf.parties.permissions import Permission, permissions_of
from scf.workflow import facts

LONGEST_LIFE = timedelta(days=366)
PREFIX_BYTES = 6  # 12 hexadecimal digits to find the row by; the secret has 256 bits of its own
SECRET_BYTES = 32


# One statement finds the key, counts the request and says what the person holds today. A count
# that a crash of the database forgets harms nobody, so its commit does not wait for the disk;
# ``is_alone`` says that nothing else commits with it.
USE = """
    UPDATE parties_apikey k
    SET requests_in_minute = CASE WHEN minute = %(minute)s THEN requests_in_minute + 1 ELSE 1 END,
        minute = %(minute)s, last_used_at = %(now)s
    FROM parties_person p, (
        SELECT CASE WHEN %(is_alone)s THEN set_config('synchronous_commit', 'off', true) END
    ) AS unhurried
    WHERE k.prefix = %(prefix)s AND k.secret_hash = %(secret_hash)s AND k.revoked_at IS NULL
      AND k.expires_at > %(now)s AND p.id = k.person_id
      AND COALESCE((SELECT bool_or(is_active) FROM parties_user WHERE person_id = p.id), true)
    RETURNING p.id, k.organization_id, p.name, k.scopes, k.requests_a_minute, requests_in_minute,
        ARRAY(SELECT role FROM parties_membership m
              WHERE m.organization_id = k.organization_id AND m.person_id = p.id AND m.is_active)
"""


@dataclass(frozen=True)
class KeyUse:
    """Who asks by a key, and how many requests the key has left this minute (below 0: too many)."""

    actor: Actor
    limit: int
    left: int
    resets_in: int


@dataclass(frozen=True)
class IssuedKey:
    """What is shown once: the row and the whole key, ``scf_<prefix>_<secret>``."""

    row: ApiKey
    key: str


@transaction.atomic
def create_api_key(
    organization_id: UUID,
    *,
    person_id: UUID,
    name: str,
    scopes: Collection[str],
    expires_at: datetime,
    by: Actor,
) -> IssuedKey:
    """Issue a key that acts as this person of the organization, with these of the person's rights.

    Four eyes go by person, so what the person made through the key the person cannot check. Raises
    Forbidden (four_eyes for oneself), NotFound, RuleBroken(key_scopes) for no scope or one the
    person does not hold, RuleBroken(key_life) for a life that is over or longer than a year.
    """
    organization = organization_to_manage(organization_id, by=by, needs=Permission.API_KEY_MANAGE)
    refuse_oneself(person_id, by=by)
    _require_held(organization.pk, person_id, scopes)
    now = clock.now()
    if not now < expires_at <= now + LONGEST_LIFE:
        raise RuleBroken(_("密钥有效期须在一年以内且晚于现在"), code="key_life")
    prefix, secret = secrets.token_hex(PREFIX_BYTES), secrets.token_hex(SECRET_BYTES)
    row = ApiKey.objects.create(
        organization=organization,
        person_id=person_id,
        name=name.strip(),
        prefix=prefix,
        secret_hash=_hash_of(secret),
        scopes=sorted({str(scope) for scope in scopes}),
        expires_at=expires_at,
    )
    _record("api_key_created", row, by)
    return IssuedKey(row, f"scf_{prefix}_{secret}")


@transaction.atomic
def revoke_api_key(prefix: str, *, by: Actor) -> ApiKey:
    """End a key; its next request is refused. Harmless twice. Raises NotFound, Forbidden."""
    row: ApiKey | None = ApiKey.objects.visible_to(by).filter(prefix=prefix).first()
    if row is None:
        raise NotFound(_("没有这个密钥"))
    organization_to_manage(row.organization_id, by=by, needs=Permission.API_KEY_MANAGE)
    if row.revoked_at is None:
        row.revoked_at = clock.now()
        row.save(update_fields=["revoked_at"])
        _record("api_key_revoked", row, by)
    return row


def use_api_key(prefix: str, *, secret: str) -> KeyUse:
    """The actor an API key is: its person at its organization, with the key's scopes as far as the
    person holds them today. Asked anew for every request, so nothing taken away lingers.

    Counts the request. Raises Forbidden(key_invalid) for an unknown, wrong, revoked or outdated
    key, and for one whose person has no role or login any more.
    """
    now = clock.now()
    minute, second = divmod(int(now.timestamp()), 60)
    found = _use(prefix, _hash_of(secret), now=now, minute=minute)
    held = permissions_of(found[-1]) if found else frozenset()
    if found is None or not held:
        raise _no_such_key()
    person_id, organization_id, name, scopes, most, made, _roles = found
    actor = Actor(
        person_id=person_id,
        organization_id=organization_id,
        name=name,
        permissions=held & frozenset(scopes),
    )
    return KeyUse(actor, limit=most, left=most - made, resets_in=60 - second)


def _use(prefix: str, secret_hash: str, *, now: datetime, minute: int) -> tuple[Any, ...] | None:
    # Who does not know the secret does not choose what its hash begins with: comparing the hashes
    # where they are kept tells nothing.
    given: dict[str, Any] = {
        "prefix": prefix,
        "secret_hash": secret_hash,
        "now": now,
        "minute": minute,
        "is_alone": not connection.in_atomic_block,
    }
    with connection.cursor() as cursor:
        cursor.execute(USE, given)
        found: tuple[Any, ...] | None = cursor.fetchone()
    return found


def _no_such_key() -> Forbidden:
    # One refusal for all causes: who guesses learns nothing.
    return Forbidden(_("API 密钥无效、已撤销或已过期"), code="key_invalid")


def _hash_of(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _require_held(organization_id: UUID, person_id: UUID, scopes: Collection[str]) -> None:
    if not Person.objects.filter(pk=person_id).exists():
        raise NotFound(_("没有这个人"))
    excess = sorted({str(scope) for scope in scopes} - _held(organization_id, person_id))
    if excess or not scopes:
        raise RuleBroken(
            _("密钥的范围须是此人在该机构已有的权限，不含：%(excess)s"),
            code="key_scopes",
            excess=", ".join(excess) or "-",
        )


def _held(organization_id: UUID, person_id: UUID) -> frozenset[str]:
    roles = Membership.objects.filter(
        organization_id=organization_id, person_id=person_id, is_active=True
    )
    return permissions_of(list(roles.values_list("role", flat=True)))


def _record(name: str, row: ApiKey, by: Actor) -> None:
    facts.record(
        f"organization.{name}",
        row.organization,
        by=by,
        prefix=row.prefix,
        key_name=row.name,
        key_person_id=row.person_id,
        scopes=row.scopes,
        expires_at=row.expires_at,
    )
