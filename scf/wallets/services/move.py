"""Issuing money into a wallet, moving it by its owner's word, and drawing it under a mandate."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.chain.abi import hash_of
from scf.chain.calls import ZERO_WORD, Call
from scf.core.actor import Actor
from scf.core.errors import RuleBroken
from scf.wallets.acts import ActIn, ask_act
from scf.wallets.attempts import attempt_key
from scf.wallets.models import Act, Wallet

COIN = "DigitalYuan"
MINT, TRANSFER, DRAW = 21, 23, 25  # numbers of the library ``Action`` of the contracts


@transaction.atomic
def mint(
    wallet: Wallet,
    *,
    amount_minor: int,
    key: str,
    by: Actor,
    kind: str = "mint",
    standing: str = "",
    agreement_id: str = ZERO_WORD,
    deal_id: UUID | None = None,
) -> Act:
    """Issue ``amount_minor`` fen into a wallet against the customer's deposit (兑换), by its bank's
    signature.

    ``kind`` says what is debited: mint (deposit), mint_interest (the bank's expense),
    mint_collection (a payer's money that came in). Safe twice with one key, which after a failure
    asks once more. Raises RuleBroken(amount_not_positive).
    """
    _require_positive(amount_minor)
    return ask_act(
        ActIn(
            key=attempt_key(f"{kind}:{key}"),
            kind=kind,
            subject_id=wallet.pk,
            contract=COIN,
            action=MINT,
            parties=(wallet.bank_id,),
            call=Call(COIN, "mint", ["instruction", {"approval_of": str(wallet.bank_id)}]),
            queue=wallet.address,
            audience=(wallet.owner_id, wallet.bank_id),
            agreement_id=agreement_id,
            payee=wallet.address,
            amount_minor=amount_minor,
            deal_id=deal_id,
        ),
        by=by,
        standing=standing,
    )


@transaction.atomic
def transfer(
    wallet: Wallet,
    *,
    payee: Wallet,
    amount_minor: int,
    key: str,
    kind: str,
    by: Actor,
    deal_id: UUID | None = None,
) -> Act:
    """Move ``amount_minor`` fen to another wallet of the bank by the owner's signature.

    Safe twice with one key; after a failure the same key asks once more.
    """
    return _move(
        wallet,
        payee,
        amount_minor,
        key,
        kind,
        ("transferBySignature", TRANSFER, wallet.owner_id),
        by,
        "",
        deal_id,
    )


@transaction.atomic
def draw(
    wallet: Wallet,
    *,
    payee: Wallet,
    amount_minor: int,
    key: str,
    kind: str,
    standing: str,
    by: Actor,
    deal_id: UUID | None = None,
) -> Act:
    """Draw ``amount_minor`` fen for the mandate's payee, by the bank's signature under the mandate.
    Safe twice.
    """
    return _move(
        wallet,
        payee,
        amount_minor,
        key,
        kind,
        ("draw", DRAW, wallet.bank_id),
        by,
        standing,
        deal_id,
    )


def _move(
    wallet: Wallet,
    payee: Wallet,
    amount_minor: int,
    key: str,
    kind: str,
    how: tuple[str, int, UUID],
    by: Actor,
    standing: str,
    deal_id: UUID | None,
) -> Act:
    _require_positive(amount_minor)
    function, action, signer = how
    return ask_act(
        ActIn(
            key=attempt_key(f"{kind}:{key}"),
            kind=kind,
            subject_id=wallet.pk,
            contract=COIN,
            action=action,
            parties=(signer,),
            call=Call(
                COIN,
                function,
                ["instruction", {"approval_of": str(signer)}, wallet.address],
            ),
            queue=wallet.address,
            audience=(wallet.owner_id, wallet.bank_id),
            payload_hash=hash_of(["address"], [wallet.address]),
            payee=payee.address,
            amount_minor=amount_minor,
            deal_id=deal_id,
        ),
        by=by,
        standing=standing,
    )


def _require_positive(amount_minor: int) -> None:
    if amount_minor <= 0:
        raise RuleBroken(_("金额必须大于零"), code="amount_not_positive")
