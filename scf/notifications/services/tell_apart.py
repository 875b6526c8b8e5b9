"""Turning facts that belong to no deal into messages: about logins and wallets."""

from collections.abc import Iterator, Sequence

from scf.notifications.apart import APART, organizations_of
from scf.notifications.models import InboxItem
from scf.notifications.recipients import members_of
from scf.workflow.models import Fact


def items_apart(facts: Sequence[Fact]) -> Iterator[InboxItem]:
    """The messages of these facts as far as a row of the table names them; not yet kept."""
    mine = [fact for fact in facts if fact.name in APART]
    members = members_of({each for fact in mine for each in organizations_of(fact)})
    for fact in mine:
        told = APART[fact.name]
        for person_id, organization_id in told.told_by(fact, members):
            yield InboxItem(
                person_id=person_id,
                organization_id=organization_id,
                fact=fact,
                kind=told.kind,
                since=fact.recorded_at,
            )
