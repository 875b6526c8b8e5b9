"""The values of a chain event by names a person knows, amounts in yuan."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from scf.chain.calls import ZERO_WORD
from scf.chain.selectors import EventInWords
from scf.chain.words import Words as BothWords
from scf.core import clock
from scf.core.money import format_yuan
from scf.parties.selectors import get_organization
from scf.portals.deal.words import Words
from scf.wallets.selectors import wallet_at

NAMES: dict[str, Words] = {
    "agreement_id": _("合约编号"),
    "amount": _("金额（元）"),
    "bank_id": _("银行编号"),
    "confirmed": _("累计已确认（元）"),
    "decision_hash": _("裁定文件哈希"),
    "disputed": _("争议中（元）"),
    "disputed_at": _("争议开始"),
    "evidence_hash": _("证据哈希"),
    "expiry": _("托管到期"),
    "from": _("付款钱包"),
    "fund_by": _("最迟放款"),
    "held": _("冻结金额（元）"),
    "id": _("编号"),
    "instruction_id": _("指令编号"),
    "line_id": _("订单行编号"),
    "line_status": _("订单行状态"),
    "lines_root": _("各行的哈希根"),
    "loan_part": _("其中贷款（元）"),
    "loan_ref": _("贷款编号"),
    "long_stop": _("最迟清理"),
    "own_funds": _("首付款（元）"),
    "own_part": _("其中首付款（元）"),
    "party_id": _("主体编号"),
    "payee": _("收款人"),
    "payee_gets": _("付给收款人（元）"),
    "reason_hash": _("原因哈希"),
    "rest": _("剩余（元）"),
    "status": _("合约状态"),
    "to": _("收款钱包"),
    "total": _("总金额（元）"),
    "vault": _("托管账户"),
    "wallet": _("钱包"),
}
AMOUNTS = {
    "amount", "confirmed", "disputed", "held", "loan_part", "own_funds", "own_part", "payee_gets",
    "rest", "total",
}  # fmt: skip
# What the contracts' status figures mean (contracts/src/interfaces/Types.sol).
AGREEMENT: dict[int, Words] = {
    1: _("已签署"),
    2: _("首付款已到"),
    3: _("资金已到托管"),
    4: _("已部分付款"),
    5: _("已结清"),
    6: _("已付清并退回余款"),
    7: _("已取消"),
}
LINE: dict[int, Words] = {
    0: _("待交货"),
    1: _("短交关闭"),
    2: _("已拒收"),
    3: _("争议中"),
    4: _("已裁定"),
    5: _("已退回"),
}
WALLET: dict[int, Words] = {1: _("正常"), 2: _("只收不付"), 3: _("已冻结")}
CODED = {"action"}  # the instruction's own number for what the event's name says
ADDRESSES = {"from", "payee", "to", "wallet"}
MOMENTS = {"disputed_at", "expiry", "fund_by", "long_stop"}


@dataclass(frozen=True)
class EventRow:
    """One event: what it means in both languages, its contract name, and its values in words."""

    words: BothWords
    name: str
    tx_hash: str
    values: list[tuple[Words, str]]


def event_row(each: EventInWords) -> EventRow:
    """The event as ``deal/events.html`` shows it."""
    return EventRow(each.words, each.event.name, each.event.tx_hash, _values(each.values))


def _values(values: Mapping[str, Any]) -> list[tuple[Words, str]]:
    status = WALLET if "wallet" in values else AGREEMENT
    return [
        (NAMES.get(name, name), _text(name, value, status))
        for name, value in values.items()
        if value != ZERO_WORD and name not in CODED  # no agreement, no instruction: nothing to say
    ]


def _text(name: str, value: Any, status: Mapping[int, Words]) -> str:
    if name in ("status", "line_status"):
        known = status if name == "status" else LINE
        return str(known.get(value, value))
    if name in AMOUNTS and isinstance(value, int):
        return format_yuan(value)
    if name in MOMENTS and isinstance(value, int):
        moment = clock.from_timestamp(value).astimezone(clock.SHANGHAI)
        return f"{moment:%Y-%m-%d %H:%M} UTC+8"
    return _address(value) if name in ADDRESSES else str(value)


def _address(value: str) -> str:
    """An address with whose wallet it is; the escrow and foreign ones stand for themselves."""
    wallet = wallet_at(value)
    if wallet is None:
        return value
    owner = get_organization(wallet.owner_id).short_name
    return f"{owner} · {wallet.get_purpose_display()} {value}"
