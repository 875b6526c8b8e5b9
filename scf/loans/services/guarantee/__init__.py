"""The core enterprise answers for the borrower: 差额退款 and 回购 (programme.recourse).

The bank demands by two persons; the core enterprise pays from its own wallet or says why it will
not; its money repays the loan as anybody's would, is kept as its own, and gives it a claim on the
borrower.
"""

from scf.loans.services.guarantee.answer import (
    decline_guarantee,
    pay_guarantee,
    payable_minor,
    record_guarantee,
)
from scf.loans.services.guarantee.ask import (
    PAY_WITHIN,
    DemandIn,
    demand_guarantee,
    propose_guarantee,
    refuse_guarantee,
    uphold_guarantee,
    withdraw_guarantee,
)
from scf.loans.services.guarantee.reckon import Reckoned, may_demand, reckon_guarantee

__all__ = [
    "PAY_WITHIN",
    "DemandIn",
    "Reckoned",
    "decline_guarantee",
    "demand_guarantee",
    "may_demand",
    "pay_guarantee",
    "payable_minor",
    "propose_guarantee",
    "reckon_guarantee",
    "record_guarantee",
    "refuse_guarantee",
    "uphold_guarantee",
    "withdraw_guarantee",
]
