"""Turning facts into messages: to whom the table names, and to whose turn it has become."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.utils import translation

from scf.chain.services import OVERTAKEN
from scf.core import clock
from scf.core.actor import SYSTEM
from scf.financing.machine import S
from scf.financing.models import Application
from scf.financing.selectors import Turn, list_applications, turns_of
from scf.notifications.models import DealTurn, InboxItem, Kind
from scf.notifications.notices import CLOSES, NOTICES, Notice
from scf.notifications.recipients import (
    Members,
    barred_from,
    members_of,
    people_in,
    roles_with,
)
from scf.notifications.services.mail import queue_mail
from scf.notifications.services.tell_apart import close_apart, items_apart
from scf.workflow.models import Fact

SIDES = ("bank", "buyer", "seller", "anchor", "partner")
Once = tuple[object, ...]
OWN_ACTS = ("sweep", "repay", "use_deposit")  # what comes back from the escrow is told as that


def _once(item: InboxItem) -> Once:
    """What there is one message of."""
    return (item.fact_id, item.person_id, item.organization_id, item.kind)


@dataclass
class _Told:
    """What one batch of facts brings."""

    members: Members
    found: dict[Once, InboxItem] = field(default_factory=dict)

    @property
    def items(self) -> list[InboxItem]:
        """The messages, in the order of their facts."""
        return list(self.found.values())

    def add(self, item: InboxItem) -> None:
        """Keep a message; one a person, fact and kind."""
        self.found.setdefault(_once(item), item)

    def close(self, deal_ids: Iterable[UUID], kinds: Sequence[Kind]) -> None:
        """What these kinds asked for on these deals is done."""
        deals, now = set(deal_ids), clock.now()
        rows = InboxItem.objects.filter(deal_id__in=deals, kind__in=kinds, over_at__isnull=True)
        rows.update(over_at=now)
        for item in self.items:
            if item.deal_id in deals and item.kind in kinds and item.over_at is None:
                item.over_at = now


@transaction.atomic
def tell(facts: Sequence[Fact]) -> list[InboxItem]:
    """Write what these facts, oldest first, tell to whom; returns the new messages. Safe twice.

    Nobody is told of what they did themselves. A turn is looked at once, after all of them.
    """
    deals = {fact.deal_id for fact in facts if fact.deal_id and _is_business(fact)}
    rows = list_applications(by=SYSTEM).filter(deal_id__in=deals).exclude(status=S.DRAFT)
    applications = {application.deal_id: application for application in rows}
    parties = {
        party for row in applications.values() for side in SIDES for party in _parties(row, side)
    }
    told = _Told(members_of(parties))
    latest: dict[UUID, Fact] = {}
    for fact in facts:
        application = applications.get(fact.deal_id) if fact.deal_id else None
        if application and _is_business(fact):
            _tell_fact(fact, application, told)
            latest[application.deal_id] = fact
    _tell_turns(applications, latest, told)
    close_apart(facts)
    for item in items_apart(facts):
        told.add(item)
    return _keep(told.items)


def _parties(application: Application, side: str) -> Sequence[UUID]:
    """Who stands on a side of the deal; the core enterprise is buyer or seller besides, and only
    a joint loan has partners.
    """
    if side == "partner":
        return application.partner_ids
    return [application.enterprise_id if side == "anchor" else application.parties()[side]]


def _is_business(fact: Fact) -> bool:
    return not fact.name.startswith("chain.")


def _tell_fact(fact: Fact, application: Application, told: _Told) -> None:
    if fact.name in CLOSES:
        told.close([application.deal_id], CLOSES[fact.name])
    for notice in NOTICES.get(fact.name, ()):
        # A partner bank is told of everything it has to settle, whatever else tells of it.
        if notice.side == "partner" or _is_news(fact, application):
            for item in _items(fact, application, notice, told.members):
                told.add(item)


def _is_news(fact: Fact, application: Application) -> bool:
    """False for what the deal's page does not count as a happening either, and for an approval
    other lenders have still to follow.
    """
    if fact.name == "application.approved":
        return not application.partner_ids
    if fact.name == "loan.repaid":
        return fact.details.get("cause") in OWN_ACTS
    return fact.name != "act.failed" or fact.details.get("reason") != OVERTAKEN


def _items(
    fact: Fact, application: Application, notice: Notice, members: Members
) -> Iterator[InboxItem]:
    for organization_id in _parties(application, notice.side):
        for person_id in people_in(members, organization_id, notice.roles):
            if person_id != fact.person_id:
                yield InboxItem(
                    person_id=person_id,
                    organization_id=organization_id,
                    fact=fact,
                    kind=notice.kind,
                    side=notice.side,
                    deal_id=application.deal_id,
                    since=fact.recorded_at,
                )


def _tell_turns(
    applications: Mapping[UUID, Application], latest: Mapping[UUID, Fact], told: _Told
) -> None:
    """A message to each person whose turn it has become; that of who had it before is over."""
    touched = [applications[deal_id] for deal_id in latest]
    turns = turns_of(touched)
    known = {row.deal_id: row for row in DealTurn.objects.filter(deal_id__in=latest)}
    moved = [
        (application, turn)
        for application in touched
        if not _is_same(known.get(application.deal_id), turn := turns[application.pk])
    ]
    told.close((application.deal_id for application, _turn in moved), (Kind.TURN,))
    for application, turn in moved:
        _remember(application.deal_id, turn)
        for item in _turn_items(latest[application.deal_id], application, turn, told):
            told.add(item)


def _source_of(turn: Turn) -> str:
    """The turn's words in the language they are kept in; a reader gets them in their own."""
    with translation.override("zh-hans"):
        return str(turn.what)


def _is_same(known: DealTurn | None, turn: Turn) -> bool:
    now = (turn.party_id, turn.permission, _source_of(turn))
    if known is None:
        return turn.party_id is None
    return (known.party_id, known.permission, known.what) == now


def _remember(deal_id: UUID, turn: Turn) -> None:
    DealTurn.objects.update_or_create(
        deal_id=deal_id,
        defaults={
            "party_id": turn.party_id,
            "permission": turn.permission,
            "what": _source_of(turn),
        },
    )


def _turn_items(
    fact: Fact, application: Application, turn: Turn, told: _Told
) -> Iterator[InboxItem]:
    if turn.party_id is None:
        return
    # Whom a decision was told with what to do about it needs no second message, but its deadline.
    decided = [
        item
        for item in told.items
        if (item.deal_id, item.organization_id, item.kind)
        == (application.deal_id, turn.party_id, Kind.DECISION)
        and item.fact.name.startswith("application.")
    ]
    for item in decided:
        item.due_at = turn.due_at
    skipped = {item.person_id for item in decided} | barred_from(application)
    roles = roles_with(turn.permission)
    for person_id in people_in(told.members, turn.party_id, roles):
        if person_id not in skipped:
            yield InboxItem(
                person_id=person_id,
                organization_id=turn.party_id,
                fact=fact,
                kind=Kind.TURN,
                what=_source_of(turn),
                due_at=turn.due_at,
                deal_id=application.deal_id,
                since=fact.recorded_at,
            )


def _keep(items: list[InboxItem]) -> list[InboxItem]:
    known = set(
        InboxItem.objects.filter(fact__in={item.fact_id for item in items}).values_list(
            "fact_id", "person_id", "organization_id", "kind"
        )
    )
    new = [item for item in items if _once(item) not in known]
    InboxItem.objects.bulk_create(new)
    queue_mail(new)
    return new
