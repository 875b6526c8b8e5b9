"""The core enterprise's home: whose money is there so that goods may go, and what came in."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from scf.core.actor import Actor
from scf.core.money import format_yuan
from scf.financing.selectors import (
    EscrowSums,
    ReadyToShip,
    escrow_sums,
    last_release,
    list_ready_to_ship,
)
from scf.parties.permissions import Permission
from scf.portals.going import going_for, kept_first, things_to_do
from scf.portals.parts import Empty, Home, MoneyBar, Waiting, Words, money_bar
from scf.portals.waiting import waiting_for

P = Permission


def enterprise_home(by: Actor) -> Home:
    """First the goods whose money is in escrow, with amount and expiry; then the rest."""
    waiting, many = waiting_for(by)
    ready = list_ready_to_ship(by=by)
    sees_money = by.can(P.APPLICATION_VIEW)
    sums = escrow_sums(by=by, side="seller")
    return Home(
        sentence=kept_first(sums, _sentence(by, ready, many, sees_money=sees_money))
        if sees_money
        else _sentence(by, ready, many, sees_money=False),
        waiting=waiting,
        bars=_bars(sums) if sees_money and sums.escrows else (),
        empty=Empty(
            _("没有进行中的交易"),
            _("确认经销商的订单、邀请其加入项目后，到托管的货款会显示在这里。"),
            _("查看订单"),
            reverse("orders"),
        )
        if sees_money
        else Empty(_("没有待发的货"), _("货款到托管后，可以发的货显示在这里。")),
        ready=[_ready(each, sees_money=sees_money) for each in ready],
        going=going_for(by),
    )


def _sentence(by: Actor, ready: list[ReadyToShip], many: int, *, sees_money: bool) -> Words:
    if not sees_money:
        return _to_ship(len(ready))
    figures = {
        "ready": len(ready),
        "yuan": format_yuan(sum(each.open_minor for each in ready)),
        "many": many,
    }
    words = (
        _("%(ready)s 张订单钱已到托管可发货，合计 %(yuan)s 元；%(many)s 件等您处理。") % figures
        if ready
        else things_to_do(many)
    )
    last = last_release(by=by)
    if last is None:
        return words
    came = _("%(yuan)s 元已到账 %(day)s；") % {
        "yuan": format_yuan(last.amount_minor),
        "day": f"{last.value_date:%m-%d}",
    }
    return f"{came}{words}"


def _to_ship(count: int) -> Words:
    """What a warehouse reads first."""
    if not count:
        return _("现在没有要发的货。")
    return ngettext(
        "%(ready)s 张订单钱已到托管，可以发货。", "%(ready)s 张订单钱已到托管，可以发货。", count
    ) % {"ready": count}


def _ready(each: ReadyToShip, *, sees_money: bool) -> Waiting:
    application = each.application
    page = "deal" if sees_money else "ship"
    return Waiting(
        title=f"{application.order.number} · {application.order.buyer.short_name}",
        url=reverse(page, args=[application.deal_id]),
        text=str(
            _("%(lines)s 行待发，%(day)s 前有效")
            % {"lines": each.lines, "day": f"{each.expires_at:%Y-%m-%d}"}
        ),
        amount_minor=each.open_minor if sees_money else None,
    )


def _bars(sums: EscrowSums) -> list[MoneyBar]:
    return [
        money_bar(
            _("我销售的货款"),
            [
                (_("已到账"), sums.released_minor - sums.claimable_minor, "green"),
                (_("待领取"), sums.claimable_minor, "red"),
                (_("在托管"), sums.in_escrow_minor, "blue"),
                (_("已退回"), sums.returned_minor, "orange"),
            ],
        )
    ]
