"""Who listens to which agreement or wallet on the chain."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.chain.models import Reference
from scf.core.errors import Conflict


@transaction.atomic
def watch(
    reference: str,
    *,
    deal_id: UUID | None = None,
    parties: Iterable[UUID] = (),
    readers: Iterable[UUID] = (),
) -> Reference:
    """Facts about this agreement or wallet (``0x…``) belong to the deal and are seen by these
    organizations; ``readers`` see its transactions beside, and repair none.

    Safe to call twice; organizations add up. Raises Conflict(duplicate_key) when the reference
    belongs to another deal already.
    """
    row, _created = Reference.objects.select_for_update().get_or_create(
        pk=reference.lower(), defaults={"deal_id": deal_id}
    )
    if deal_id and row.deal_id and row.deal_id != deal_id:
        raise Conflict(
            _("链上编号 %(reference)s 已属于另一笔交易"), code="duplicate_key", reference=reference
        )
    row.deal_id = row.deal_id or deal_id
    row.audience = sorted({*row.audience, *parties}, key=str)
    row.readers = sorted({*row.readers, *readers}, key=str)
    row.save(update_fields=["deal_id", "audience", "readers"])
    return row
