"""What can be done with an escrow; each verb in a module of its own."""

from scf.payments.services.cancel import cancel_payment, lapse_payment
from scf.payments.services.claim import claim_waiting
from scf.payments.services.collect import collect_receipt, sweep
from scf.payments.services.confirm import ask_confirmation, release_due, sign_confirmation
from scf.payments.services.deposit import (
    await_deposit,
    end_deposit,
    give_back,
    pledge_deposit,
    use_deposit,
)
from scf.payments.services.dispute import dispute_line, lapse_dispute, resolve_line
from scf.payments.services.fund import fund, pay_own_funds
from scf.payments.services.give_back import reclaim_expired, return_line, return_short_rest
from scf.payments.services.interest import pay_escrow_interest
from scf.payments.services.prepare import (
    AgreementIn,
    AgreementLineIn,
    prepare_payment,
    sign_terms,
)

__all__ = [
    "AgreementIn",
    "AgreementLineIn",
    "ask_confirmation",
    "await_deposit",
    "cancel_payment",
    "claim_waiting",
    "collect_receipt",
    "dispute_line",
    "end_deposit",
    "fund",
    "give_back",
    "lapse_dispute",
    "lapse_payment",
    "pay_escrow_interest",
    "pay_own_funds",
    "pledge_deposit",
    "prepare_payment",
    "reclaim_expired",
    "release_due",
    "resolve_line",
    "return_line",
    "return_short_rest",
    "sign_confirmation",
    "sign_terms",
    "sweep",
    "use_deposit",
]
