"""What a wallet could not receive waits inside the escrow; its owner and the bank send it on."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.chain.abi import hash_of
from scf.core.actor import Actor
from scf.core.errors import RuleBroken
from scf.payments.agreements import Action, escrow_act, terms_of
from scf.payments.models import Payment
from scf.payments.selectors import claimable_of, claims_of, lock_payment
from scf.wallets.acts import approve_act, prepare_act
from scf.wallets.attempts import attempt_key
from scf.wallets.machine import S as WalletStatus
from scf.wallets.models import Act, Wallet


@transaction.atomic
def claim_waiting(payment_id: UUID, *, wallet: Wallet, party: UUID, by: Actor) -> Act:
    """Agree for one party (the bank or the wallet's owner) that what waits is paid to the wallet.

    Both must agree; to the bank's own wallet the bank alone. Raises RuleBroken(nothing_to_claim)
    when nothing waits, RuleBroken(wallet_frozen) while the wallet still cannot receive. Safe twice.
    """
    payment = lock_payment(payment_id, by=by)
    amount = claimable_of(payment, wallet)
    if amount <= 0:
        raise RuleBroken(_("没有等待领取的款项"), code="nothing_to_claim")
    wallet.refresh_from_db()
    if wallet.status != WalletStatus.ACTIVE:
        raise RuleBroken(_("钱包仍被冻结，解冻后才能领取"), code="wallet_frozen")
    key = attempt_key(f"claim:{payment.pk}:{wallet.pk}:{claims_of(payment, wallet)}:{amount}")
    prepare_act(
        escrow_act(
            payment,
            "claim",
            key,
            "claim",
            [terms_of(payment).as_call(), wallet.address, "instruction", "approvals"],
            action=Action.CLAIM,
            parties=_claimants(payment, wallet),
            amount_minor=amount,
            payee=wallet.address,
            payload_hash=hash_of(["address"], [wallet.address]),
        )
    )
    return approve_act(key, party=party, by=by)


def _claimants(payment: Payment, wallet: Wallet) -> tuple[UUID, ...]:
    return tuple(dict.fromkeys((payment.bank_id, wallet.owner_id)))
