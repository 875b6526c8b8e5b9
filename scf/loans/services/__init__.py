"""What can be done with a loan; each verb in a module of its own."""

from scf.loans.services.close import close_loan_day, loans_to_close
from scf.loans.services.collect import borrowers, collect_due
from scf.loans.services.decide import approve_proposal
from scf.loans.services.deposit import (
    DepositUse,
    approve_deposit_use,
    free_deposit,
    propose_deposit_use,
    refuse_deposit_use,
    usable_deposit,
)
from scf.loans.services.follow import (
    Moved,
    draw_loan,
    open_loan,
    record_refund,
    record_repayment,
    take_back,
)
from scf.loans.services.grade import grade_loan, loans_to_grade
from scf.loans.services.guarantee import (
    DemandIn,
    decline_guarantee,
    demand_guarantee,
    pay_guarantee,
    propose_guarantee,
    record_guarantee,
    refuse_guarantee,
    uphold_guarantee,
    withdraw_guarantee,
)
from scf.loans.services.propose import DecisionIn, propose_decision, refuse_proposal
from scf.loans.services.provide import provide_month_end
from scf.loans.services.refund import refund_left, refund_overpaid
from scf.loans.services.register import LoanIn, cancel_loan, commit_loan, register_terms
from scf.loans.services.remind import remind_due
from scf.loans.services.repay import repay_loan

__all__ = [
    "DecisionIn",
    "DemandIn",
    "DepositUse",
    "LoanIn",
    "Moved",
    "approve_deposit_use",
    "approve_proposal",
    "borrowers",
    "cancel_loan",
    "close_loan_day",
    "collect_due",
    "commit_loan",
    "decline_guarantee",
    "demand_guarantee",
    "draw_loan",
    "free_deposit",
    "grade_loan",
    "loans_to_close",
    "loans_to_grade",
    "open_loan",
    "pay_guarantee",
    "propose_decision",
    "propose_deposit_use",
    "propose_guarantee",
    "provide_month_end",
    "record_guarantee",
    "record_refund",
    "record_repayment",
    "refund_left",
    "refund_overpaid",
    "refuse_deposit_use",
    "refuse_guarantee",
    "refuse_proposal",
    "register_terms",
    "remind_due",
    "repay_loan",
    "take_back",
    "uphold_guarantee",
    "usable_deposit",
    "withdraw_guarantee",
]
