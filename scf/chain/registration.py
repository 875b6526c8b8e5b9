"""What has to be signed and sent so that the chain knows a party, a bank's vault and a wallet."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.chain.abi import encode, hash_of
from scf.chain.calls import ZERO_ADDRESS, ZERO_WORD, Call, Instruction, SignatureIn
from scf.chain.contracts import snake
from scf.chain.hashing import keccak256, to_hex, word_of
from scf.chain.models import ChainEvent, ChainParty, Contract, SignatureRequest
from scf.chain.parties import GOVERNANCE, get_bank, get_party
from scf.chain.references import watch
from scf.chain.signatures import request_signature
from scf.core.actor import SYSTEM, Actor
from scf.core.errors import Conflict

REGISTER_BANK, REGISTER_PARTY, REGISTER_WALLET, REGISTER_CONTRACT, DEPLOY_VAULT = 1, 2, 11, 12, 41
FOREVER = (1 << 48) - 1  # the latest deadline an instruction can carry


def wallet_address(organization_id: UUID, *, bank_number: int, purpose: int, number: int = 0) -> str:
    """The address of a party's wallet: computed, nobody holds a key for it. Raises NotFound for no party."""
    kinds = ["string", "bytes32", "uint16", "uint8", "uint32"]
    owner = get_party(organization_id).party_id
    return to_hex(keccak256(encode(kinds, ["scf.wallet", owner, bank_number, purpose, number]))[12:])


@transaction.atomic
def register_wallet(
    organization_id: UUID,
    *,
    bank_number: int,
    purpose: int,
    by: Actor,
    kind: int = 2,
    tier: int = 0,
    number: int = 0,
) -> str:
    """Open a wallet of a registered party at a bank, signed by the bank; returns its address.

    ``purpose``, ``kind`` and ``tier`` are the contract's numbers (WalletPurpose, WalletKind). It is done
    when fact ``chain.WalletRegistered`` comes. Safe to call twice. Raises NotFound for no party and
    Conflict(wrong_state) before the party itself is on the chain.
    """
    owner, bank = get_party(organization_id), get_bank(bank_number)
    if owner.registered_at is None:
        raise Conflict(_("链上身份登记完成后才能开立钱包"), code="wrong_state")
    wallet = wallet_address(organization_id, bank_number=bank_number, purpose=purpose, number=number)
    watch(wallet, parties=[organization_id, bank.organization_id])
    rest = [owner.party_id, bank_number, kind, purpose, tier, number]
    _ask(
        f"register_wallet:{wallet}",
        bank,
        Call("WalletRegistry", "registerWallet", rest),
        ["bytes32", "uint16", "uint8", "uint8", "uint8", "uint32"],
        action=REGISTER_WALLET,
        payee=wallet,
        queue=wallet,
        by=by,
    )
    return wallet


@transaction.atomic
def provide_key(party: ChainParty, *, address: str) -> None:
    """The signer tells the address of the key it holds for a party; the registration is asked for."""
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
    """The chain confirmed a party; a bank's vault is asked for. Harmless for governance and when repeated."""
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
    """The chain confirmed a bank's vault: its address is kept and governance registers it. Harmless twice."""
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
    by: Actor = SYSTEM,
) -> SignatureRequest:
    # Registrations follow what a person began with register_party or register_wallet.
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
    return request_signature(given, by=by)
