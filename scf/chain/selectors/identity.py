"""Who and where things are on the chain: ids and addresses that other rooms put into terms and calls."""

from typing import Any
from uuid import UUID

from django.conf import settings

from scf.chain.abi import encode
from scf.chain.contracts import address_of
from scf.chain.hashing import keccak256, to_hex
from scf.chain.models import SignatureRequest
from scf.chain.parties import get_party
from scf.chain.signatures import approval_of


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
    """Whether the chain has confirmed the organization as a party. Raises NotFound before ``register_party``."""
    return get_party(organization_id).registered_at is not None


def bank_number(organization_id: UUID) -> int:
    """The number of a bank, or of the bank a party was registered by. Raises NotFound."""
    return get_party(organization_id).bank_number


def vault_address(organization_id: UUID) -> str:
    """The escrow vault of a bank. Raises Unavailable(not_deployed) until the chain has confirmed it."""
    return address_of(f"EscrowVault:{bank_number(organization_id)}")


def wallet_address(owner_party_id: str, bank: int, purpose: int, number: int) -> str:
    """The address of a wallet from party id, bank number, purpose and number: nobody holds a key for it."""
    kinds = ["string", "bytes32", "uint16", "uint8", "uint32"]
    encoded = encode(kinds, ["scf.wallet", owner_party_id, bank, purpose, number])
    return to_hex(keccak256(encoded)[12:])


def approval_of_key(key: str) -> dict[str, Any]:
    """The contract's ``Approval`` from the signed request of that key, as an argument of a ``Call``."""
    return approval_of(SignatureRequest.objects.get(key=key))
