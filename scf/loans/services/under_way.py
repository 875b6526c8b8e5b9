"""What is on its way to a loan: asked for, and not yet told by the chain."""

from scf.loans.models import Loan
from scf.wallets.attempts import minor_under_way

PAYING = ("sweep", "repay", "guarantee", "use_deposit")


def on_the_way(loan: Loan) -> int:
    """What already pays the loan, by sweep, by its borrower, its guarantor or from the deposit, in
    fen: whoever would pay it besides pays too much.
    """
    return minor_under_way(PAYING, deal_id=loan.deal_id)
