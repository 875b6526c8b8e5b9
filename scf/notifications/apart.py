"""Which fact without a deal is told to whom in which words: logins, help with them, wallets.

``%(…)s`` are the values of ``values_of``, read from the fact's details.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from scf.notifications.models import Kind
from scf.notifications.notices import BORROWER, OPERATIONS, PAYEE, Words
from scf.notifications.recipients import Members, people_in, roles_with
from scf.parties.permissions import Permission, Role
from scf.wallets.models import Purpose
from scf.workflow.models import Fact

Told = Iterator[tuple[UUID, UUID]]  # a person at an organization


@dataclass(frozen=True)
class Apart:
    """What happened and what to do: to the person it happened to, or to the people of ``roles`` at
    the organization the fact's details name under ``at``.
    """

    kind: Kind
    title: Words
    todo: Words = ""
    at: str = ""
    roles: frozenset[Role] = frozenset()

    def told_by(self, fact: Fact, members: Members) -> Told:
        """Whom the fact is told. A person hears what was done to the own login also when they did
        it: it may have been somebody else.
        """
        if not self.at:
            yield from ((fact.subject_id, organization_id) for organization_id in fact.audience)
            return
        organization_id = UUID(str(fact.details[self.at]))
        for person_id in people_in(members, organization_id, self.roles):
            if str(person_id) not in (str(fact.person_id), fact.details.get("person_id")):
                yield person_id, organization_id


_SEE_WALLET = _("在钱包页查看这意味着什么、可以怎么办")
OWNER = BORROWER | PAYEE | OPERATIONS  # the bank's own wallet has its operations
MAIL_CHANGED = "person.mail_changed"
RESET_ASKED = "person.reset_asked"
PURPOSES: dict[str, Words] = {each.value: each.label for each in Purpose}
_NOT_ME = _("若不是您本人操作，请立即修改密码并联系贵机构的管理员或平台运营")

APART: dict[str, Apart] = {
    "person.recovery_code_used": Apart(
        Kind.ACCOUNT, _("您的登录用了一个恢复码，还剩 %(left)s 个"), _NOT_ME
    ),
    "person.recovery_codes_first": Apart(Kind.ACCOUNT, _("您的恢复码已生成"), _NOT_ME),
    "person.recovery_codes_made": Apart(
        Kind.ACCOUNT, _("您的恢复码已重新生成，原来的全部作废"), _NOT_ME
    ),
    "person.code_guessed": Apart(
        Kind.ACCOUNT,
        _("有人连续输错您的动态口令，登录已暂停一刻钟"),
        _("若不是您本人，您的密码可能已泄露：请立即修改密码"),
    ),
    "person.totp_removed": Apart(
        Kind.ACCOUNT,
        _("您的认证器已由两位同事解除"),
        _("在账户安全页绑定新的认证器；若不是您要求的，请立即联系平台运营"),
    ),
    "person.reset_granted": Apart(
        Kind.ACCOUNT,
        _("两位同事已为您办理重设密码，您的登录已全部退出"),
        _(
            "向这两位同事各取一段重设码，一天内在登录页设置新密码；若不是您要求的，请立即联系平台运营"
        ),
    ),
    "person.password_reset": Apart(
        Kind.ACCOUNT, _("您的登录密码已重设，其他登录已全部退出"), _NOT_ME
    ),
    MAIL_CHANGED: Apart(Kind.ACCOUNT, _("您的邮箱地址已更改"), _NOT_ME),
    RESET_ASKED: Apart(
        Kind.ACCOUNT,
        _("有人申请重设登录名 %(username)s 的密码"),
        _("半小时内用邮件里的链接设置新密码，只能用一次；若不是您本人操作，不必理会"),
    ),
    "recovery.asked": Apart(
        Kind.TURN,
        _("帮 %(person_name)s 恢复登录的申请等您确认"),
        _("在人员与登录页核对原因后确认或退回"),
        at="confirmed_at",
        roles=roles_with(Permission.ACCESS_RECOVER),
    ),
    "wallet.frozen": Apart(
        Kind.MONEY,
        _("%(purpose)s已冻结，不收不付：%(order)s"),
        _SEE_WALLET,
        at="owner_id",
        roles=OWNER,
    ),
    "wallet.debit_frozen": Apart(
        Kind.MONEY,
        _("%(purpose)s已止付，只收不付：%(order)s"),
        _SEE_WALLET,
        at="owner_id",
        roles=OWNER,
    ),
    "wallet.unfrozen": Apart(
        Kind.MONEY, _("%(purpose)s已解冻：%(order)s"), at="owner_id", roles=OWNER
    ),
}
# What ends a message that somebody else has answered meanwhile.
CLOSES_APART = ("recovery.confirmed", "recovery.refused")


def values_of(fact: Fact) -> dict[str, object]:
    """What the words of such a message may name."""
    details = fact.details
    names = ("left", "username", "person_name")
    order = " ".join(filter(None, (details.get("authority"), details.get("number"))))
    purpose = PURPOSES.get(details.get("purpose", ""), _("钱包"))
    return {name: details.get(name, "") for name in names} | {
        "order": order or _("依有权机关文书"),
        "purpose": purpose,
    }


def organizations_of(fact: Fact) -> list[UUID]:
    """Whose people a fact is told to."""
    told = APART[fact.name]
    return [UUID(str(fact.details[told.at]))] if told.at else []
