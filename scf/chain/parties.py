"""Organizations as parties on the chain: who they are there, and the key that signs for them."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.chain import doorbell
from scf.chain.hashing import keccak256, to_hex, word_of
from scf.chain.models import ChainParty
from scf.chain.references import watch
from scf.core.actor import Actor
from scf.core.errors import NotFound, RuleBroken
from scf.parties.selectors import get_organization
from scf.workflow import facts

GOVERNANCE = word_of("scf.governance")


@transaction.atomic
def register_party(
    organization_id: UUID, *, by: Actor, bank_number: int | None = None
) -> ChainParty:
    """Make an organization a party on the chain: a bank under its own number, anyone else at a
    bank.

    Asks the signer for its key, then the bank (for a bank: governance) for the registration; a
    bank gets its escrow vault as well. It is done when fact ``chain.PartyRegistered`` comes. Safe
    to call twice. Raises RuleBroken(no_bank) when it is no bank and none is named.
    """
    organization = get_organization(organization_id)
    is_bank = organization.bank_number is not None
    number = organization.bank_number if is_bank else bank_number
    if number is None:
        raise RuleBroken(_("请先指定开户银行，再登记链上身份"), code="no_bank")
    salted = b"scf.party" + organization_id.bytes + organization.uscc.encode()
    party, created = ChainParty.objects.get_or_create(
        organization_id=organization_id,
        defaults={"party_id": to_hex(keccak256(salted)), "bank_number": number, "is_bank": is_bank},
    )
    if created:
        watch(party.party_id, parties=[organization_id])
        facts.record("chain.PartyRequested", party, by=by, bank_number=number, is_bank=is_bank)
        doorbell.ring(doorbell.SIGNATURES)
    return party


def get_party(organization_id: UUID) -> ChainParty:
    """The organization's party on the chain, registered or on its way. Raises NotFound."""
    found = ChainParty.objects.filter(organization_id=organization_id).first()
    if found is None:
        raise NotFound(_("该机构尚未登记链上身份"), code="no_chain_party")
    return found


def get_bank(bank_number: int) -> ChainParty:
    """The bank of that number as a party on the chain. Raises NotFound."""
    found = ChainParty.objects.filter(bank_number=bank_number, is_bank=True).first()
    if found is None:
        raise NotFound(_("该银行尚未登记链上身份"), code="no_chain_party")
    return found


def party_id_of(organization_id: UUID | None) -> str:
    """The party id of an organization; None is the governance party. Raises NotFound."""
    return GOVERNANCE if organization_id is None else get_party(organization_id).party_id
