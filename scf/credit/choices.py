"""The choices a programme makes; every name is the one of conventions.md."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AnchorSide(models.TextChoices):
    """On which side of the orders the core enterprise stands (K22)."""

    SELLER = "seller", _("核心企业是卖方（经销商采购融资）")
    BUYER = "buyer", _("核心企业是买方（供应商收款）")


class ReleasePolicy(models.TextChoices):
    """When the payee is paid (domain.md 1). STAGED and GOODS_RELEASE are known but not offered."""

    PAY_ON_DRAWDOWN = "PAY_ON_DRAWDOWN", _("放款即付")
    PAY_ON_SHIPMENT = "PAY_ON_SHIPMENT", _("发货付款")
    PAY_ON_ACCEPTANCE = "PAY_ON_ACCEPTANCE", _("验收付款")
    STAGED = "STAGED", _("分阶段付款")
    GOODS_RELEASE = "GOODS_RELEASE", _("保兑仓")


class InterestFrom(models.TextChoices):
    """From when the loan bears interest (K3)."""

    FUNDING = "funding", _("自放入托管起息")
    RELEASE = "release", _("自支付给收款人起息")


class Sweep(models.TextChoices):
    """When money on the collection wallet repays the loan (K12)."""

    ON_DUE = "on_due", _("到期日扣款")
    ON_RECEIPT = "on_receipt", _("到账即扣款")


class PenaltyFrom(models.TextChoices):
    """From when penalty interest counts when the programme gives grace (K13)."""

    DUE_DATE = "due_date", _("自到期日起")
    GRACE_END = "grace_end", _("自宽限期满起")


class Repayment(models.TextChoices):
    """How the loan is repaid."""

    BULLET = "bullet", _("到期一次还本付息")
    INTEREST_ONLY = "interest_only", _("先息后本（按期付息，到期还本）")
    EQUAL_INSTALMENTS = "equal_instalments", _("等额本息")
    EQUAL_PRINCIPAL = "equal_principal", _("等额本金")
    EQUAL_FEE = "equal_fee", _("等本等息（按初始本金收固定费用）")


class RateBase(models.TextChoices):
    """What the contract rate is: a figure, or LPR of a tenor and a margin."""

    FIXED = "fixed", _("固定利率")
    LPR_1Y = "1Y", _("1 年期 LPR 加点")
    LPR_5Y = "5Y", _("5 年期以上 LPR 加点")


class RateReset(models.TextChoices):
    """When a floating rate follows the quote again."""

    NEVER = "fixed", _("合同期内不重定价")
    NEW_YEAR = "new_year", _("每年 1 月 1 日")
    ANNIVERSARY = "anniversary", _("放款对应日")
    INTEREST_DAY = "interest_day", _("每个还款或付息日")


class FreeKind(models.TextChoices):
    """How days free of interest are meant."""

    ALWAYS = "always", _("免息期内始终免息")
    IF_SETTLED = "if_settled", _("免息期内结清才免息，否则自放款日计")


class FeeTaker(models.TextChoices):
    """Who takes a fee; all of them count as the borrower's cost."""

    BANK = "bank", _("银行")
    GUARANTOR = "guarantor", _("担保或增信机构")
    PLATFORM = "platform", _("平台")
    OTHER = "other", _("其他机构")


class FeeAt(models.TextChoices):
    """When a fee falls due."""

    FUNDING = "funding", _("放款日一次")
    INSTALMENT = "instalment", _("每个还款日")
    YEAR = "year", _("每年（放款日及其对应日）")
    MATURITY = "maturity", _("到期日一次（提前结清时一并收取）")


class DueEvery(models.TextChoices):
    """How often something falls due before maturity, for every product but the bullet."""

    MONTH = "month", _("按月")
    QUARTER = "quarter", _("按季")


class DueDateRule(models.TextChoices):
    """What happens to a due date on a day the bank is closed (K14)."""

    AS_AGREED = "as_agreed", _("不顺延")
    NEXT_WORKING_DAY = "next_working_day", _("顺延至下一工作日，利息照计，不计罚息")


class InterestBasis(models.TextChoices):
    """How the interest of a whole month is reckoned; a broken period always goes by days."""

    BY_DAY = "by_day", _("按实际天数")
    BY_MONTH = "by_month", _("整月按月计息")


class AccrualResidual(models.TextChoices):
    """Where the part of a fen goes that rounding leaves at a due date."""

    CARRY = "carry", _("并入最后一期")
    PER_PERIOD = "per_period", _("每期舍去")


class PrincipalRemainder(models.TextChoices):
    """Which instalment takes the fen that equal parts of principal leave over."""

    LAST = "last", _("四舍五入，余数计入末期")
    FIRST = "first", _("舍去尾数，余数计入首期")


class EarlyInterest(models.TextChoices):
    """Which interest an early part repayment pays."""

    WHOLE = "whole", _("先还全部应计利息")
    ON_REPAID = "on_repaid", _("利随本清（只还所还本金的利息）")


class AfterEarly(models.TextChoices):
    """What an early part repayment changes in the plan."""

    LOWER = "lower", _("减少月供，期限不变")
    SHORTEN = "shorten", _("缩短期限，月供不变")


class Recourse(models.TextChoices):
    """What the core enterprise owes when the borrower does not pay."""

    NONE = "none", _("无追索")
    SHORTFALL_REFUND = "shortfall_refund", _("差额退款")
    BUY_BACK = "buy_back", _("回购")
    RESALE = "resale", _("调剂销售")


class InterestTo(models.TextChoices):
    """Who receives interest on money in escrow (K15)."""

    NOBODY = "nobody", _("不计息")
    BUYER = "buyer", _("买方")
    BANK = "bank", _("银行")


class IdleCostOf(models.TextChoices):
    """Who bears the interest of idle days when the seller withdraws or is late (domain.md 6)."""

    SELLER = "seller", _("卖方贴息")
    BUYER = "buyer", _("买方承担")


class LimitLevel(models.TextChoices):
    """The three levels of a limit, in the order in which they are locked."""

    PROGRAMME = "programme", _("项目额度")
    ENTERPRISE = "enterprise", _("核心企业额度")
    BORROWER = "borrower", _("借款人额度")


WATERFALL = ("costs", "penalty", "interest", "principal")  # 民法典 §561
