"""The chart of accounts of a bank's book (K25): which codes there are, and what each may not do.

A code is a heading, or a heading and what it is kept for: ``2011.81:<wallet>``.
"""

from dataclasses import dataclass
from enum import StrEnum

from scf.ledger.models import BalanceLimit

NONE = BalanceLimit.NONE
ASSET = BalanceLimit.CREDITS_WITHIN_DEBITS
LIABILITY = BalanceLimit.DEBITS_WITHIN_CREDITS


class Side(StrEnum):
    """The side on which an account's balance normally stands."""

    DEBIT = "debit"
    CREDIT = "credit"


@dataclass(frozen=True)
class Heading:
    """One line of the chart; ``limit`` is what its accounts are opened with."""

    code: str
    zh: str
    en: str
    normal: Side
    limit: BalanceLimit


# 2011.01 has no limit: it mirrors deposits that the bank's own core keeps and guards.
CHART: dict[str, Heading] = {
    heading.code: heading
    for heading in (
        Heading("1031", "自持模拟数字人民币", "Own simulated e-CNY", Side.DEBIT, ASSET),
        Heading("1132", "应收利息", "Interest receivable", Side.DEBIT, ASSET),
        Heading("1221", "其他应收款－费用", "Costs and fees due", Side.DEBIT, ASSET),
        Heading("1303.01", "贷款", "Loans", Side.DEBIT, ASSET),
        Heading("1303.02", "逾期贷款", "Overdue loans", Side.DEBIT, ASSET),
        Heading("1304", "贷款损失准备", "Loan loss provision", Side.CREDIT, LIABILITY),
        Heading("2011.01", "活期存款", "Demand deposits", Side.CREDIT, NONE),
        Heading("2011.80", "本行资金钱包", "The bank's own wallet", Side.CREDIT, LIABILITY),
        Heading("2011.81", "客户钱包", "Customers' wallets", Side.CREDIT, LIABILITY),
        Heading("2011.82.own", "托管－自有部分", "Escrow, own part", Side.CREDIT, LIABILITY),
        Heading("2011.82.loan", "托管－贷款部分", "Escrow, loan part", Side.CREDIT, LIABILITY),
        Heading("2011.82.claim", "托管－待领取", "Escrow, claimable", Side.CREDIT, LIABILITY),
        Heading("2202", "应付账款－代垫费用", "Payable: costs advanced", Side.CREDIT, LIABILITY),
        Heading("2241", "其他应付款－多还款", "Payable: overpaid loans", Side.CREDIT, LIABILITY),
        Heading("6011", "利息收入", "Interest income", Side.CREDIT, NONE),
        Heading("6021", "手续费收入", "Fee income", Side.CREDIT, NONE),
        Heading("6411", "利息支出", "Interest expense", Side.DEBIT, NONE),
        Heading("6702", "信用减值损失", "Impairment losses", Side.DEBIT, NONE),
        Heading("9010", "表外：不可撤销承诺", "Off balance: commitments", Side.DEBIT, ASSET),
        Heading("9020", "表外：应收利息", "Off balance: interest due", Side.DEBIT, ASSET),
        Heading("9030", "表外：已核销贷款", "Off balance: written off", Side.DEBIT, ASSET),
        Heading("9031", "表外：已核销利息", "Off balance: interest lost", Side.DEBIT, ASSET),
        Heading("9900", "表外：对方科目", "Off balance: contra", Side.CREDIT, LIABILITY),
    )
}


def heading_of(code: str) -> Heading:
    """The line of the chart a code belongs to. Raises LookupError for a code outside the chart."""
    prefix = code.partition(":")[0]
    if prefix not in CHART:
        raise LookupError(f"{code} is not in the chart of accounts")
    return CHART[prefix]
