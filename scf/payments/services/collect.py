"""The buyer's receipts: matched to its collection wallet, then drawn for the bank under the mandate
(K12).
"""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.core.actor import SYSTEM, Actor
from scf.core.errors import NotFound
from scf.payments.models import Payment
from scf.wallets import services as wallets
from scf.wallets.attempts import base_of
from scf.wallets.models import Act, Purpose, Wallet
from scf.wallets.selectors import wallet_of

KIND = "mint_collection"
STANDING = "collection"


@transaction.atomic
def collect_receipt(
    buyer_id: UUID, *, bank_id: UUID, amount_minor: int, key: str, by: Actor = SYSTEM
) -> Act:
    """Issue a payer's money into the buyer's collection wallet; the bank's standing order lets its
    signer do so.

    Raises NotFound when the buyer has no collection wallet at the bank. Safe twice with one key.
    """
    wallet = wallet_of(buyer_id, bank_id=bank_id, purpose=Purpose.COLLECTION)
    if wallet is None:
        raise NotFound(_("该客户在本行没有回款监管钱包"))
    return wallets.mint(
        wallet,
        amount_minor=amount_minor,
        key=key,
        kind=KIND,
        standing=STANDING,
        by=by,
    )


@transaction.atomic
def collect_again(act: Act) -> Act:
    """Ask once more for a payer's money whose issue failed (``list_uncollected``): it lies at the
    bank and is the buyer's. Safe twice; the contract executes one attempt at most.
    """
    return wallets.mint(
        Wallet.objects.get(pk=act.subject_id),
        amount_minor=act.amount_minor,
        key=base_of(act.key).removeprefix(f"{KIND}:"),
        kind=KIND,
        standing=STANDING,
        by=SYSTEM,
    )


@transaction.atomic
def sweep(payment: Payment, *, amount_minor: int, key: str) -> Act:
    """Draw ``amount_minor`` fen from the collection wallet for the bank, under the buyer's mandate.
    Safe twice.
    """
    return wallets.draw(
        payment.collection_wallet,
        payee=payment.bank_wallet,
        amount_minor=amount_minor,
        key=f"{payment.pk}:{key}",
        kind="sweep",
        standing=f"mandate:{payment.pk}",
        deal_id=payment.deal_id,
        by=SYSTEM,
    )


@transaction.atomic
def free_rest(payment: Payment, *, amount_minor: int, key: str) -> Act:
    """What is left in collection when nothing is owed goes to the buyer's general wallet the same
    day (K12).
    """
    return wallets.draw(
        payment.collection_wallet,
        payee=payment.buyer_wallet,
        amount_minor=amount_minor,
        key=f"{payment.pk}:{key}",
        kind="free_rest",
        standing=f"mandate:{payment.pk}",
        deal_id=payment.deal_id,
        by=SYSTEM,
    )


@transaction.atomic
def repay(payment: Payment, *, amount_minor: int, key: str, by: Actor) -> Act:
    """The buyer pays the bank from its general wallet by its own signature. Safe twice with one
    key.
    """
    return wallets.transfer(
        payment.buyer_wallet,
        payee=payment.bank_wallet,
        amount_minor=amount_minor,
        key=f"{payment.pk}:{key}",
        kind="repay",
        deal_id=payment.deal_id,
        by=by,
    )
