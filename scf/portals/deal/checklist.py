"""What a stored check saw, as labels and texts a person can read."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from scf.core.money import format_yuan
from scf.financing.models import Application
from scf.portals.deal.words import Words

LABELS: dict[str, Words] = {
    "approved": _("审批时的内容摘要"),
    "now": _("现在的内容摘要"),
    "agreement_id": _("合约编号"),
    "escrow": _("托管状态"),
    "wanted_minor": _("应到首付款"),
    "in_minor": _("已到首付款"),
    "wanted_deposit_minor": _("应缴保证金"),
    "pledged_minor": _("已缴保证金"),
    "deposit_wallet": _("保证金钱包"),
    "wanted_lenders": _("联合出资行家数"),
    "given_lenders": _("已批准家数"),
    "partner_1": _("联合出资行"),
    "partner_2": _("联合出资行二"),
    "partner_3": _("联合出资行三"),
    "locked_by": _("锁定于"),
    "held_minor": _("已占用额度"),
    "status": _("占用状态"),
    "sanctioned_minor": _("核定额度"),
    "blocked_minor": _("预占额度"),
    "is_usable": _("可以使用"),
    "programme": _("项目额度"),
    "borrower": _("借款人额度"),
    "bank": _("银行"),
    "buyer": _("买方"),
    "seller": _("卖方"),
    "enterprise": _("核心企业"),
    "payee": _("收款人"),
    "collection": _("回款监管钱包"),
    "address": _("收款钱包地址"),
    "funded_minor": _("此前已放款"),
    "stepped_up": _("已二次验证"),
    "on": _("核查日"),
    "order_minor": _("订单金额"),
    "lines_minor": _("各行合计"),
    "drawdown_request": _("提款申请书摘要"),
    "payment_mandate": _("支付委托书摘要"),
    "active": _("正常"),
    "frozen": _("已冻结"),
    "debit_frozen": _("只收不付"),
    "opening": _("开立中"),
    "held": _("占用中"),
    "used": _("已使用"),
    "own_funds_in": _("首付款已到托管"),
    "prepared": _("条款已备，签署中"),
    "open": _("托管已开立"),
}


def seen_words(seen: Mapping[str, Any], application: Application) -> list[tuple[Words, Words]]:
    """The things a check looked at with what it found; what belongs together in one text."""
    own = str(application.pk)
    return [(_label(name), _text(name, value, own)) for name, value in seen.items()]


def asks_for_proof(seen: Mapping[str, Any]) -> bool:
    """Whether all that a check lacks is the proof of who one is, which the act itself asks for."""
    return seen.get("stepped_up") is False and seen.get("funded_minor") == 0


def _label(name: str) -> Words:
    return LABELS.get(name, _("第 %(line)s 行") % {"line": name} if name.isdigit() else name)


def _text(name: str, value: Any, own: str) -> Words:
    if isinstance(value, Mapping):
        said = _("%(name)s：%(value)s")
        parts = (
            str(said) % {"name": _label(inner), "value": _text(inner, part, own)}
            for inner, part in value.items()
        )
        return gettext("，").join(parts)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if name.endswith("_minor") and isinstance(value, int):
        return f"{format_yuan(value)} {_('元')}"
    text = str(value)
    if text == own:
        return _("本申请")
    return LABELS.get(text, f"{text[:10]}…{text[-6:]}" if len(text) > 40 else text)
