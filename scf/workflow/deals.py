"""The lock of a deal: the first line of every service that writes to one."""

from collections.abc import Iterable
from uuid import UUID

from scf.workflow.models import Deal


def open_deal() -> UUID:
    """A new deal; returns its id."""
    return Deal.objects.create().pk


def lock_deal(deal_id: UUID | None) -> None:
    """Hold the deal's row until the transaction ends. Lock order: deal, limits, ledger accounts.

    What belongs to no deal (a programme, a wallet) has nothing to lock here.
    """
    if deal_id is None:
        return
    Deal.objects.select_for_update().get(pk=deal_id)


def lock_deals(deal_ids: Iterable[UUID | None]) -> None:
    """Hold the rows of several deals, in order of id: two writers never wait for each other."""
    wanted = {deal_id for deal_id in deal_ids if deal_id}
    list(Deal.objects.select_for_update().filter(pk__in=wanted).order_by("pk"))
