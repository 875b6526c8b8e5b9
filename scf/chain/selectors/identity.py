"""Who and where things are on the chain: ids and addresses that other rooms put into terms and
calls.
"""

from uuid import UUID

from django.conf import settings

from scf.chain.contracts import address_of
from scf.chain.parties import get_party


def chain_id() -> int:
    """The chain this installation belongs to."""
    return int(settings.CHAIN_ID)


def contract_address(name: str) -> str:
    """Where a contract lies. Raises Unavailable(not_deployed)."""
    return address_of(name)


def party_id(organization_id: UUID) -> str:
    """The party id of an organization. Raises NotFound before ``register_party``."""
    return get_party(organization_id).party_id


def is_registered(organization_id: UUID) -> bool:
    """Whether the chain has confirmed the organization as a party. Raises NotFound before
    ``register_party``.
    """
    return get_party(organization_id).registered_at is not None


def bank_number(organization_id: UUID) -> int:
    """The number of a bank, or of the bank a party was registered by. Raises NotFound."""
    return get_party(organization_id).bank_number


def vault_address(organization_id: UUID) -> str:
    """The escrow vault of a bank. Raises Unavailable(not_deployed) until the chain has confirmed
    it.
    """
    return address_of(f"EscrowVault:{bank_number(organization_id)}")
