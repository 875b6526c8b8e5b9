"""Turning facts that belong to no deal into messages: about logins and wallets."""

from collections.abc import Iterator, Sequence

from scf.core import clock
from scf.notifications.apart import APART, CLOSES_APART, organizations_of
from scf.notifications.models import InboxItem, Kind
from scf.notifications.recipients import members_of
from scf.workflow.models import Fact


def items_apart(facts: Sequence[Fact]) -> Iterator[InboxItem]:
    """The messages of these facts as far as a row of the table names them; not yet kept."""
    answered = {fact.subject_id for fact in facts if fact.name in CLOSES_APART}
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
                over_at=clock.now() if fact.subject_id in answered else None,
            )


def close_apart(facts: Sequence[Fact]) -> None:
    """What these facts answer is asked of nobody any more."""
    answered = {fact.subject_id for fact in facts if fact.name in CLOSES_APART}
    rows = InboxItem.objects.filter(fact__subject_id__in=answered, deal_id__isnull=True)
    rows.filter(kind=Kind.TURN, over_at__isnull=True).update(over_at=clock.now())
