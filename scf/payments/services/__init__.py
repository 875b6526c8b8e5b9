"""What can be done with an escrow; each verb in a module of its own."""

from scf.payments.services.cancel import cancel_payment, lapse_payment
from scf.payments.services.claim import claim_waiting
from scf.payments.services.collect import collect_receipt, sweep
from scf.payments.services.confirm import confirm_line, release_line
from scf.payments.services.dispute import dispute_line, lapse_dispute, resolve_line
from scf.payments.services.fund import fund, pay_own_funds
from scf.payments.services.give_back import reclaim_expired, return_line
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
    "cancel_payment",
    "claim_waiting",
    "collect_receipt",
    "confirm_line",
    "dispute_line",
    "fund",
    "lapse_dispute",
    "lapse_payment",
    "pay_escrow_interest",
    "pay_own_funds",
    "prepare_payment",
    "reclaim_expired",
    "release_line",
    "resolve_line",
    "return_line",
    "sign_terms",
    "sweep",
]
