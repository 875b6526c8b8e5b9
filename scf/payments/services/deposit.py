"""The deposit (保证金, K17): awaited, pledged by the buyer, used by the bank, given back."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.core.actor import SYSTEM, Actor
from scf.core.errors import Conflict, RuleBroken
from scf.payments.machine import DEPOSIT, D
from scf.payments.models import Deposit, Payment
from scf.payments.selectors import deposit_of, lock_payment
from scf.wallets import services as wallets
from scf.wallets.attempts import latest_of
from scf.wallets.machine import A
from scf.wallets.machine import S as WalletStatus
from scf.wallets.models import Act, Purpose
from scf.wallets.selectors import require_covered

PLEDGE, USE, RETURN = "pledge", "use_deposit", "return_deposit"  # the kinds of its acts


def await_deposit(payment: Payment, *, amount_minor: int, by: Actor) -> Deposit:
    """Keep what the buyer has to pledge before the pay-out, in fen, and open the wallet for it.

    One a payment, safe twice. The caller holds the lock of the deal.
    """
    if known := deposit_of(payment.pk):
        return known
    wallet = wallets.open_wallet(
        payment.buyer_id, bank_id=payment.bank_id, purpose=Purpose.DEPOSIT, by=by
    )
    deposit: Deposit = Deposit.objects.create(
        status=D.AWAITED,
        deal_id=payment.deal_id,
        payment=payment,
        wallet=wallet,
        wanted_minor=amount_minor,
    )
    return deposit


@transaction.atomic
def pledge_deposit(payment_id: UUID, *, by: Actor) -> Act:
    """The buyer moves the deposit from its general wallet to its deposit wallet, by its signature.

    Safe twice; one that failed may be asked for again. Raises RuleBroken(no_deposit,
    wallet_missing, overdrawn), Conflict(wrong_state) once it is over.
    """
    payment = lock_payment(payment_id, by=by)
    deposit = deposit_of(payment.pk)
    if deposit is None:
        raise RuleBroken(_("本笔融资不需要保证金"), code="no_deposit")
    known = latest_of([wish := f"{PLEDGE}:{deposit.pk}:1"]).get(wish)
    if known is not None and known.status != A.FAILED:
        return known
    _require_awaited(deposit)
    require_covered(payment.buyer_wallet, deposit.wanted_minor)
    return wallets.transfer(
        payment.buyer_wallet,
        payee=deposit.wallet,
        amount_minor=deposit.wanted_minor,
        key=f"{deposit.pk}:1",
        kind=PLEDGE,
        deal_id=payment.deal_id,
        by=by,
    )


def use_deposit(deposit: Deposit, *, by: Actor) -> Act:
    """Draw ``using_minor`` fen for the bank under the buyer's mandate; the bank's person signs.

    A use that failed and the next one are one wish: whatever was signed for either, the chain
    executes one of them.
    """
    uses = Act.objects.filter(deal_id=deposit.deal_id, kind=USE, status=A.DONE).count()
    return wallets.draw(
        deposit.wallet,
        payee=deposit.payment.bank_wallet,
        amount_minor=deposit.using_minor,
        key=f"{deposit.pk}:{uses + 1}",
        kind=USE,
        standing=f"deposit:{deposit.pk}",
        deal_id=deposit.deal_id,
        by=by,
    )


@transaction.atomic
def end_deposit(payment_id: UUID) -> None:
    """Nothing is owed under the financing any more: what lies in the wallet goes home, and what
    was never paid is not asked for. While a use is on its way the chain's word on it comes first.
    Harmless twice and where there is no deposit.
    """
    if deposit_of(payment_id) is None:
        return
    lock_payment(payment_id, by=SYSTEM)
    deposit = deposit_of(payment_id)
    if deposit is None:
        raise AssertionError(f"the deposit of {payment_id} is gone")
    if deposit.status == D.AWAITED:
        DEPOSIT.fire(deposit, "dropped", by=SYSTEM)
    elif deposit.status in (D.PLEDGED, D.USE_PROPOSED):
        Deposit.objects.filter(pk=deposit.pk).update(using_minor=0, reason="")
        DEPOSIT.fire(deposit, "return_ordered", by=SYSTEM, amount_minor=deposit.held_minor)
        give_back(deposit)


def give_back(deposit: Deposit) -> Act:
    """Draw all that is held for the buyer's general wallet: the bank's standing order lets its
    signer do so, since nothing but the buyer's own money moves, and home. Safe twice; after a
    failure it asks once more.
    """
    return wallets.draw(
        deposit.wallet,
        payee=deposit.payment.buyer_wallet,
        amount_minor=deposit.held_minor,
        key=f"{deposit.pk}:1",
        kind=RETURN,
        standing=f"deposit:{deposit.pk}",
        deal_id=deposit.deal_id,
        by=SYSTEM,
    )


def _require_awaited(deposit: Deposit) -> None:
    if deposit.status != D.AWAITED:
        raise Conflict(
            _("保证金当前为“%(status_words)s”，不用再缴存"),
            code="wrong_state",
            status=deposit.status,
            status_words=deposit.status_label,
        )
    if deposit.wallet.status == WalletStatus.OPENING:
        raise RuleBroken(
            _("保证金钱包正在链上开立：请稍候再试"), code="wallet_missing", purpose=Purpose.DEPOSIT
        )
    if deposit.wallet.status == WalletStatus.FROZEN:
        raise RuleBroken(
            _("钱包已冻结：请联系开户银行"), code="wallet_frozen", purpose=Purpose.DEPOSIT
        )
