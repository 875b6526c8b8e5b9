"""The bank's home: what waits, and its money in escrow, released and outstanding."""

from django.db.models import Q, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.money import format_yuan
from scf.financing.selectors import EscrowSums, escrow_sums
from scf.loans.machine import RUNNING
from scf.loans.selectors import list_loans
from scf.parties.permissions import Permission
from scf.portals.going import going_for, things_to_do
from scf.portals.parts import Empty, Home, MoneyBar, Words, money_bar
from scf.portals.waiting import waiting_for


def bank_home(by: Actor) -> Home:
    """One sentence with the count and the two sums a bank asks for first, then the rest."""
    waiting, many = waiting_for(by)
    sums = escrow_sums(by=by, side="bank") if by.can(Permission.APPLICATION_VIEW) else None
    # Of a joint loan another bank leads only that bank counts the principal.
    running = Q(bank_id=by.organization_id, status__in=RUNNING)
    loans = list_loans(by=by).filter(running)
    owed = (loans.aggregate(all=Sum("principal_minor"))["all"] or 0) if sums else 0
    figures = {
        "escrow": format_yuan(sums.in_escrow_minor if sums else 0),
        "owed": format_yuan(owed),
    }
    sentence: Words = things_to_do(many)
    if sums and sums.escrows:
        held = _("托管中 %(escrow)s 元，贷款余额 %(owed)s 元。") % figures
        sentence = f"{sentence}{held}"
    return Home(
        sentence=sentence,
        waiting=waiting,
        going=going_for(by),
        bars=_bars(sums, owed) if sums and sums.escrows else (),
        empty=Empty(
            _("没有进行中的交易"),
            _("买方提交申请后，待审查、待放款和托管资金会显示在这里。"),
            _("查看项目"),
            reverse("programmes"),
        ),
    )


def _bars(sums: EscrowSums, owed: int) -> list[MoneyBar]:
    return [
        money_bar(
            _("经托管的货款"),
            [
                (_("已付收款人"), sums.released_minor - sums.claimable_minor, "green"),
                (_("待领取"), sums.claimable_minor, "red"),
                (_("在托管"), sums.in_escrow_minor, "blue"),
                (_("已退回"), sums.returned_minor, "orange"),
            ],
        ),
        money_bar(_("贷款余额（本金）"), [(_("未还本金"), owed, "blue")]),
    ]
