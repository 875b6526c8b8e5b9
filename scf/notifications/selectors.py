"""A person's own messages, how many are unread, and what they want by mail."""

from django.db.models import Count

from scf.core.actor import Actor
from scf.notifications.models import Channel, InboxItem, InboxItemQuerySet, Preference


def count_unread(*, by: Actor) -> int:
    """How many messages wait for the actor; one index holds them alone."""
    return int(InboxItem.objects.visible_to(by).unread().count())


def list_inbox(*, by: Actor, kind: str = "", is_unread: bool = False) -> InboxItemQuerySet:
    """The actor's messages, newest first: all, those of a kind, or those that wait."""
    rows: InboxItemQuerySet = InboxItem.objects.visible_to(by).select_related("fact")
    if kind:
        rows = rows.filter(kind=kind)
    return rows.unread() if is_unread else rows


def count_by_kind(*, by: Actor, is_unread: bool = False) -> dict[str, int]:
    """How many messages of each kind the actor has, or has unread; one query."""
    rows = list_inbox(by=by, is_unread=is_unread).order_by().values("kind")
    return {row["kind"]: row["many"] for row in rows.annotate(many=Count("pk"))}


def kinds_by(channel: Channel, *, by: Actor) -> frozenset[str]:
    """The kinds of message the actor also wants on a channel."""
    if by.person_id is None:
        return frozenset()
    rows = Preference.objects.filter(person_id=by.person_id, channel=channel, is_on=True)
    return frozenset(rows.values_list("kind", flat=True))
