"""A member's home: as a buyer what is in escrow and owed, as a supplier what came and what waits
for goods.
"""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from scf.core.actor import SYSTEM, Actor
from scf.core.money import format_yuan
from scf.financing.selectors import EscrowSums, escrow_sums, last_release
from scf.ledger.selectors import list_balances
from scf.loans.fee_views import FeeStanding
from scf.loans.machine import RUNNING
from scf.loans.models import LoanQuerySet
from scf.loans.selectors import LoanView, list_loans, view_loan
from scf.parties.permissions import Permission
from scf.portals.going import going_for, kept_first, things_to_do
from scf.portals.parts import Empty, Home, MoneyBar, Words, money_bar
from scf.portals.waiting import waiting_for
from scf.trade.selectors import list_financeable_lines
from scf.wallets.models import Purpose
from scf.wallets.selectors import list_wallets

LOANS_LOOKED_AT = 10


def member_home(by: Actor) -> Home:
    """The sentence says the money that moved or is due; the bars say where all of it is."""
    waiting, many = waiting_for(by)
    if not by.can(Permission.APPLICATION_VIEW):
        return Home(
            things_to_do(many), waiting, empty=Empty(_("没有要验收的货"), _("到货后显示在这里。"))
        )
    buying, selling = escrow_sums(by=by, side="buyer"), escrow_sums(by=by, side="seller")
    owed = _running(by).aggregate(all=Sum("principal_minor"))["all"] or 0
    words = [*_sold(by, selling), *_bought(by, buying, owed)]
    sentence = _sentence(words) if words else things_to_do(many)
    return Home(
        sentence=kept_first(selling, sentence),
        waiting=waiting,
        going=going_for(by),
        bars=[*_escrow_bars(buying, selling), *_own_bars(by, owed)],
        empty=_nothing_yet(by),
    )


def _sentence(words: Sequence[Words]) -> str:
    """The clauses as one sentence, with the reader's punctuation."""
    return str(_("；")).join(str(each) for each in words) + str(_("。")).rstrip()


def _nothing_yet(by: Actor) -> Empty:
    """What comes first: an order to bring in, or one that is there to be financed."""
    title = _("没有进行中的交易")
    words = _("订单导入并确认后，融资申请、托管资金和还款会显示在这里。")
    if by.can(Permission.APPLICATION_SUBMIT) and list_financeable_lines(by=by).exists():
        return Empty(title, words, _("申请融资"), reverse("apply"))
    if by.can(Permission.ORDER_IMPORT):
        return Empty(title, words, _("导入订单"), reverse("import_upload"))
    return Empty(title, words, _("查看订单"), reverse("orders"))


def _sold(by: Actor, selling: EscrowSums) -> list[Words]:
    words: list[Words] = []
    last = last_release(by=by)
    if last is not None:
        figures = {"yuan": format_yuan(last.amount_minor), "day": f"{last.value_date:%m-%d}"}
        words.append(_("%(yuan)s 元已到账 %(day)s") % figures)
    return [*words, *_in_escrow(selling, _("%(yuan)s 元等收货"))]


def _bought(by: Actor, buying: EscrowSums, owed: int) -> list[Words]:
    words = _in_escrow(buying, _("%(yuan)s 元在托管，等收货"))
    return [*words, _next_due(by, owed)] if owed else words


def _in_escrow(sums: EscrowSums, awaiting: Words) -> list[Words]:
    """What waits for goods, and apart from it what does not: nothing more is to come for that."""
    waits = sums.awaiting_goods_minor
    settled = sums.in_escrow_minor - waits
    words = [(awaiting, waits), (_("%(yuan)s 元在托管，等付款或退回"), settled)]
    return [sentence % {"yuan": format_yuan(fen)} for sentence, fen in words if fen > 0]


def _next_due(by: Actor, owed: int) -> Words:
    views = [view_loan(loan) for loan in _running(by).order_by("matures_on")[:LOANS_LOOKED_AT]]
    figures = {"owed": format_yuan(owed)}
    soonest = min((view for view in views if view.next_due_on), key=_due_day, default=None)
    if soonest is None:
        return _("贷款余额 %(owed)s 元") % figures
    day = _due_day(soonest)
    return _("贷款余额 %(owed)s 元，下次还款 %(day)s 付 %(pay)s 元") % {
        **figures,
        "day": f"{day:%m-%d}",
        "pay": format_yuan(_asked_on(soonest, day)),
    }


def _asked_on(view: LoanView, day: date) -> int:
    """Fen of the instalments and of the fees of a day: a fee may have a day of its own."""
    fees = [fee for fee in view.fees if fee.on == day]
    ahead = sum(fee.amount_minor for fee in fees if fee.standing == FeeStanding.AHEAD)
    owed = sum(row.owed_minor for row in view.rows if row.due_on == day)
    return owed + ahead + sum(fee.owed_minor for fee in fees)


def _due_day(view: LoanView) -> date:
    return view.next_due_on or date.max


def _running(by: Actor) -> LoanQuerySet:
    return list_loans(by=by).filter(Q(buyer_id=by.organization_id), status__in=RUNNING)


def _escrow_bars(buying: EscrowSums, selling: EscrowSums) -> list[MoneyBar]:
    named = ((_("我采购的货款"), buying), (_("我销售的货款"), selling))
    return [
        money_bar(
            label,
            [
                (_("已付收款人"), sums.released_minor - sums.claimable_minor, "green"),
                (_("待领取"), sums.claimable_minor, "red"),
                (_("在托管"), sums.in_escrow_minor, "blue"),
                (_("已退回"), sums.returned_minor, "orange"),
            ],
        )
        for label, sums in named
        if sums.escrows
    ]


def _own_bars(by: Actor, owed: int) -> list[MoneyBar]:
    wallets = [wallet for wallet in list_wallets(by=by) if wallet.owner_id == by.organization_id]
    found: dict[str, int] = {}
    for bank_id in {wallet.bank_id for wallet in wallets}:
        # The wallets are the reader's own; the book they are kept in is the bank's.
        codes = {each.account_code: each.purpose for each in wallets if each.bank_id == bank_id}
        for balance in list_balances(bank_id, by=SYSTEM, codes=codes):
            purpose = codes[balance.code]
            found[purpose] = found.get(purpose, 0) + balance.balance_minor
    bars = []
    if found:
        tones = {
            Purpose.GENERAL: "green", Purpose.COLLECTION: "blue", Purpose.DEPOSIT: "orange",
            Purpose.OWN: "grey",
        }  # fmt: skip
        parts = [(Purpose(name).label, found[name], tones[Purpose(name)]) for name in found]
        bars.append(money_bar(_("我的数字人民币钱包"), parts))
    if owed:
        bars.append(money_bar(_("贷款余额（本金）"), [(_("未还本金"), owed, "orange")]))
    return bars
