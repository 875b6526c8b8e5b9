"""Reading a message, or all of them."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.core import clock
from scf.core.actor import Actor
from scf.core.errors import NotFound
from scf.notifications.models import InboxItem


@transaction.atomic
def mark_read(item_id: UUID, *, by: Actor) -> InboxItem:
    """One message is read; the first time counts. Raises NotFound for another's."""
    rows = InboxItem.objects.visible_to(by).select_for_update(of=("self",))
    item: InboxItem | None = rows.filter(pk=item_id).first()
    if item is None:
        raise NotFound(_("没有这条消息"))
    if item.read_at is None:
        item.read_at = clock.now()
        item.save(update_fields=["read_at"])
    return item


def mark_all_read(*, by: Actor, kind: str = "") -> int:
    """Every unread message of the actor's, or those of a kind; returns how many."""
    rows = InboxItem.objects.visible_to(by).unread()
    if kind:
        rows = rows.filter(kind=kind)
    return int(rows.update(read_at=clock.now()))
