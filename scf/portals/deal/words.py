"""What each fact, status and reason is called on a page; the code is the key everywhere else."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scf.portals.parts import Chip

Words = str | Promise

FACTS: dict[str, tuple[Words, str]] = {
    "chain_retry.requested": (_("申请处理链上异常"), "orange"),
    "chain_retry.approved": (_("同意处理链上异常"), "grey"),
    "chain_retry.refused": (_("不同意处理链上异常"), "grey"),
    "application.submitted": (_("买方提交融资申请"), "blue"),
    "application.check_started": (_("开始自动检查"), "grey"),
    "application.checked": (_("自动检查完成，进入银行审查"), "grey"),
    "application.returned": (_("银行退回补正"), "orange"),
    "application.sent_back": (_("审批人退回审查"), "orange"),
    "application.recommended": (_("银行审查通过"), "blue"),
    "application.rejected": (_("银行拒绝"), "red"),
    "application.approved": (_("银行审批通过"), "green"),
    "application.party_signed": (_("签署借款与托管条款"), "blue"),
    "application.signed": (_("三方签署完成"), "green"),
    "application.own_funds_ordered": (_("买方支付首付款（提交）"), "blue"),
    "application.paid_out": (_("银行核对九项条件并放款（提交）"), "blue"),
    "application.pay_out_failed": (_("放款未成功，可重新放款"), "red"),
    "application.funded": (_("申请完成放款"), "green"),
    "application.withdrawn": (_("买方撤回"), "orange"),
    "application.cancelled": (_("银行取消"), "orange"),
    "application.expired": (_("审批已过期"), "orange"),
    "application.lapsed": (_("超过期限未办理"), "orange"),
    "application.evidence_asked": (_("卖方发出收货证据二维码"), "grey"),
    "application.evidence_given": (_("承运方或仓库确认交货"), "green"),
    "application.disputed": (_("提出争议（提交）"), "orange"),
    "application.dispute_decided": (_("银行裁定争议（提交）"), "blue"),
    "application.return_agreed": (_("同意退回剩余金额"), "blue"),
    "payment.opened": (_("托管合约已开立"), "blue"),
    "payment.own_funds_in": (_("首付款已到托管"), "green"),
    "payment.funded": (_("贷款资金已到托管"), "green"),
    "payment.released": (_("已付收款人"), "green"),
    "payment.returned": (_("未用资金已退回"), "orange"),
    "payment.settled": (_("托管已结清"), "green"),
    "payment.closed": (_("托管已关闭"), "grey"),
    "payment.cancelled": (_("托管已取消"), "orange"),
    "payment_line.confirmed": (_("链上确认验收金额"), "blue"),
    "payment_line.paid": (_("本行已付清"), "green"),
    "payment_line.part_paid": (_("本行部分支付"), "green"),
    "payment_line.short_closed": (_("本行短量关闭"), "orange"),
    "payment_line.rejected": (_("本行其余已拒收"), "orange"),
    "payment_line.disputed": (_("本行冻结，其余各行照付"), "orange"),
    "payment_line.resolved": (_("争议已裁定"), "blue"),
    "payment_line.returned": (_("本行余额已退回"), "orange"),
    "order_line.confirmed": (_("卖方确认订单行"), "grey"),
    "order_line.reserved": (_("订单行已锁定"), "grey"),
    "order_line.released": (_("订单行已解锁"), "grey"),
    "order_line.invoiced": (_("已开票"), "grey"),
    "order_line.closed": (_("订单行已完结"), "grey"),
    "order_line.shipped": (_("卖方发货"), "blue"),
    "order_line.received": (_("买方到货"), "grey"),
    "order_line.accepted": (_("买方验收"), "green"),
    "order_line.part_accepted": (_("买方部分验收"), "orange"),
    "order_line.rejected": (_("买方拒收"), "red"),
    "payment.interest_paid": (_("托管利息已付"), "grey"),
    "loan.registered": (_("贷款条款登记"), "grey"),
    "loan.cancelled": (_("贷款取消"), "orange"),
    "loan.cured": (_("逾期已补足"), "green"),
    "loan.overpaid": (_("多还款待退"), "orange"),
    "loan.reopened": (_("贷款恢复为未结清"), "orange"),
    "loan.refunded": (_("多还款已退"), "grey"),
    "loan.opened": (_("贷款生效"), "green"),
    "loan.drawn": (_("按付款发生借款"), "blue"),
    "loan.repaid": (_("贷款还款入账"), "green"),
    "loan.frame_lowered": (_("可用贷款额度调减"), "grey"),
    "loan.fell_overdue": (_("贷款逾期"), "red"),
    "loan.settled": (_("贷款结清"), "green"),
    "loan.due_soon": (_("还款提醒：即将到期"), "orange"),
    "loan.due_today": (_("还款提醒：今天到期"), "orange"),
    "loan.past_due": (_("逾期提醒"), "red"),
    "collection_task.opened": (_("开始催收"), "red"),
    "collection_task.assigned": (_("催收任务分派"), "grey"),
    "collection_task.noted": (_("催收记录"), "grey"),
    "collection_task.closed": (_("催收任务结束"), "grey"),
    "collection_task.lifted": (_("欠款已清，催收解除"), "green"),
    "delivery.shipped": (_("卖方登记发货单"), "blue"),
    "document.stored": (_("上传文件"), "grey"),
    "paper.issued": (_("出具单据"), "grey"),
    "bank.credited": (_("收到客户回款"), "blue"),
    "wallet.minted": (_("资金转入钱包"), "blue"),
    "wallet.moved": (_("钱包间划转"), "blue"),
    "act.failed": (_("链上操作未成功，请重试或联系银行"), "red"),
}
QUIET = (
    "chain.",
    "act.sent",
    "act.done",
    "limit_hold.",
    "reservation.",
    "application.check_started",
    "document.",
    "paper.",  # listed with their downloads beside the history
)
ACTS: dict[str, Words] = {
    "open": _("开立托管"),
    "own_funds": _("支付首付款"),
    "fund": _("放款到托管"),
    "confirm": _("确认验收金额"),
    "release": _("付给收款人"),
    "return_line": _("退回一行余额"),
    "dispute_line": _("冻结争议行"),
    "resolve_line": _("裁定争议"),
    "reclaim": _("到期收回"),
    "claim": _("领取待付款项"),
    "cancel": _("取消托管"),
    "mandate": _("扣款授权书"),
    "sweep": _("到期扣款"),
    "free_rest": _("余款转入一般钱包"),
    "repay": _("买方主动还款"),
    "redirect": _("改付自有资金"),
    "mint_interest": _("支付托管利息"),
    "mint_collection": _("客户回款入账"),
    "refund": _("退还多还款"),
}
CAUSES: dict[str, Words] = {
    "wallet.moved": _("%(what)s：已入账"),
    "wallet.minted": _("%(what)s：已入账"),
    "act.failed": _("%(what)s：未成功"),
}
REPAID: dict[str, Words] = {
    "sweep": _("到期扣款还款入账"),
    "repay": _("买方主动还款入账"),
    "return": _("未用退回抵还本金"),
    "draw": _("多付款抵还本金"),
}
CLAIMS: dict[str, Words] = {
    "principal_minor": _("本金 %(amount)s 元"),
    "interest_minor": _("利息 %(amount)s 元"),
    "penalty_minor": _("罚息 %(amount)s 元"),
}

TONES = {
    "draft": "grey", "submitted": "blue", "in_check": "blue", "in_review": "blue",
    "returned": "orange",
    "recommended": "blue", "approved": "green", "signed": "green", "paying_out": "blue",
    "funded": "green", "rejected": "red", "withdrawn": "grey", "expired": "grey",
    "cancelled_by_bank": "grey", "prepared": "grey", "open": "blue", "own_funds_in": "blue",
    "partial": "green", "settled": "green", "cancelled": "grey", "waiting": "grey",
    "confirmed": "blue", "paid": "green", "short_closed": "orange", "disputed": "orange",
    "active": "green", "overdue": "red", "overpaid": "orange",
    "locked": "grey", "shipped": "blue", "received": "blue", "accepted": "green", "part": "orange",
    "invoiced": "green", "closed": "grey", "awaiting": "grey",
}  # fmt: skip

# What a status means for the reader, one sentence each.
APPLICATION: dict[str, Words] = {
    "draft": _("买方还在填写，尚未提交"),
    "submitted": _("系统正在自动检查"),
    "in_check": _("系统正在自动检查"),
    "in_review": _("银行审查人核对订单与单据"),
    "returned": _("银行请买方补正；订单行与额度仍保留"),
    "recommended": _("审查人已建议通过，等审批人决定"),
    "approved": _("条款已固定，买方、卖方、银行各签一次"),
    "signed": _("先到首付款，再由银行放款"),
    "paying_out": _("放款指令已发出，等链上确认"),
    "funded": _("已放款；此后看托管与贷款"),
    "rejected": _("订单行与额度已释放"),
    "withdrawn": _("订单行与额度已释放"),
    "expired": _("超过期限，订单行与额度已释放"),
    "cancelled_by_bank": _("订单行与额度已释放"),
}
ESCROW: dict[str, Words] = {
    "prepared": _("三方签齐后在链上开立"),
    "open": _("等买方支付首付款"),
    "own_funds_in": _("首付款已到，等银行放款"),
    "funded": _("可以发货；验收一行，付一行"),
    "partial": _("部分货款已付或已退，其余仍在托管"),
    "settled": _("货款已全部付出，托管没有余额"),
    "returned": _("未用部分已原路退回，托管没有余额"),
    "cancelled": _("放款前取消，首付款已退回"),
}
LOAN: dict[str, Words] = {
    "awaiting": _("放款后生效"),
    "active": _("按期还款中"),
    "overdue": _("已过到期日，按罚息计收"),
    "settled": _("本息已全部还清"),
    "overpaid": _("多还的部分待退回"),
    "restructured": _("按新条款执行"),
    "written_off": _("银行已核销"),
    "cancelled": _("没有发生借款"),
}


def chip_of(status: str, label: object) -> Chip:
    """A status in words and its tone."""
    return Chip(str(label), TONES.get(status, "grey"))


REASONS: dict[str, Words] = {
    "trade_background": _("贸易背景材料不足：请补充合同或历史往来"),
    "price_unusual": _("单价偏离市场：请说明定价依据"),
    "papers_missing": _("材料缺失或不清晰：请重新上传"),
    "limit_short": _("额度不足：请减少金额或先还款"),
    "kyb_outdated": _("准入资料过期：请更新营业执照等资料"),
    "related_party": _("疑似关联交易：请说明关系"),
    "other": _("其他：见备注"),
}
