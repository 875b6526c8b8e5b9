"""Persons, the logins bound to them, their second factor and how their pages look."""

from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import Conflict, Forbidden, NotFound, RuleBroken
from scf.parties.checks import require_step_up
from scf.parties.models import Membership, Person, Theme, User
from scf.parties.permissions import Permission
from scf.workflow import facts


@transaction.atomic
def create_person(name: str, *, by: Actor) -> Person:
    """A human being who will act for an organization; needs ``membership:grant``."""
    _may_grant(by)
    person = Person.objects.create(name=name.strip())
    facts.record("person.created", person, by=by)
    return person


@transaction.atomic
def create_user(
    person_id: UUID, *, username: str, password: str, by: Actor, email: str = ""
) -> User:
    """A login of this person. The password is kept as an argon2id hash only.

    Who has one gets no second from one person alone: whoever chose its password would be that
    person. Raises RuleBroken(password_weak), Conflict(duplicate_username), NotFound also for
    another organization's people, Forbidden(forbidden, four_eyes).
    """
    person = _person_to_manage(person_id, by)
    if not by.is_system and User.objects.filter(person=person, is_active=True).exists():
        raise Forbidden(
            _("此人已有登录：忘记密码或丢失验证器时，由两位同事办理恢复"), code="four_eyes"
        )
    user = User(username=username, email=email, person=person)
    refuse_weak(password, user)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as taken:
        raise Conflict(
            _("用户名 %(username)s 已被使用"), code="duplicate_username", username=username
        ) from taken
    facts.record("person.login_created", person, by=by, username=username)
    return user


def refuse_weak(password: str, user: User) -> None:
    """Refuse a password the rules of the settings call weak. Raises RuleBroken(password_weak)."""
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise RuleBroken(
            _("密码太弱：%(reasons)s"), code="password_weak", reasons=" ".join(weak.messages)
        ) from weak


def _may_grant(by: Actor) -> None:
    if not by.can(Permission.MEMBERSHIP_GRANT):
        raise Forbidden(_("您没有管理人员与角色的权限"))


def _person_to_manage(person_id: UUID, by: Actor) -> Person:
    """The person, if nobody else's: the operator manages any, others those who act for nobody or
    for their own organization alone. Raises Forbidden, NotFound.
    """
    _may_grant(by)
    person: Person | None = Person.objects.filter(pk=person_id).first()
    manages_all = by.is_system or by.can(Permission.ORGANIZATION_REVIEW)
    at = Membership.objects.filter(person_id=person_id, is_active=True).values_list(
        "organization_id", flat=True
    )
    is_others = not manages_all and bool(set(at) - {by.organization_id})
    if person is None or is_others:
        raise NotFound(_("没有这个人"))
    return person


@transaction.atomic
def enrol_totp(user: User, *, secret: str, by: Actor) -> None:
    """Bind an authenticator with this base32 secret to the login: for a login handed out with its
    token.

    Someone who logs in can also bind one on the page of account security. Raises NotFound for
    another organization's people, Conflict(totp_enrolled) when there is one already: it is never
    silently replaced.
    """
    if user.person_id is None:
        raise NotFound(_("没有这个人"))
    person = _person_to_manage(user.person_id, by)
    if Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        raise Conflict(_("该用户已绑定动态口令"), code="totp_enrolled")
    Authenticator.objects.create(
        user=user, type=Authenticator.Type.TOTP, data={"secret": encrypt(secret)}
    )
    facts.record("person.totp_enrolled", person, by=by, username=user.username)


@transaction.atomic
def set_preferences(user: User, *, language: str = "", theme: str = "") -> User:
    """Keep the language and theme the user chose; an unknown word is refused, an empty one
    changes nothing.
    """
    if language and language not in dict(settings.LANGUAGES):
        raise RuleBroken(
            _("没有这种语言：%(language)s"), code="language_unknown", language=language
        )
    if theme and theme not in Theme.values:
        raise RuleBroken(_("没有这种外观：%(theme)s"), code="theme_unknown", theme=theme)
    user.language = language or user.language
    user.theme = theme or user.theme
    user.save(update_fields=["language", "theme"])
    return user


@transaction.atomic
def set_mail_address(user: User, *, mail: str, by: Actor) -> User:
    """Keep where the user wants mail; an empty one means none. The shape is the form's to check.

    A new password can be asked for by it, so another one needs a fresh proof of who asks, and the
    address it was before is told. Raises Forbidden(step_up_required).
    """
    before = user.email
    if mail == before:
        return user
    require_step_up(by)
    user.email = mail
    user.save(update_fields=["email"])
    if user.person is not None:
        details = {"username": user.username, "mail_before": before}
        facts.record("person.mail_changed", user.person, by=by, **details)
    return user
