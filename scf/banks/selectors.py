"""Accounts kept at banks, by whose they are."""

from collections.abc import Mapping
from uuid import UUID

from scf.banks.models import CollectionAccount


def collection_number(owner_id: UUID, *, bank_id: UUID) -> str:
    """The number of the buyer's collection account at a bank; empty before it has one."""
    rows = CollectionAccount.objects.filter(owner_id=owner_id, bank_id=bank_id)
    return rows.values_list("number", flat=True).first() or ""


def collection_numbers(bank_id: UUID) -> Mapping[UUID, str]:
    """The numbers of all collection accounts of a bank, by owner."""
    rows = CollectionAccount.objects.filter(bank_id=bank_id)
    return dict(rows.values_list("owner_id", "number"))
