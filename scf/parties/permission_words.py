"""What each permission lets a person do and what each role is called, in words."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from scf.core.words import Words
from scf.parties.permissions import GRANTS, Permission, Role

P = Permission
R = Role

ROLES: Mapping[Role, Words] = {
    R.BANK_MANAGER: _("银行客户经理"),
    R.BANK_REVIEWER: _("银行审查岗"),
    R.BANK_APPROVER: _("银行审批岗"),
    R.BANK_OPERATIONS: _("银行运营岗"),
    R.BANK_ACCOUNTING: _("银行会计岗"),
    R.ENTERPRISE_SALES: _("核心企业业务岗"),
    R.ENTERPRISE_WAREHOUSE: _("核心企业仓库岗"),
    R.ENTERPRISE_FINANCE: _("核心企业财务岗"),
    R.ENTERPRISE_SIGNER: _("核心企业签约人"),
    R.MEMBER_MAKER: _("成员企业经办"),
    R.MEMBER_CHECKER: _("成员企业复核"),
    R.MEMBER_WAREHOUSE: _("成员企业仓管"),
    R.OPERATOR: _("平台运营"),
    R.AUDITOR: _("审计"),
}
DEEDS: Mapping[Permission, Words] = {
    P.ACCESS_RECOVER: _("帮同事恢复登录"),
    P.API_KEY_MANAGE: _("管理接口密钥"),
    P.APPLICATION_APPROVE: _("批准融资申请"),
    P.APPLICATION_CANCEL: _("由银行取消融资申请"),
    P.APPLICATION_PAY_OUT: _("办理放款"),
    P.APPLICATION_RECOMMEND: _("审查融资申请"),
    P.APPLICATION_REJECT: _("退回或拒绝融资申请"),
    P.APPLICATION_SIGN: _("签署融资条款"),
    P.APPLICATION_SUBMIT: _("提交融资申请"),
    P.APPLICATION_VIEW: _("查看融资申请"),
    P.APPLICATION_WITHDRAW: _("撤回融资申请"),
    P.CHAIN_REPAIR: _("申请处理卡住的指令"),
    P.CHAIN_REPAIR_APPROVE: _("复核卡住指令的处理"),
    P.DELIVERY_ACCEPT: _("验收货物"),
    P.DELIVERY_CONFIRM: _("确认收货证明"),
    P.DELIVERY_SHIP: _("登记发货"),
    P.INVOICE_RECORD: _("登记发票"),
    P.LIMIT_APPROVE: _("批准额度"),
    P.LIMIT_PROPOSE: _("提出额度变更"),
    P.LOAN_APPROVE: _("复核贷款决定"),
    P.LOAN_COLLECT: _("办理催收"),
    P.LOAN_PROPOSE: _("提出贷款决定"),
    P.LOAN_REPAY: _("办理还款"),
    P.LOAN_VIEW: _("查看贷款"),
    P.MEMBER_INVITE: _("邀请成员企业"),
    P.MEMBERSHIP_GRANT: _("授予岗位"),
    P.ORDER_CONFIRM: _("确认订单"),
    P.ORDER_IMPORT: _("导入订单"),
    P.ORDER_VIEW: _("查看订单"),
    P.ORGANIZATION_REVIEW: _("审核企业资料"),
    P.PAYMENT_SIGN: _("签署付款"),
    P.PROGRAMME_APPROVE: _("批准融资项目"),
    P.PROGRAMME_PROPOSE: _("提出融资项目"),
    P.WALLET_FREEZE: _("依法冻结和解冻钱包"),
    P.WALLET_OPEN: _("开立钱包"),
}


def holders_of(permission: Permission) -> Sequence[Words]:
    """The roles that hold a permission, in words."""
    return [ROLES[role] for role, grants in GRANTS.items() if permission in grants]


PERMISSIONS: Mapping[str, tuple[Words, Sequence[Words]]] = {
    str(permission): (deed, holders_of(permission)) for permission, deed in DEEDS.items()
}
