"""What waits inside escrows for wallets that could not receive it, and who has agreed to send it
on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from scf.core.actor import Actor
from scf.payments.models import Payment
from scf.payments.selectors import claimable_of, claims_of
from scf.wallets.machine import A
from scf.wallets.machine import S as WalletStatus
from scf.wallets.models import Act, Wallet


@dataclass(frozen=True)
class Claim:
    """An amount, in fen, that waits for one wallet; by party whether it has agreed already."""

    wallet: Wallet
    amount_minor: int
    agreed: Mapping[UUID, bool]

    @property
    def is_frozen(self) -> bool:
        """Whether the wallet still cannot receive."""
        return self.wallet.status not in (WalletStatus.ACTIVE, WalletStatus.DEBIT_FROZEN)

    def awaits(self, by: Actor) -> bool:
        """Whether the actor's organization has still to agree."""
        return self.agreed.get(by.organization_id) is False if by.organization_id else False


def list_claims(payment: Payment, *, by: Actor) -> list[Claim]:
    """What waits for the wallets of the actor's organization, or for the bank for all wallets."""
    wallets = {
        wallet.pk: wallet
        for wallet in (
            payment.payee_wallet,
            payment.buyer_wallet,
            payment.collection_wallet,
            payment.bank_wallet,
        )
        if by.is_system or by.organization_id in (payment.bank_id, wallet.owner_id)
    }
    claims = [_claim(payment, wallet) for wallet in wallets.values()]
    return [claim for claim in claims if claim.amount_minor > 0]


def list_payments_with_claims(*, by: Actor) -> QuerySet[Payment]:
    """The escrows in which something waits for a wallet of any party, the oldest first."""
    found: QuerySet[Payment] = Payment.objects.visible_to(by).filter(claimable_minor__gt=0)
    return found.order_by("id")


def claim_key(payment: Payment, wallet: Wallet, amount_minor: int) -> str:
    """The wish that this amount be paid to the wallet, for all its attempts."""
    return f"claim:{payment.pk}:{wallet.pk}:{claims_of(payment, wallet)}:{amount_minor}"


def claimants_of(payment: Payment, wallet: Wallet) -> tuple[UUID, ...]:
    """Who must agree: the bank and the wallet's owner; to its own wallet the bank alone."""
    return tuple(dict.fromkeys((payment.bank_id, wallet.owner_id)))


def _claim(payment: Payment, wallet: Wallet) -> Claim:
    amount = claimable_of(payment, wallet)
    given = _approvals(payment, wallet, amount)
    parties = claimants_of(payment, wallet)
    return Claim(wallet, amount, {party: bool(given.get(str(party))) for party in parties})


def _approvals(payment: Payment, wallet: Wallet, amount_minor: int) -> Mapping[str, object]:
    """By party what it signed in the newest attempt; nothing once that has failed."""
    key = claim_key(payment, wallet, amount_minor)
    attempts = Act.objects.filter(key__startswith=key, amount_minor=amount_minor)
    act = attempts.order_by("created_at").last()
    return act.approvals if act and act.status != A.FAILED else {}
