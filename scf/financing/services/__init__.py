"""The verbs of a financing, each in a module of its own."""

from scf.financing.inputs import ApplicationIn, CorrectionIn
from scf.financing.services.approve import approve_application, send_back
from scf.financing.services.confirm import confirm_acceptance, sign_acceptance
from scf.financing.services.deliver import accept_delivery, ship_delivery
from scf.financing.services.dispute import decide_dispute, open_dispute
from scf.financing.services.end import cancel_application, withdraw_application
from scf.financing.services.evidence import confirm_evidence, make_evidence_link
from scf.financing.services.lend import approve_as_lender, refuse_as_lender
from scf.financing.services.pay_out import pay_out
from scf.financing.services.preview import preview_application, preview_correction
from scf.financing.services.resubmit import resubmit_application
from scf.financing.services.return_line import agree_return
from scf.financing.services.review import (
    recommend_application,
    reject_application,
    return_application,
)
from scf.financing.services.ship_from_file import ship_from_file
from scf.financing.services.sign import pay_own_funds, pledge_deposit, sign_application
from scf.financing.services.submit import submit_application

__all__ = [
    "ApplicationIn",
    "CorrectionIn",
    "accept_delivery",
    "agree_return",
    "approve_application",
    "approve_as_lender",
    "cancel_application",
    "confirm_acceptance",
    "confirm_evidence",
    "decide_dispute",
    "make_evidence_link",
    "open_dispute",
    "pay_out",
    "pay_own_funds",
    "pledge_deposit",
    "preview_application",
    "preview_correction",
    "recommend_application",
    "refuse_as_lender",
    "reject_application",
    "resubmit_application",
    "return_application",
    "send_back",
    "ship_delivery",
    "ship_from_file",
    "sign_acceptance",
    "sign_application",
    "submit_application",
    "withdraw_application",
]
