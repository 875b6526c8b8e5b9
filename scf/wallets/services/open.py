"""Opening a wallet at a bank, and the mandate by which its owner lets the bank draw."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.chain import services as chain
from scf.chain.abi import hash_of
from scf.chain.calls import Call
from scf.chain.parties import party_id_of
from scf.chain.selectors import is_registered
from scf.core.actor import Actor
from scf.core.errors import Conflict
from scf.wallets import machine
from scf.wallets.acts import ActIn, ask_act
from scf.wallets.attempts import attempt_key
from scf.wallets.ledger_accounts import bank_number_of, wallet_code
from scf.wallets.models import Act, Purpose, Wallet

REGISTER_WALLET, MANDATE = 11, 24  # numbers of the library ``Action`` of the contracts
CORPORATE = 2
PURPOSES = {Purpose.GENERAL: 1, Purpose.OWN: 1, Purpose.COLLECTION: 2, Purpose.DEPOSIT: 3}


@transaction.atomic
def open_wallet(owner_id: UUID, *, bank_id: UUID, purpose: str, by: Actor) -> Wallet:
    """Open the owner's wallet of a purpose at a bank; it is active once the chain has it. One a
    purpose, safe twice; after a registration that failed it is registered once more.

    The bank's standing order to open wallets of verified customers lets its signer approve it.
    Raises Conflict(wrong_state) before the owner is a party on the chain.
    """
    known: Wallet | None = Wallet.objects.filter(
        owner_id=owner_id, bank_id=bank_id, purpose=purpose
    ).first()
    if known:
        if known.status == machine.S.OPENING:
            _register(known, by)
        return known
    if not is_registered(owner_id):
        raise Conflict(_("链上身份登记完成后才能开立钱包：请稍候再试"), code="wrong_state")
    bank_number, number = bank_number_of(bank_id), PURPOSES[Purpose(purpose)]
    address = wallet_address(owner_id, bank_number=bank_number, purpose=number)
    wallet: Wallet = Wallet.objects.create(
        status=machine.S.OPENING,
        owner_id=owner_id,
        bank_id=bank_id,
        purpose=purpose,
        address=address,
        account_code=wallet_code(owner_id, purpose),
    )
    chain.watch(address, parties=[owner_id, bank_id])
    _register(wallet, by)
    return wallet


def _register(wallet: Wallet, by: Actor) -> None:
    number = PURPOSES[Purpose(wallet.purpose)]
    ask_act(_registration(wallet, number), by=by, standing="wallet_opening")


def wallet_address(owner_id: UUID, *, bank_number: int, purpose: int) -> str:
    """The address of a party's wallet: computed, nobody holds a key for it. Raises NotFound for no
    party.
    """
    kinds = ["string", "bytes32", "uint16", "uint8", "uint32"]
    names = ["scf.wallet", party_id_of(owner_id), bank_number, purpose, 0]
    return "0x" + hash_of(kinds, names)[-40:]


def _registration(wallet: Wallet, purpose: int) -> ActIn:
    owner = party_id_of(wallet.owner_id)
    details = [owner, bank_number_of(wallet.bank_id), CORPORATE, purpose, 0, 0]
    approval = {"approval_of": str(wallet.bank_id)}
    return ActIn(
        key=attempt_key(f"wallet:{wallet.pk}"),
        kind="register_wallet",
        subject_id=wallet.pk,
        contract="WalletRegistry",
        action=REGISTER_WALLET,
        parties=(wallet.bank_id,),
        call=Call("WalletRegistry", "registerWallet", ["instruction", approval, *details]),
        queue=wallet.address,
        audience=(wallet.owner_id, wallet.bank_id),
        payload_hash=hash_of(["bytes32", "uint16", "uint8", "uint8", "uint8", "uint32"], details),
        payee=wallet.address,
    )


@transaction.atomic
def give_mandate(
    wallet_id: UUID,
    *,
    payee: Wallet,
    cap_minor: int,
    until: datetime,
    key: str,
    deal_id: UUID | None,
    by: Actor,
) -> Act:
    """The owner lets the bank draw up to ``cap_minor`` fen an act for one payee until a moment
    (扣款授权书). Safe twice with one key; after a failure the same key asks once more.
    """
    wallet = Wallet.objects.get(pk=wallet_id)
    seconds = int(until.timestamp())
    return ask_act(
        ActIn(
            key=attempt_key(key),
            kind="mandate",
            subject_id=wallet.pk,
            contract="DigitalYuan",
            action=MANDATE,
            parties=(wallet.owner_id,),
            call=Call(
                "DigitalYuan",
                "mandate",
                [
                    "instruction",
                    {"approval_of": str(wallet.owner_id)},
                    wallet.address,
                    seconds,
                ],
            ),
            queue=wallet.address,
            audience=(wallet.owner_id, wallet.bank_id),
            payload_hash=hash_of(["address", "uint48"], [wallet.address, seconds]),
            payee=payee.address,
            amount_minor=cap_minor,
            deal_id=deal_id,
        ),
        by=by,
    )
