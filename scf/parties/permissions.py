"""Every permission there is, and what each role may do. One place, alphabetical."""

from enum import StrEnum


class Permission(StrEnum):
    """``resource:verb``; a machine's step names one."""

    ACCESS_RECOVER = "access:recover"
    API_KEY_MANAGE = "api_key:manage"
    APPLICATION_APPROVE = "application:approve"
    APPLICATION_CANCEL = "application:cancel"
    APPLICATION_PAY_OUT = "application:pay_out"
    APPLICATION_RECOMMEND = "application:recommend"
    APPLICATION_REJECT = "application:reject"
    APPLICATION_SIGN = "application:sign"
    APPLICATION_SUBMIT = "application:submit"
    APPLICATION_VIEW = "application:view"
    APPLICATION_WITHDRAW = "application:withdraw"
    CHAIN_REPAIR = "chain:repair"
    CHAIN_REPAIR_APPROVE = "chain:repair_approve"
    DELIVERY_ACCEPT = "delivery:accept"
    DELIVERY_CONFIRM = "delivery:confirm"
    DELIVERY_SHIP = "delivery:ship"
    INVOICE_RECORD = "invoice:record"
    LIMIT_APPROVE = "limit:approve"
    LIMIT_PROPOSE = "limit:propose"
    LOAN_APPROVE = "loan:approve"
    LOAN_COLLECT = "loan:collect"
    LOAN_PROPOSE = "loan:propose"
    LOAN_REPAY = "loan:repay"
    LOAN_VIEW = "loan:view"
    MEMBER_INVITE = "member:invite"
    MEMBERSHIP_GRANT = "membership:grant"
    ORDER_CONFIRM = "order:confirm"
    ORDER_IMPORT = "order:import"
    ORDER_VIEW = "order:view"
    ORGANIZATION_REVIEW = "organization:review"
    PAYMENT_SIGN = "payment:sign"
    PROGRAMME_APPROVE = "programme:approve"
    PROGRAMME_PROPOSE = "programme:propose"
    WALLET_FREEZE = "wallet:freeze"
    WALLET_OPEN = "wallet:open"


class Role(StrEnum):
    """What a person is at an organization."""

    BANK_MANAGER = "bank_manager"
    BANK_REVIEWER = "bank_reviewer"
    BANK_APPROVER = "bank_approver"
    BANK_OPERATIONS = "bank_operations"
    BANK_ACCOUNTING = "bank_accounting"
    ENTERPRISE_SALES = "enterprise_sales"
    ENTERPRISE_WAREHOUSE = "enterprise_warehouse"
    ENTERPRISE_FINANCE = "enterprise_finance"
    ENTERPRISE_SIGNER = "enterprise_signer"
    MEMBER_MAKER = "member_maker"
    MEMBER_CHECKER = "member_checker"
    MEMBER_WAREHOUSE = "member_warehouse"
    OPERATOR = "operator"
    AUDITOR = "auditor"


P = Permission
VIEW = frozenset({P.APPLICATION_VIEW, P.LOAN_VIEW, P.ORDER_VIEW})
GRANTS: dict[Role, frozenset[Permission]] = {
    Role.BANK_MANAGER: VIEW
    | {
        P.ACCESS_RECOVER,
        P.API_KEY_MANAGE,
        P.LIMIT_PROPOSE,
        P.LOAN_COLLECT,
        P.LOAN_PROPOSE,
        P.MEMBER_INVITE,
        P.MEMBERSHIP_GRANT,
        P.PROGRAMME_PROPOSE,
    },
    Role.BANK_REVIEWER: VIEW | {P.APPLICATION_RECOMMEND, P.APPLICATION_REJECT, P.LOAN_COLLECT},
    Role.BANK_APPROVER: VIEW
    | {
        P.APPLICATION_APPROVE,
        P.APPLICATION_REJECT,
        P.LIMIT_APPROVE,
        P.LOAN_APPROVE,
        P.PROGRAMME_APPROVE,
    },
    Role.BANK_OPERATIONS: VIEW
    | {
        P.APPLICATION_CANCEL,
        P.APPLICATION_PAY_OUT,
        P.CHAIN_REPAIR,
        P.DELIVERY_CONFIRM,
        P.LOAN_PROPOSE,
        P.PAYMENT_SIGN,
        P.WALLET_FREEZE,
        P.WALLET_OPEN,
    },
    Role.BANK_ACCOUNTING: VIEW | {P.CHAIN_REPAIR_APPROVE},
    Role.ENTERPRISE_SALES: VIEW | {P.MEMBER_INVITE, P.ORDER_CONFIRM, P.ORDER_IMPORT},
    Role.ENTERPRISE_WAREHOUSE: frozenset({P.DELIVERY_ACCEPT, P.DELIVERY_SHIP, P.ORDER_VIEW}),
    # Where the core enterprise itself buys, it is the borrower (K22).
    Role.ENTERPRISE_FINANCE: VIEW
    | {P.APPLICATION_SUBMIT, P.APPLICATION_WITHDRAW, P.INVOICE_RECORD, P.LOAN_REPAY},
    Role.ENTERPRISE_SIGNER: VIEW
    | {P.APPLICATION_SIGN, P.LOAN_REPAY, P.ORDER_CONFIRM, P.PAYMENT_SIGN}
    | {P.ACCESS_RECOVER, P.API_KEY_MANAGE},
    Role.MEMBER_MAKER: VIEW
    | {
        P.APPLICATION_SUBMIT,
        P.APPLICATION_WITHDRAW,
        P.DELIVERY_ACCEPT,
        P.LOAN_REPAY,
        P.ORDER_IMPORT,
    }
    | {P.DELIVERY_SHIP, P.INVOICE_RECORD, P.ORDER_CONFIRM},
    Role.MEMBER_CHECKER: VIEW
    | {P.APPLICATION_SIGN, P.APPLICATION_WITHDRAW, P.ORDER_CONFIRM, P.PAYMENT_SIGN}
    # The checker orders a repayment that lies above its maker's limit.
    | {P.ACCESS_RECOVER, P.API_KEY_MANAGE, P.LOAN_REPAY},
    Role.MEMBER_WAREHOUSE: frozenset({P.DELIVERY_ACCEPT}),
    Role.OPERATOR: frozenset(
        {P.ACCESS_RECOVER, P.API_KEY_MANAGE, P.CHAIN_REPAIR}
        | {P.MEMBERSHIP_GRANT, P.ORGANIZATION_REVIEW}
    ),
    Role.AUDITOR: VIEW,
}


def permissions_of(roles: "list[str]") -> frozenset[str]:
    """All permissions of these roles together."""
    return frozenset(str(grant) for role in roles for grant in GRANTS[Role(role)])
