"""Which fact is told to whom in which words: one table. Turns are told apart, by ``turns``.

``%(…)s`` are the values of ``wording.values_of``. A fact without a row here is nobody's message.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scf.notifications.models import Kind
from scf.parties.permissions import Role

Words = str | Promise
R = Role

BORROWER = frozenset({R.MEMBER_MAKER, R.MEMBER_CHECKER, R.ENTERPRISE_FINANCE, R.ENTERPRISE_SIGNER})
APPLICANT = frozenset({R.MEMBER_MAKER, R.ENTERPRISE_FINANCE})
PAYEE = frozenset({R.MEMBER_MAKER, R.MEMBER_CHECKER, R.ENTERPRISE_FINANCE, R.ENTERPRISE_SALES})
SALES = frozenset({R.MEMBER_MAKER, R.ENTERPRISE_SALES})
GUARANTOR = frozenset({R.ENTERPRISE_FINANCE, R.ENTERPRISE_SIGNER})
SHIPPER = frozenset({R.ENTERPRISE_WAREHOUSE})  # sees goods, never amounts
RECEIVER = frozenset({R.MEMBER_MAKER, R.MEMBER_WAREHOUSE, R.ENTERPRISE_WAREHOUSE})
MANAGER = frozenset({R.BANK_MANAGER})
APPROVER = frozenset({R.BANK_APPROVER})
OPERATIONS = frozenset({R.BANK_OPERATIONS})
AFTER_CARE = frozenset({R.BANK_MANAGER, R.BANK_OPERATIONS})


@dataclass(frozen=True)
class Notice:
    """To the people of these roles on one side of the deal: what happened and what to do.

    ``anchor`` is the core enterprise, whichever side it is on (K22).
    """

    side: str
    roles: frozenset[Role]
    kind: Kind
    title: Words
    todo: Words = ""


_SEE = _("在交易页查看原因")
_LENT_NOT = Notice(
    "partner",
    frozenset({R.BANK_MANAGER, R.BANK_APPROVER}),
    Kind.DECISION,
    _("贵行参与出资的融资没有办成"),
    _SEE,
)
_PAY = _("把款项存入专属收款账户；到期日日终自动扣收，无需其他操作")

NOTICES: dict[str, tuple[Notice, ...]] = {
    "loan.due_soon": (
        Notice("buyer", BORROWER, Kind.REPAYMENT,
               _("还有 %(days)s 天：%(due_on)s 应还 %(amount)s 元%(fees)s"), _PAY),
    ),
    "loan.due_today": (
        Notice("buyer", BORROWER, Kind.REPAYMENT, _("今天应还 %(amount)s 元%(fees)s"),
               _("今天日终前存入专属收款账户，未还即为逾期")),
    ),
    "loan.past_due": (
        Notice("buyer", BORROWER, Kind.OVERDUE,
               _("已逾期 %(days)s 天，应还 %(amount)s 元%(fees)s"),
               _("请尽快存入专属收款账户，到账即扣；%(penalty)s")),
        Notice("bank", AFTER_CARE, Kind.OVERDUE,
               _("%(buyer)s 逾期 %(days)s 天，欠 %(amount)s 元%(fees)s"),
               _("联系借款人并跟进还款")),
    ),
    "loan.cured": (
        Notice("buyer", BORROWER, Kind.OVERDUE, _("逾期已补足，贷款恢复正常")),
        Notice("bank", AFTER_CARE, Kind.OVERDUE, _("%(buyer)s 的逾期已补足")),
    ),
    "loan.drawn": (
        Notice("partner", AFTER_CARE, Kind.MONEY, _("%(buyer)s 的联合贷款发生借款 %(amount)s 元"),
               _("按清算明细向贷款银行划付贵行出资")),
    ),
    "loan.repaid": (
        Notice("buyer", BORROWER, Kind.MONEY, _("还款 %(amount)s 元已入账"),
               _("扣款回单在贷款页下载")),
        Notice("partner", AFTER_CARE, Kind.MONEY, _("%(buyer)s 的联合贷款还款 %(amount)s 元"),
               _("按清算明细核对贵行应收")),
    ),
    "loan.settled": (
        Notice("buyer", BORROWER, Kind.MONEY, _("贷款已全部结清"), _("结清证明在贷款页下载")),
        Notice("bank", MANAGER, Kind.MONEY, _("%(buyer)s 的贷款已结清")),
    ),
    "loan.overpaid": (
        Notice("bank", OPERATIONS, Kind.MONEY, _("%(buyer)s 多还了款"), _("在贷款页办理退还")),
    ),
    "loan.cost_added": (
        Notice("buyer", BORROWER, Kind.REPAYMENT,
               _("银行登记费用 %(amount)s 元，%(due_on)s 到期"), _PAY),
    ),
    "loan_proposal.proposed": (
        Notice("bank", APPROVER, Kind.DECISION, _("一项贷款处置等您复核"),
               _("在贷款页核对后批准或退回")),
    ),
    "loan_proposal.approved": (
        Notice("bank", AFTER_CARE, Kind.DECISION, _("贷款处置已批准并生效")),
    ),
    "loan_proposal.refused": (
        Notice("bank", AFTER_CARE, Kind.DECISION, _("贷款处置未获批准"), _("在贷款页查看原因")),
    ),
    "deposit.use_proposed": (
        Notice("bank", APPROVER, Kind.DECISION, _("动用保证金 %(amount)s 元等您复核"),
               _("在贷款页核对后同意或退回")),
    ),
    "deposit.use_approved": (
        Notice("buyer", BORROWER, Kind.OVERDUE, _("银行动用贵方保证金 %(amount)s 元偿还逾期款项")),
    ),
    "deposit.use_failed": (
        Notice("bank", AFTER_CARE | APPROVER, Kind.MONEY, _("动用保证金未成功，仍在质押"),
               _("在交易页查看原因后重新提出")),
    ),
    "deposit.returned": (
        Notice("buyer", BORROWER, Kind.MONEY, _("保证金 %(amount)s 元已退回一般钱包")),
    ),
    "guarantee.proposed": (
        Notice("bank", APPROVER, Kind.DECISION, _("一项代偿要求等您复核"),
               _("在代偿页核对金额与依据后同意或退回")),
    ),
    "guarantee.demanded": (
        Notice("anchor", GUARANTOR, Kind.DECISION,
               _("银行就 %(buyer)s 的贷款要求代偿 %(amount)s 元"),
               _("在代偿页核对金额与依据，%(pay_by)s 前付款或说明拒付理由")),
        Notice("buyer", BORROWER, Kind.OVERDUE, _("银行已要求核心企业代偿 %(amount)s 元"),
               _("核心企业代偿后可以向您追偿；请尽快还款")),
    ),
    "guarantee.declined": (
        Notice("bank", AFTER_CARE | APPROVER, Kind.DISPUTE, _("核心企业拒付代偿 %(amount)s 元"),
               _("在代偿页查看理由，决定坚持或撤回")),
    ),
    "guarantee.upheld": (
        Notice("anchor", GUARANTOR, Kind.DECISION, _("银行坚持要求代偿 %(amount)s 元"),
               _("在代偿页查看银行的理由与再次通知书，%(pay_by)s 前付款")),
    ),
    "guarantee.withdrawn": (
        Notice("anchor", GUARANTOR, Kind.DECISION, _("银行已撤回代偿要求")),
    ),
    "guarantee.paid_in": (
        Notice("bank", AFTER_CARE, Kind.MONEY, _("核心企业代偿 %(amount)s 元已入账")),
        Notice("anchor", GUARANTOR, Kind.MONEY, _("代偿款 %(amount)s 元已到银行"),
               _("可以向借款人追偿")),
        Notice("buyer", BORROWER, Kind.MONEY, _("核心企业代您还款 %(amount)s 元"),
               _("核心企业可以向您追偿")),
    ),
    "application.returned": (
        Notice("buyer", BORROWER, Kind.DECISION, _("银行退回补正"),
               _("按退回原因补正后重新提交")),
    ),
    "application.approved": (
        Notice("buyer", BORROWER, Kind.DECISION, _("银行审批通过"),
               _("签署借款与托管条款")),
        Notice("seller", SALES, Kind.DECISION, _("买方的融资已获银行批准"),
               _("等买方签署后签署托管条款")),
    ),
    "application.lenders_approved": (
        Notice("buyer", BORROWER, Kind.DECISION, _("各贷款银行均已审批通过"),
               _("签署借款与托管条款")),
        Notice("seller", SALES, Kind.DECISION, _("买方的融资已获银行批准"),
               _("等买方签署后签署托管条款")),
        Notice("bank", MANAGER, Kind.DECISION, _("联合出资行均已审批，可以签署")),
    ),
    "lender_approval.refused": (
        Notice("bank", MANAGER | APPROVER, Kind.DECISION,
               _("联合出资行没有批准，融资已取消"), _SEE),
    ),
    "application.rejected": (
        Notice("buyer", BORROWER, Kind.DECISION, _("银行拒绝了融资申请"), _SEE),
        Notice("seller", SALES, Kind.DECISION, _("买方的融资未获批准，订单行已解锁")),
    ),
    "application.cancelled": (
        Notice("buyer", BORROWER, Kind.DECISION, _("银行取消了这笔融资"), _SEE),
        Notice("seller", SALES, Kind.DECISION, _("银行取消了这笔融资，订单行已解锁")),
        _LENT_NOT,
    ),
    "application.withdrawn": (
        Notice("bank", MANAGER, Kind.DECISION, _("%(buyer)s 撤回了融资申请")),
        Notice("seller", SALES, Kind.DECISION, _("买方撤回了融资申请，订单行已解锁")),
        _LENT_NOT,
    ),
    "application.expired": (
        Notice("buyer", BORROWER, Kind.DECISION, _("审批已过期，融资未办成"),
               _("需要时重新申请")),
        _LENT_NOT,
    ),
    "application.lapsed": (
        Notice("buyer", BORROWER, Kind.DECISION, _("超过期限未办理，融资已失效"),
               _("需要时重新申请")),
        _LENT_NOT,
    ),
    "payment.funded": (
        Notice("seller", PAYEE, Kind.MONEY, _("货款已到托管，可以发货"), _("按订单发货")),
        Notice("seller", SHIPPER, Kind.GOODS, _("资金已到位，可以发货"), _("按订单发货")),
        Notice("buyer", BORROWER, Kind.MONEY, _("贷款 %(amount)s 元已放到托管")),
    ),
    "payment.released": (
        Notice("seller", PAYEE, Kind.MONEY, _("货款 %(amount)s 元%(arrival)s")),
        Notice("buyer", APPLICANT, Kind.MONEY, _("已付收款人 %(amount)s 元%(kept)s")),
    ),
    "payment.claimed": (
        Notice("seller", PAYEE, Kind.MONEY, _("待领取的货款 %(amount)s 元已到账")),
    ),
    "payment.returned": (
        Notice("buyer", BORROWER, Kind.MONEY, _("未用资金 %(amount)s 元已退回")),
        Notice("bank", OPERATIONS, Kind.MONEY, _("未用资金 %(amount)s 元已从托管退回")),
    ),
    "application.evidence_asked": (
        Notice("buyer", RECEIVER, Kind.GOODS, _("卖方已发货，等承运方或仓库确认交货"),
               _("货到后验收")),
    ),
    "application.evidence_given": (
        Notice("seller", SALES | SHIPPER, Kind.GOODS, _("承运方或仓库已确认交货")),
        Notice("bank", OPERATIONS, Kind.GOODS, _("承运方或仓库已确认交货"),
               _("买方验收后核对收货证据")),
    ),
    "application.disputed": (
        Notice("buyer", APPLICANT, Kind.DISPUTE, _("一行货款有争议，已冻结"),
               _("补充证据，等银行裁定")),
        Notice("seller", SALES, Kind.DISPUTE, _("一行货款有争议，已冻结"),
               _("补充证据，等银行裁定")),
        Notice("bank", OPERATIONS, Kind.DISPUTE, _("一行货款有争议，已冻结"),
               _("听取双方意见后裁定")),
    ),
    "application.dispute_decided": (
        Notice("buyer", APPLICANT, Kind.DISPUTE, _("银行已裁定争议"), _SEE),
        Notice("seller", SALES, Kind.DISPUTE, _("银行已裁定争议"), _SEE),
    ),
    "act.failed": (
        Notice("bank", OPERATIONS, Kind.DISPUTE, _("一项链上操作未成功"),
               _("在交易页查看原因后重试")),
    ),
}  # fmt: skip

#: What a fact makes obsolete on its deal: what was asked is done, or the newer message says more.
CLOSES: dict[str, tuple[Kind, ...]] = {
    "loan.due_soon": (Kind.REPAYMENT,),
    "loan.due_today": (Kind.REPAYMENT,),
    "loan.past_due": (Kind.REPAYMENT, Kind.OVERDUE),
    "loan.repaid": (Kind.REPAYMENT,),
    "loan.cured": (Kind.REPAYMENT, Kind.OVERDUE),
    "loan.settled": (Kind.REPAYMENT, Kind.OVERDUE),
    "loan.overpaid": (Kind.REPAYMENT, Kind.OVERDUE),
}
TURN = _("轮到您：%(what)s")
