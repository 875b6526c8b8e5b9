"""What a person wants told beside the inbox."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import NotFound
from scf.notifications.models import Channel, Kind, Preference


@transaction.atomic
def set_preferences(person_id: UUID, *, channel: str, kinds: Collection[str], by: Actor) -> None:
    """Messages of exactly these kinds also come on the channel. Raises NotFound for another
    person's choice.
    """
    if by.person_id != person_id:
        raise NotFound(_("没有这个人"))
    for kind in Kind.values:
        Preference.objects.update_or_create(
            person_id=person_id,
            kind=kind,
            channel=Channel(channel),
            defaults={"is_on": kind in kinds},
        )
