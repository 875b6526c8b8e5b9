"""What waits for a person, from every room: deals, orders, imports, invitations, proposals."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from scf.chain.selectors import (
    StuckCommand,
    StuckEvent,
    list_open_retries,
    list_stuck_commands,
    list_stuck_events,
)
from scf.core import clock
from scf.core.actor import Actor
from scf.credit.machine import CHANGE_MACHINE, VERSION_MACHINE, PartnerStatus
from scf.credit.selectors import list_asked_to_lend, list_changes, list_members, list_versions
from scf.financing.models import Application
from scf.financing.selectors import Turn, list_my_turn
from scf.loans.collections.selectors import list_my_collection_tasks
from scf.loans.decided import list_demands, list_proposals
from scf.loans.machine import ASKING, PROPOSAL
from scf.parties.permissions import Permission
from scf.payments.claims import list_claims, list_payments_with_claims
from scf.portals import parts
from scf.portals.deal.claims import may_agree
from scf.portals.loans.demand_page import demand_rows
from scf.portals.loans.deposits import deposits_to_decide
from scf.portals.parts import Waiting
from scf.trade.machine import ORDER_MACHINE, OrderStatus
from scf.trade.models import Order
from scf.trade.selectors import list_awaiting_receipt, list_open_imports, list_orders
from scf.workflow import clocks

P = Permission
SHOWN = 20  # of each kind; the lists hold the rest


def waiting_for(by: Actor) -> tuple[list[Waiting], int]:
    """What waits for the actor, the deals first and the soonest due before; and how many in all."""
    deals = _deals(by)
    others: tuple[Callable[[Actor], list[Waiting]], ...] = (
        _claims, _stuck, _retries, _orders, _imports, _invitations, _versions, _changes,
        _partnerships, _collections, _proposals, _deposits, _demands,
    )  # fmt: skip
    rest = [each for find in others for each in find(by)]
    return [*deals[:SHOWN], *rest], len(deals) + len(rest)


def _deals(by: Actor) -> list[Waiting]:
    if not by.can(P.APPLICATION_VIEW):
        return _goods(by)
    return [_deal(application, turn) for application, turn in list_my_turn(by=by)]


def _deal(application: Application, turn: Turn) -> Waiting:
    late = turn.due_at is not None and turn.due_at < clock.now()
    order = application.order
    return Waiting(
        title=f"{application.number} · {order.number}",
        url=reverse("deal", args=[application.deal_id]),
        text=f"{order.seller.short_name} → {order.buyer.short_name}",
        amount_minor=application.total_minor,
        turn=parts.Turn("", turn.what, turn.due_at, is_mine=True, is_late=late),
    )


def _goods(by: Actor) -> list[Waiting]:
    """For the warehouse, which sees goods and no prices: straight to what is to be accepted."""
    if not by.can(P.DELIVERY_ACCEPT):
        return []
    rows = list_awaiting_receipt(by=by).filter(
        order_line__order__buyer_id=by.organization_id, order_line__deal_id__isnull=False
    )
    return [
        Waiting(
            title=row.order_line.name,
            url=reverse("accept", args=[row.order_line.deal_id, row.pk]),
            text=str(_("发货单 %(number)s") % {"number": row.delivery.number}),
            turn=parts.Turn("", _("验收到货"), is_mine=True),
        )
        for row in rows[:SHOWN]
    ]


def _claims(by: Actor) -> list[Waiting]:
    """Money that could not be paid because a wallet was frozen, and may be now."""
    if not may_agree(by):
        return []
    return [
        Waiting(
            title=_("领取待付款项"),
            url=reverse("claim", args=[payment.deal_id]),
            text=_("钱包曾被冻结，款项留在托管"),
            amount_minor=found.amount_minor,
            turn=parts.Turn("", _("同意付到钱包"), is_mine=True),
        )
        for payment in list_payments_with_claims(by=by)[:SHOWN]
        for found in list_claims(payment, by=by)
        if found.awaits(by) and not found.is_frozen
    ]


def _stuck(by: Actor) -> list[Waiting]:
    if not by.can(P.CHAIN_REPAIR):
        return []
    stuck: list[StuckCommand | StuckEvent] = [
        *(each for each in list_stuck_commands(by=by) if each.is_blocked or each.is_untold),
        *list_stuck_events(by=by),
    ]
    return [
        Waiting(
            title=str(each.words),
            url=reverse("stuck"),
            amount_minor=each.amount_minor,
            turn=parts.Turn("", _("处理链上异常"), is_mine=True),
        )
        for each in stuck[:SHOWN]
        if each.retry is None
    ]


def _retries(by: Actor) -> list[Waiting]:
    if not by.can(P.CHAIN_REPAIR_APPROVE):
        return []
    return [
        Waiting(
            title=retry.get_action_display(),
            url=reverse("stuck"),
            text=retry.note,
            turn=parts.Turn("", _("复核链上异常的处理"), is_mine=True),
        )
        for retry in list_open_retries(by=by)[:SHOWN]
    ]


def _orders(by: Actor) -> list[Waiting]:
    if not by.can(P.ORDER_CONFIRM):
        return []
    drafts = list_orders(by=by, status=OrderStatus.DRAFT).filter(seller_id=by.organization_id)
    return [
        Waiting(
            title=order.number,
            url=reverse("order", args=[order.pk]),
            text=order.buyer.name,
            amount_minor=_yuan_of(order),
            turn=parts.Turn("", _("确认订单"), order.due_at, is_mine=True),
        )
        for order in drafts[:SHOWN]
        if "confirmed" in ORDER_MACHINE.available(order, by=by)
    ]


def _yuan_of(order: Order) -> int | None:
    return order.total_minor if order.currency == "CNY" else None


def _imports(by: Actor) -> list[Waiting]:
    return [
        Waiting(
            title=job.filename,
            url=reverse("import_job", args=[job.pk]),
            turn=parts.Turn(
                "", _("更正错误") if job.errors else _("核对试读结果并确认导入"), is_mine=True
            ),
        )
        for job in list_open_imports(by=by)[:SHOWN]
    ]


def _invitations(by: Actor) -> list[Waiting]:
    if not by.can(P.APPLICATION_SIGN):
        return []
    invited = list_members(by=by).filter(organization_id=by.organization_id, status="invited")
    return [
        Waiting(
            title=member.programme.name,
            url=reverse("programme", args=[member.programme_id]),
            turn=parts.Turn("", _("接受项目邀请"), is_mine=True),
        )
        for member in invited[:SHOWN]
    ]


def _versions(by: Actor) -> list[Waiting]:
    if not by.can(P.PROGRAMME_APPROVE):
        return []
    unanswered = (PartnerStatus.ASKED, PartnerStatus.DECLINED)
    rows = list_versions(by=by, status="proposed").filter(programme__bank_id=by.organization_id)
    return [
        Waiting(
            title=version.programme.name,
            url=reverse("programme", args=[version.programme_id]),
            text=str(_("第 %(number)s 版条款") % {"number": version.number}),
            turn=parts.Turn("", _("复核项目条款"), is_mine=True),
        )
        for version in rows.exclude(lenders__status__in=unanswered)[:SHOWN]
        if "approved" in VERSION_MACHINE.available(version, by=by)
    ]


def _partnerships(by: Actor) -> list[Waiting]:
    """Terms another bank proposed and asks this one to lend under (联合贷)."""
    rows = list_asked_to_lend(by=by) if by.can(P.PROGRAMME_APPROVE) else ()
    return [
        Waiting(
            title=asked.programme_version.programme.name,
            url=reverse("programme", args=[asked.programme_version.programme_id]),
            text=str(_("第 %(number)s 版条款") % {"number": asked.programme_version.number}),
            turn=parts.Turn("", _("决定是否联合出资"), is_mine=True),
        )
        for asked in rows[:SHOWN]
    ]


def _changes(by: Actor) -> list[Waiting]:
    rows: Any = list_changes(by=by, status="proposed") if by.can(P.LIMIT_APPROVE) else ()
    return [
        Waiting(
            title=str(change.organization),
            url=reverse("bank:limits"),
            amount_minor=change.sanctioned_minor,
            turn=parts.Turn("", _("复核额度变更"), is_mine=True),
        )
        for change in rows[:SHOWN]
        if "approved" in CHANGE_MACHINE.available(change, by=by)
    ]


def _collections(by: Actor) -> list[Waiting]:
    """Overdue loans to ask about by today: the reader's own and those nobody has taken."""
    if not by.can(P.LOAN_COLLECT):
        return []
    today = clocks.business_date()
    return [
        Waiting(
            title=str(task.loan),
            url=reverse("collection_task", args=[task.pk]),
            amount_minor=task.loan.principal_minor,
            turn=parts.Turn("", _("跟进逾期贷款"), is_mine=True, is_late=task.due_on < today),
        )
        for task in list_my_collection_tasks(by=by).filter(due_on__lte=today)[:SHOWN]
    ]


def _proposals(by: Actor) -> list[Waiting]:
    """Decisions about loans that another person proposed and the reader may approve."""
    if not by.can(P.LOAN_APPROVE):
        return []
    return [
        Waiting(
            title=str(proposal.loan),
            url=reverse("loan", args=[proposal.loan_id]),
            text=f"{proposal.get_kind_display()} · {proposal.reason}",
            amount_minor=proposal.amount_minor or None,
            turn=parts.Turn("", _("复核贷款处理"), is_mine=True),
        )
        for proposal in list_proposals(by=by, status="proposed")[:SHOWN]
        if "approved" in PROPOSAL.available(proposal, by=by)
    ]


def _deposits(by: Actor) -> list[Waiting]:
    """Deposits another person proposed to use for a loan past due."""
    return [
        Waiting(
            title=str(loan),
            url=reverse("loan", args=[loan.pk]),
            text=deposit.reason,
            amount_minor=deposit.using_minor,
            turn=parts.Turn("", _("复核动用保证金"), is_mine=True),
        )
        for loan, deposit in deposits_to_decide(by=by)[:SHOWN]
    ]


def _demands(by: Actor) -> list[Waiting]:
    """What is asked of the core enterprise: for it to pay or answer, for the bank to decide."""
    if not (by.can(P.LOAN_REPAY) or by.can(P.LOAN_APPROVE)):
        return []
    rows = demand_rows(list_demands(by=by).filter(status__in=ASKING)[:SHOWN], by=by)
    return [
        Waiting(
            title=f"{row.demand.get_ground_display()} · {row.demand.loan}",
            url=row.url,
            text=row.borrower,
            amount_minor=row.demand.left_minor,
            turn=row.turn,
        )
        for row in rows
        if row.turn and row.turn.is_mine
    ]
