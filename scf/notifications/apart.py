"""Which fact without a deal is told to whom in which words: logins, help with them, wallets.

``%(…)s`` are the values of ``values_of``, read from the fact's details.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from scf.notifications.models import Kind
from scf.notifications.notices import Words
from scf.notifications.recipients import Members, people_in
from scf.parties.permissions import Role
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
            if person_id != fact.person_id:
                yield person_id, organization_id


_NOT_ME = _("若不是您本人操作，请立即修改密码并联系贵机构的管理员或平台运营")

APART: dict[str, Apart] = {
    "person.recovery_code_used": Apart(
        Kind.ACCOUNT, _("您的登录用了一个恢复码，还剩 %(left)s 个"), _NOT_ME
    ),
    "person.recovery_codes_made": Apart(
        Kind.ACCOUNT, _("您的恢复码已重新生成，原来的全部作废"), _NOT_ME
    ),
}


def values_of(fact: Fact) -> dict[str, object]:
    """What the words of such a message may name."""
    details = fact.details
    return {"left": details.get("left", 0)}


def organizations_of(fact: Fact) -> list[UUID]:
    """Whose people a fact is told to."""
    told = APART[fact.name]
    return [UUID(str(fact.details[told.at]))] if told.at else []
