"""What a borrower can repay from: its wallets at the bank with what each holds and what each pays,
and what is missing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from scf.banks.selectors import collection_number
from scf.loans.quotes import Quote
from scf.loans.selectors import LoanView
from scf.parties.selectors import get_organization
from scf.payments.models import Payment
from scf.payments.selectors import deposit_of
from scf.portals.parts import Words
from scf.wallets.machine import FREEZES
from scf.wallets.models import Wallet
from scf.wallets.selectors import Funds, funds_in


@dataclass(frozen=True)
class Purse:
    """One wallet as the page of a repayment shows it; amounts in fen."""

    wallet: Wallet
    funds: Funds
    use: Words

    @property
    def is_frozen(self) -> bool:
        """A frozen wallet pays nothing."""
        return self.wallet.status in FREEZES


@dataclass(frozen=True)
class Means:
    """The wallets, and in fen what is missing of what is due today and of what settles today.

    ``account`` is where receipts are paid in, empty before there is one.
    """

    purses: Sequence[Purse]
    bank: str
    account: str
    due_minor: int
    settling_minor: int

    @property
    def general(self) -> Purse:
        """The wallet a repayment is paid from."""
        return self.purses[0]

    @property
    def held_minor(self) -> int:
        """What can be paid from it now, in fen."""
        return 0 if self.general.is_frozen else self.general.funds.total_minor

    @property
    def payable_minor(self) -> int:
        """What the form proposes: all that settles, or as much of it as is there; fen."""
        return min(self.settling_minor, self.held_minor) or self.settling_minor

    @property
    def due_missing_minor(self) -> int:
        """What is missing of what is due today."""
        return max(0, self.due_minor - self.held_minor)

    @property
    def missing_minor(self) -> int:
        """What is missing to settle today."""
        return max(0, self.settling_minor - self.held_minor)


def means_of(payment: Payment, view: LoanView, settlement: Quote) -> Means:
    """The borrower's wallets of a deal at its bank; the caller has found it to be the borrower."""
    uses: list[tuple[Wallet, Words]] = [
        (payment.buyer_wallet, _("本页还款从此钱包支付")),
        (payment.collection_wallet, _("到期应还由银行按扣款授权书从这里自动扣收，不能在本页支取")),
    ]
    if deposit := deposit_of(payment.pk):
        uses.append((deposit.wallet, _("质押给银行，逾期时由银行两人决定动用")))
    return Means(
        purses=[Purse(wallet, funds_in(wallet), use) for wallet, use in uses],
        bank=get_organization(payment.bank_id).short_name,
        account=collection_number(payment.buyer_id, bank_id=payment.bank_id),
        due_minor=view.due.total_minor,
        settling_minor=settlement.total_minor,
    )
