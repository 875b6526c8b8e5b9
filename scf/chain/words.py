"""What our contracts' errors and events mean, in Chinese and in English."""

from dataclasses import dataclass

from django.utils.translation import get_language


@dataclass(frozen=True)
class Words:
    """One sentence in both languages; as text it is in the reader's."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.en if (get_language() or "").startswith("en") else self.zh


ERROR_WORDS = {
    "already_executed": Words("该指令已经执行过", "This instruction was executed before"),
    "id_collision": Words(
        "同一指令编号已用于另一内容", "The instruction id was used for other contents"
    ),
    "wrong_action": Words("指令要求的是另一种操作", "The instruction asks for another act"),
    "wrong_agreement": Words("指令属于另一份协议", "The instruction belongs to another agreement"),
    "wrong_amount": Words(
        "指令金额与协议不符", "The instruction's amount does not match the agreement"
    ),
    "payee_not_allowed": Words("收款人不在约定范围内", "The payee is not one of the agreed"),
    "payload_mismatch": Words("签署内容与提交内容不一致", "What was signed is not what was sent"),
    "too_early": Words("指令尚未生效", "The instruction is not valid yet"),
    "too_late": Words("指令已过有效期", "The instruction has expired"),
    "overtaken": Words(
        "已被先发生的事项取代，无需再执行", "Something else came first: there is nothing left to do"
    ),
    "stale_seq": Words("指令序号已被后来的指令超过", "A later instruction has overtaken this one"),
    "not_approved": Words("缺少有效签名", "A valid signature is missing"),
    "party_exists": Words("该主体已登记", "The party is registered already"),
    "unknown_party": Words("该主体尚未登记", "The party is not registered"),
    "bank_exists": Words("该银行编号已登记", "The bank number is registered already"),
    "unknown_bank": Words("该银行尚未登记", "The bank is not registered"),
    "bad_threshold": Words("签名人数门槛不合理", "The threshold of signatures makes no sense"),
    "key_taken": Words("该密钥已被使用过", "The key is or was in use"),
    "unknown_key": Words("该密钥不属于此主体", "The key is not the party's"),
    "wallet_exists": Words("该钱包已开立", "The wallet is open already"),
    "unknown_wallet": Words("该钱包不存在", "There is no such wallet"),
    "wallet_frozen": Words("该钱包已被冻结", "The wallet is frozen"),
    "wallet_closed": Words("该钱包已销户", "The wallet is closed"),
    "bad_wallet": Words("钱包类型或用途不合理", "The wallet's kind or purpose makes no sense"),
    "bad_freeze": Words(
        "冻结或解冻指令与钱包状态不符", "The freeze does not fit the wallet's status"
    ),
    "not_by_call": Words("资金只能凭签名划转", "Money moves by signature only"),
    "not_the_core": Words("只有托管合约可以动用托管账户", "Only the escrow moves its vault"),
    "only_core": Words("只有托管合约可以动用托管账户", "Only the escrow moves its vault"),
    "zero_amount": Words("金额不能为零", "The amount must not be zero"),
    "mandate_exceeded": Words("超过扣款授权额度", "More than the mandate allows"),
    "mandate_lapsed": Words("扣款授权已失效", "The mandate has lapsed"),
    "pledged": Words(
        "保证金已质押，不能由所有人自行划出",
        "The deposit is pledged; its owner cannot move it alone",
    ),
    "erc20_insufficient_balance": Words("钱包余额不足", "The wallet's balance is too small"),
    "bad_terms": Words("协议条款不成立", "The terms do not hold together"),
    "bad_state": Words("协议当前状态不允许此操作", "Not possible in the agreement's state"),
    "bad_line_state": Words("订单行当前状态不允许此操作", "Not possible in the line's state"),
    "not_in_terms": Words("该订单行不在协议内", "The line is not in the terms"),
    "before_clock": Words("约定时间未到", "It is too early by the agreement's clock"),
    "past_clock": Words("已过约定时间", "It is too late by the agreement's clock"),
    "over_release": Words("超过可支付金额", "More than may be released"),
    "vault_exists": Words("该银行的托管账户已存在", "The bank has its vault already"),
    "nothing_to_release": Words("没有待支付的金额", "There is nothing to release"),
    "nothing_to_return": Words("没有可退回的金额", "There is nothing to return"),
    "nothing_to_dispute": Words("没有可争议的金额", "There is nothing to dispute"),
    "nothing_to_reclaim": Words("没有可收回的金额", "There is nothing to reclaim"),
    "nothing_to_claim": Words("没有待领取的金额", "There is nothing to claim"),
    "nothing_confirmed": Words("没有确认任何数量", "Nothing was confirmed"),
    "beyond_tolerance": Words("差额超出允差", "The difference is beyond the tolerance"),
    "lines_do_not_add_up": Words(
        "各行金额之和与协议不符", "The lines do not add up to the agreement"
    ),
    "reverted": Words("合约拒绝了此操作", "The contract refused"),
    "panic": Words("合约内部检查失败", "An inner check of the contract failed"),
}

CALL_WORDS = {
    "burn": Words("兑回数字人民币", "Redeem digital yuan"),
    "cancel": Words("取消协议并退回首付款", "Cancel the agreement and give own funds back"),
    "cancelLapsed": Words(
        "取消逾期未放款的协议", "Cancel an agreement that was not funded in time"
    ),
    "claim": Words("领取留存款", "Claim kept money"),
    "confirm": Words("确认收发货", "Confirm a delivery"),
    "deployVault": Words("设立托管账户", "Make an escrow vault"),
    "disputeLine": Words("提出争议，冻结订单行", "Dispute and freeze a line"),
    "draw": Words("按授权扣款", "Draw under the mandate"),
    "freeze": Words("冻结钱包", "Freeze a wallet"),
    "fund": Words("贷款资金转入托管", "Pay loan money into escrow"),
    "lapseDispute": Words("争议逾期未裁，按规则处理", "Settle a dispute nobody decided in time"),
    "mandate": Words("登记扣款授权", "Register a mandate"),
    "mint": Words("兑换数字人民币", "Issue digital yuan"),
    "open": Words("开立托管协议", "Open the escrow agreement"),
    "payOwnFunds": Words("首付款转入托管", "Pay own funds into escrow"),
    "reclaim": Words("到期收回未用资金", "Take unused money back after expiry"),
    "registerBank": Words("登记银行", "Register a bank"),
    "registerContract": Words("登记托管账户钱包", "Register a vault as a wallet"),
    "registerParty": Words("登记主体", "Register a party"),
    "registerWallet": Words("开立钱包", "Open a wallet"),
    "release": Words("向收款人付款", "Pay the payee"),
    "resolveLine": Words("裁定争议", "Decide a dispute"),
    "returnLine": Words("退回订单行余额", "Give a line's rest back"),
    "returnShortLine": Words("退回短量余额", "Give a short line's rest back"),
    "rotateKey": Words("更换签名密钥", "Replace a signing key"),
    "transferBySignature": Words("凭签名转账", "Transfer by signature"),
    "unfreeze": Words("解冻钱包", "Unfreeze a wallet"),
}

EVENT_WORDS = {
    "PartyRegistered": Words("登记主体", "Party registered"),
    "KeyAdded": Words("启用签名密钥", "Signing key added"),
    "KeyRevoked": Words("停用签名密钥", "Signing key revoked"),
    "WalletRegistered": Words("开立钱包", "Wallet opened"),
    "WalletStatusChanged": Words("钱包状态变更", "Wallet status changed"),
    "Minted": Words("兑换数字人民币", "Digital yuan issued"),
    "Burned": Words("兑回数字人民币", "Digital yuan redeemed"),
    "TransferredBySignature": Words("凭签名转账", "Transferred by signature"),
    "MandateSet": Words("签署扣款授权", "Mandate signed"),
    "Drawn": Words("按授权扣款", "Drawn under the mandate"),
    "Deposited": Words("转入托管", "Paid into escrow"),
    "VaultDeployed": Words("设立托管账户", "Escrow vault made"),
    "AgreementOpened": Words("协议生效", "Agreement opened"),
    "OwnFundsPaid": Words("自有资金到位", "Own funds paid in"),
    "AgreementFunded": Words("贷款资金到位", "Loan money paid in"),
    "AgreementCancelled": Words("协议取消", "Agreement cancelled"),
    "LineConfirmed": Words("确认收货", "Delivery confirmed"),
    "LineReleased": Words("向收款人付款", "Payee paid"),
    "LineReturned": Words("未用资金退回", "Unused money returned"),
    "LineDisputed": Words("提出争议", "Dispute opened"),
    "LineResolved": Words("争议裁决", "Dispute resolved"),
    "AgreementReclaimed": Words("到期收回", "Reclaimed after expiry"),
    "BecameClaimable": Words("收款人暂不能收款，留待领取", "Kept for a payee that cannot receive"),
    "Claimed": Words("领取留存款", "Kept money claimed"),
}
