"""Money into the escrow: the buyer's own part first, then the bank's loan part."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.chain.abi import hash_of
from scf.chain.calls import Call
from scf.core.actor import Actor
from scf.core.errors import Conflict
from scf.payments import machine
from scf.payments.agreements import (
    COIN,
    ESCROW,
    Action,
    escrow_act,
    leaves_of,
    terms_of,
    vault_of,
)
from scf.payments.models import Payment
from scf.payments.selectors import lock_payment
from scf.payments.terms import RELEASE_POLICIES, proof_of
from scf.wallets.acts import ActIn, ask_act
from scf.wallets.attempts import attempt_key, latest_of
from scf.wallets.machine import A
from scf.wallets.models import Act, Wallet
from scf.wallets.selectors import require_covered


@transaction.atomic
def pay_own_funds(payment_id: UUID, *, by: Actor) -> Act:
    """The buyer pays its part of the price into the escrow, by one signature for exactly that. Safe
    twice; a payment that failed may be asked for again.

    Raises RuleBroken(overdrawn) when the buyer's wallet does not hold it.
    """
    payment = lock_payment(payment_id, by=by)
    _require_status(payment, machine.S.OPEN)
    args: list[object] = [
        terms_of(payment).as_call(),
        "instruction",
        {"approval_of": str(payment.buyer_id)},
    ]
    known = latest_of([wish := f"own_funds:{payment.pk}:1"]).get(wish)
    if known is None or known.status == A.FAILED:
        require_covered(payment.buyer_wallet, payment.own_funds_minor)
    key = attempt_key(wish)
    wanted = _deposit(
        payment, "own_funds", payment.own_funds_minor, payment.buyer_wallet, key, args
    )
    return ask_act(wanted, by=by)


@transaction.atomic
def fund(payment_id: UUID, *, by: Actor) -> Act:
    """The bank pays the loan part into the escrow. Safe twice; one that failed may be tried again.

    Under PAY_ON_DRAWDOWN the same act pays every line at its cap (K3).
    """
    payment = lock_payment(payment_id, by=by)
    _require_status(payment, machine.S.OWN_FUNDS_IN)
    leaves, proofs = _all_lines(payment)
    args: list[object] = [
        terms_of(payment).as_call(),
        "instruction",
        {"approval_of": str(payment.bank_id)},
        leaves,
        proofs,
    ]
    key = attempt_key(f"fund:{payment.pk}:1")
    wanted = _deposit(payment, "fund", payment.loan_minor, payment.bank_wallet, key, args)
    return ask_act(wanted, by=by)


def _all_lines(payment: Payment) -> tuple[list[object], list[object]]:
    if RELEASE_POLICIES[payment.release_policy] != RELEASE_POLICIES["PAY_ON_DRAWDOWN"]:
        return [], []
    leaves = leaves_of(payment)
    return [leaf.as_call() for leaf in leaves], [
        proof_of(leaves, place) for place in range(len(leaves))
    ]


def _deposit(
    payment: Payment,
    kind: str,
    amount_minor: int,
    wallet: Wallet,
    key: str,
    args: list[object],
) -> ActIn:
    functions = {
        "own_funds": ("payOwnFunds", Action.PAY_OWN_FUNDS),
        "fund": ("fund", Action.FUND),
    }
    function, action = functions[kind]
    return escrow_act(
        payment,
        kind,
        key,
        function,
        args,
        contract=COIN,
        call=Call(ESCROW, function, args),
        action=action,
        parties=(wallet.owner_id,),
        amount_minor=amount_minor,
        payee=vault_of(payment),
        payload_hash=hash_of(["address"], [wallet.address]),
    )


def _require_status(payment: Payment, status: str) -> None:
    if payment.status != status:
        raise Conflict(
            _("托管当前为“%(status_words)s”，此时不能付款"),
            code="wrong_state",
            status=payment.status,
            status_words=payment.status_label,
        )
