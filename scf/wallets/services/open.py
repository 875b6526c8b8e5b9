"""Opening a wallet at a bank, and the mandate by which its owner lets the bank draw."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from scf.chain import services as chain
from scf.chain.abi import hash_of
from scf.chain.calls import Call
from scf.core.actor import Actor
from scf.wallets import machine
from scf.wallets.acts import ActIn, ask_act
from scf.wallets.ledger_accounts import bank_number_of, wallet_code
from scf.wallets.models import Act, Purpose, Wallet

MANDATE = 24  # number of the library ``Action`` of the contracts
PURPOSES = {Purpose.GENERAL: 1, Purpose.OWN: 1, Purpose.COLLECTION: 2}


@transaction.atomic
def open_wallet(owner_id: UUID, *, bank_id: UUID, purpose: str, by: Actor) -> Wallet:
    """Open the owner's wallet of a purpose at a bank; it is active once the chain has it. One a purpose, safe twice."""
    known: Wallet | None = Wallet.objects.filter(
        owner_id=owner_id, bank_id=bank_id, purpose=purpose
    ).first()
    if known:
        return known
    address = chain.register_wallet(
        owner_id, bank_number=bank_number_of(bank_id), purpose=PURPOSES[Purpose(purpose)], by=by
    )
    created: Wallet = Wallet.objects.create(
        status=machine.S.OPENING,
        owner_id=owner_id,
        bank_id=bank_id,
        purpose=purpose,
        address=address,
        account_code=wallet_code(bank_id, owner_id, purpose),
    )
    return created


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
    """The owner lets the bank draw up to ``cap_minor`` fen an act for one payee until a moment (扣款授权书)."""
    wallet = Wallet.objects.get(pk=wallet_id)
    seconds = int(until.timestamp())
    return ask_act(
        ActIn(
            key=key,
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
