"""What has to be signed and sent so that the chain knows a party and a bank's vault."""

from datetime import datetime

from django.db import transaction

from scf.chain.abi import hash_of
from scf.chain.calls import ZERO_ADDRESS, ZERO_WORD, Call, Instruction, SignatureIn
from scf.chain.contracts import snake
from scf.chain.hashing import word_of
from scf.chain.models import ChainEvent, ChainParty, Contract, SignatureRequest
from scf.chain.parties import GOVERNANCE, get_bank
from scf.chain.references import watch
from scf.chain.signatures import request_signature
from scf.core.actor import SYSTEM

REGISTER_BANK, REGISTER_PARTY, REGISTER_CONTRACT, DEPLOY_VAULT = 1, 2, 12, 41
FOREVER = (1 << 48) - 1  # the latest deadline an instruction can carry


@transaction.atomic
def provide_key(party: ChainParty, *, address: str) -> None:
    """The signer tells the address of the key it holds for a party; the registration is asked
    for.
    """
    party.key_address = address.lower()
    party.save(update_fields=["key_address"])
    rest = [party.bank_number, party.party_id, [party.key_address], 1]
    function = "registerBank" if party.is_bank else "registerParty"
    _ask(
        f"{snake(function)}:{party.organization_id}",
        None if party.is_bank else get_bank(party.bank_number),
        Call("PartyRegistry", function, rest),
        ["uint16", "bytes32", "address[]", "uint8"],
        action=REGISTER_BANK if party.is_bank else REGISTER_PARTY,
        queue=party.party_id,
    )


@transaction.atomic
def confirm_party(party_id: str, *, at: datetime) -> None:
    """The chain confirmed a party; a bank's vault is asked for. Harmless for governance and when
    repeated.
    """
    party = ChainParty.objects.filter(party_id=party_id).first()
    if party is None or party.registered_at:
        return
    party.registered_at = at
    party.save(update_fields=["registered_at"])
    if party.is_bank:
        call = Call("DirectedEscrow", "deployVault", [party.bank_number])
        key = f"deploy_vault:{party.bank_number}"
        _ask(key, None, call, ["uint16"], action=DEPLOY_VAULT, queue=party.party_id)


@transaction.atomic
def confirm_vault(bank_number: int, *, vault: str, event: ChainEvent, chain_id: int) -> None:
    """The chain confirmed a bank's vault: its address is kept and governance registers it.
    Harmless twice.
    """
    Contract.objects.get_or_create(
        chain_id=chain_id,
        name=f"EscrowVault:{bank_number}",
        defaults={"address": vault, "block_number": event.block_number, "tx_hash": event.tx_hash},
    )
    watch(vault, parties=[get_bank(bank_number).organization_id])
    call = Call("WalletRegistry", "registerContract", [vault, bank_number])
    key = f"register_contract:{vault}"
    _ask(key, None, call, ["address", "uint16"], action=REGISTER_CONTRACT, payee=vault, queue=vault)


def _ask(
    key: str,
    party: ChainParty | None,
    then: Call,
    kinds: list[str],
    *,
    action: int,
    queue: str,
    payee: str = ZERO_ADDRESS,
) -> SignatureRequest:
    # A registration follows what a person began with register_party.
    instruction = Instruction(
        instruction_id=word_of(key),
        agreement_id=ZERO_WORD,
        action=action,
        amount=0,
        payee=payee,
        payload_hash=hash_of(kinds, then.args),
        not_before=0,
        deadline=FOREVER,
        seq=0,
    )
    given = SignatureIn(
        key=key,
        organization_id=party.organization_id if party else None,
        contract=then.contract,
        instruction=instruction,
        purpose=key.partition(":")[0],
        standing=f"registration:{party.party_id if party else GOVERNANCE}",
        then=then,
        then_queue=queue,
    )
    return request_signature(given, by=SYSTEM)
