"""A colleague's lost authenticator or password: one person asks, another confirms, nobody for
oneself.
"""

import secrets
import unicodedata
from functools import cache
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from scf.core.actor import SYSTEM, Actor
from scf.core.errors import Conflict, Forbidden, NotFound, RuleBroken
from scf.parties.checks import require_step_up
from scf.parties.machine import RECOVERY, RecoveryStatus
from scf.parties.models import Lost, Organization, Recovery, User
from scf.parties.permissions import Permission
from scf.parties.recovery import confirmed_at, list_logins, may_ask
from scf.parties.selectors import actor_for
from scf.parties.services.people import refuse_weak
from scf.parties.services.sessions import end_sessions
from scf.workflow import clocks, facts

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that reads like another
HALF = 8  # letters: 39 bits each, for a day and five tries
MOST_FAILURES = 5


@transaction.atomic
def ask_recovery(user_id: int, *, organization_id: UUID, lost: str, reason: str, by: Actor) -> str:
    """Ask to take a lost authenticator off a colleague's login, or to let them set a new password.

    Returns the first half of the code for a lost password, to be shown this once; empty for an
    authenticator. Needs a fresh second factor. Raises NotFound for who is none of the
    organization's people, Forbidden(four_eyes) for oneself, Forbidden, RuleBroken(nothing_lost)
    without an authenticator, Conflict(recovery_waiting).
    """
    organization = Organization.objects.filter(pk=organization_id).first()
    user = _login_of(organization_id, user_id)
    if organization is None or user is None or not _may_see(organization_id, by):
        raise NotFound(_("没有这个人"))
    if by.person_id is None or user.person_id == by.person_id:
        raise _not_for_oneself()
    if not may_ask(user, organization=organization, by=by):
        raise Forbidden(_("您没有管理人员与角色的权限"))
    require_step_up(by)
    if lost == Lost.TOTP and not Authenticator.objects.filter(user=user).exists():
        raise RuleBroken(_("该用户没有绑定动态口令"), code="nothing_lost")
    half = _new_half() if lost == Lost.PASSWORD else ""
    recovery = Recovery(
        user=user,
        organization=organization,
        lost=Lost(lost),
        reason=reason.strip(),
        first_half=make_password(half) if half else "",
        asked_by_id=by.person_id,
        asked_by_name=by.name,
        status=RecoveryStatus.ASKED,
    )
    _insert(recovery)
    facts.record(
        "recovery.asked",
        recovery,
        by=by,
        person_id=user.person_id,
        person_name=str(user.person),
        lost=lost,
        confirmed_at=confirmed_at(recovery, asked_by=by.person_id),
    )
    return half


@transaction.atomic
def confirm_recovery(recovery_id: UUID, *, by: Actor) -> str:
    """Do what a colleague asked for: the second of two persons. Every session of the login ends.

    Returns the second half of the code for a lost password, to be shown this once. Needs a fresh
    second factor. Raises NotFound, Forbidden(four_eyes) for who asked and whom it is about,
    Forbidden where others have to confirm, Conflict(wrong_state).
    """
    recovery = _decided(recovery_id, by)
    require_step_up(by)
    RECOVERY.fire(recovery, "confirmed", by=by, lost=recovery.lost)
    recovery.decided_by_name = by.name
    half = ""
    if recovery.lost == Lost.PASSWORD:
        half = _new_half()
        recovery.second_half = make_password(half)
    recovery.save(update_fields=["decided_by_name", "second_half"])
    if recovery.lost == Lost.TOTP:
        Authenticator.objects.filter(user=recovery.user).delete()
        RECOVERY.fire(recovery, "done", by=SYSTEM)
    _tell("totp_removed" if recovery.lost == Lost.TOTP else "reset_granted", recovery, by)
    end_sessions(recovery.user)
    return half


@transaction.atomic
def refuse_recovery(recovery_id: UUID, *, by: Actor) -> Recovery:
    """Say no to what was asked, or take it back. Raises NotFound, Forbidden, Conflict."""
    recovery = _seen(recovery_id, by)
    if recovery.user.person_id == by.person_id:
        raise _not_for_oneself()
    RECOVERY.fire(recovery, "refused", by=by)
    recovery.decided_by_name = by.name
    recovery.save(update_fields=["decided_by_name"])
    return recovery


def use_recovery(username: str, *, first: str, second: str, password: str) -> User:
    """Set a new password by both halves of the code, within a day of its confirmation, once.

    The second factor stays as it is; every session ends. Five wrong codes end the help. Raises
    RuleBroken(recovery_wrong), the same for an unknown name, RuleBroken(password_weak).
    """
    recovery = _matching(username, _typed(first), _typed(second))
    if recovery is None:
        raise RuleBroken(
            _("用户名或重设码不正确，或已失效。请核对两段重设码，或请同事重新办理"),
            code="recovery_wrong",
        )
    with transaction.atomic():
        reset_password(recovery.user, password=password, by=actor_for(recovery.user))
        RECOVERY.fire(recovery, "done", by=SYSTEM)
    return recovery.user


@transaction.atomic
def reset_password(user: User, *, password: str, by: Actor) -> User:
    """A new password in place of a lost one; every session ends, the second factor stays. Raises
    RuleBroken(password_weak).
    """
    refuse_weak(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    end_sessions(user)
    if user.person is not None:
        facts.record("person.password_reset", user.person, by=by, username=user.username)
    return user


@transaction.atomic
def _matching(username: str, first: str, second: str) -> Recovery | None:
    rows = Recovery.objects.select_for_update(of=("self",)).select_related("user__person")
    recovery: Recovery | None = rows.filter(
        user__username__iexact=username.strip(),
        user__is_active=True,
        lost=Lost.PASSWORD,
        status=RecoveryStatus.CONFIRMED,
        due_at__gt=clocks.business_now(),
    ).first()
    # Both halves are hashed whoever is named, so that an answer takes the same time.
    kept = (recovery.first_half, recovery.second_half) if recovery else (_nobodys(), _nobodys())
    is_right = [check_password(*pair) for pair in zip((first, second), kept, strict=True)]
    if recovery is None or all(is_right):
        return recovery
    recovery.failures += 1
    recovery.save(update_fields=["failures"])
    if recovery.failures >= MOST_FAILURES:
        RECOVERY.fire(recovery, "lapsed", by=SYSTEM)
    return None


@cache
def _nobodys() -> str:
    return make_password(_new_half())


def _typed(half: str) -> str:
    # A Chinese keyboard writes full-width letters and digits; the half is the same.
    plain = unicodedata.normalize("NFKC", half)
    return "".join(plain.split()).replace("-", "").upper()


def _new_half() -> str:
    return "".join(secrets.choice(LETTERS) for _letter in range(HALF))


def _login_of(organization_id: UUID, user_id: int) -> User | None:
    logins = (each.user for each in list_logins(organization_id))
    return next((user for user in logins if user.pk == user_id), None)


def _may_see(organization_id: UUID, by: Actor) -> bool:
    return by.organization_id == organization_id or by.can(Permission.ORGANIZATION_REVIEW)


def _not_for_oneself() -> Forbidden:
    return Forbidden(_("不能为自己办理：请由另外两位同事操作"), code="four_eyes")


def _seen(recovery_id: UUID, by: Actor) -> Recovery:
    rows = Recovery.objects.visible_to(by).select_for_update(of=("self",))
    found: Recovery | None = (
        rows.select_related("user__person", "organization").filter(pk=recovery_id).first()
    )
    if found is None:
        raise NotFound(_("没有这项申请"))
    return found


def _decided(recovery_id: UUID, by: Actor) -> Recovery:
    recovery = _seen(recovery_id, by)
    if recovery.user.person_id == by.person_id:
        raise _not_for_oneself()
    is_other = by.person_id != recovery.asked_by_id
    if is_other and by.organization_id != confirmed_at(recovery, asked_by=recovery.asked_by_id):
        raise Forbidden(_("这项申请须由该机构的另一位管理人员确认"))
    return recovery


def _insert(recovery: Recovery) -> None:
    try:
        with transaction.atomic():
            recovery.save(force_insert=True)
    except IntegrityError as clash:
        if "recovery_open_once" not in str(clash):
            raise
        raise Conflict(_("此人已有同样的申请正在办理"), code="recovery_waiting") from clash


def _tell(name: str, recovery: Recovery, by: Actor) -> None:
    person = recovery.user.person
    if person is not None:
        facts.record(f"person.{name}", person, by=by, username=recovery.user.username)
