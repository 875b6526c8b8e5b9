"""Applications and deals as their parties may see them, and whose turn it is for what."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scf.core.actor import SYSTEM, Actor
from scf.core.errors import NotFound
from scf.financing import access, machine
from scf.financing.models import Acceptance, Application, CheckResult
from scf.parties.permissions import Permission
from scf.payments.machine import S as Escrow
from scf.payments.models import Payment
from scf.trade.selectors import list_awaiting_receipt
from scf.wallets.models import Act
from scf.workflow.models import Fact

S = machine.S
RUNNING = (S.APPROVED, S.SIGNED, S.PAYING_OUT, S.FUNDED)
OVER = (S.REJECTED, S.WITHDRAWN, S.EXPIRED, S.CANCELLED_BY_BANK)


@dataclass(frozen=True)
class Turn:
    """Whose turn it is: which organization, who there by permission, for what, until when."""

    party_id: UUID | None
    permission: str
    what: str | Promise
    due_at: datetime | None = None


def get_application(application_id: UUID, *, by: Actor) -> Application:
    """One application. Raises NotFound when it is none of the actor's organization's."""
    return access.get_application(application_id, by=by)


def get_deal(deal_id: UUID, *, by: Actor) -> Application:
    """The application of a deal. Raises NotFound."""
    found: Application | None = Application.objects.visible_to(by).filter(deal_id=deal_id).first()
    if found is None:
        raise NotFound(_("没有这笔交易"))
    return found


def list_applications(
    *, by: Actor, status: str = "", search: str = "", statuses: Iterable[str] = ()
) -> Any:
    """The actor's applications, newest first; ``search`` looks in numbers of application and
    order.
    """
    rows = Application.objects.visible_to(by).select_related(
        "order", "order__buyer", "order__seller"
    )
    if status:
        rows = rows.filter(status=status)
    if statuses := tuple(statuses):
        rows = rows.filter(status__in=statuses)
    if search := search.strip():
        rows = rows.filter(_matches(search))
    return rows


def list_checks(application_id: UUID, *, stage: str, by: Actor) -> list[CheckResult]:
    """The checks of the last round at a stage (submit or pay_out), as they were stored."""
    application = get_application(application_id, by=by)
    rows = application.checks.filter(stage=stage)
    last = rows.order_by("-round").values_list("round", flat=True).first()
    return list(rows.filter(round=last)) if last else []


def list_opinions(application_id: UUID, *, by: Actor) -> list[Fact]:
    """What reviewers and approvers decided, oldest first; for the bank alone."""
    application = get_application(application_id, by=by)
    if not by.is_system and by.organization_id != application.bank_id:
        return []
    names = [
        f"application.{step}"
        for step in ("recommended", "returned", "rejected", "approved", "sent_back")
    ]
    return list(Fact.objects.filter(subject_id=application.pk, name__in=names))


def signed_sides(application: Application) -> dict[str, bool]:
    """Which of bank, buyer and seller have signed the terms, or asked their signer to."""
    sides = {name: application.parties()[name] for name in ("buyer", "seller", "bank")}
    facts = Fact.objects.filter(subject_id=application.pk, name="application.party_signed")
    signed = {fact.details["side"] for fact in facts}
    return {name: name in signed for name in sides}


def list_waiting_acceptances(*, by: Actor, application_id: UUID | None = None) -> list[Acceptance]:
    """Acceptances that wait for the bank's confirmation, oldest first."""
    mine = Application.objects.visible_to(by).values("pk")
    rows = Acceptance.objects.filter(application_id__in=mine, confirmed_by_bank=None)
    asked = rows.exclude(application__terms__release_policy="PAY_ON_DRAWDOWN")
    if application_id:
        asked = asked.filter(application_id=application_id)
    return [row for row in asked.select_related("application", "order_line") if _wants_bank(row)]


def turn_of(application: Application) -> Turn:
    """Whose turn it is now. A status on its way to the chain is nobody's turn."""
    status = application.status
    if status == S.APPROVED:
        return _signing_turn(application)
    if status == S.SIGNED:
        return _own_funds_turn(application)
    if status == S.FUNDED:
        return _delivery_turn(application)
    words = {
        S.DRAFT: ("buyer", Permission.APPLICATION_SUBMIT, _("提交申请")),
        S.RETURNED: ("buyer", Permission.APPLICATION_SUBMIT, _("按退回原因补正后重新提交")),
        S.IN_REVIEW: ("bank", Permission.APPLICATION_RECOMMEND, _("审查贸易背景")),
        S.RECOMMENDED: ("bank", Permission.APPLICATION_APPROVE, _("审批")),
    }
    if status not in words:
        return Turn(None, "", _("等待链上确认") if status == S.PAYING_OUT else "")
    party, permission, what = words[S(status)]
    return Turn(application.parties()[party], permission, what, application.due_at)


def is_mine(turn: Turn, *, by: Actor) -> bool:
    """True when the actor may do what the turn asks for."""
    return (
        turn.party_id is not None
        and turn.party_id == by.organization_id
        and by.can(turn.permission)
    )


def list_my_turn(*, by: Actor) -> list[tuple[Application, Turn]]:
    """Every application in which it is the actor's own turn, the soonest due first."""
    waiting = list_applications(by=by).exclude(status__in=OVER)
    turns = [(application, turn_of(application)) for application in waiting]
    mine = [(application, turn) for application, turn in turns if is_mine(turn, by=by)]
    return sorted(
        mine, key=lambda pair: (pair[1].due_at is None, pair[1].due_at or pair[0].created_at)
    )


def _signing_turn(application: Application) -> Turn:
    missing = [side for side, is_signed in signed_sides(application).items() if not is_signed]
    if not missing:
        return Turn(None, "", _("签名已齐，等待链上开立托管"))
    permission = Permission.PAYMENT_SIGN if missing[0] == "bank" else Permission.APPLICATION_SIGN
    return Turn(
        application.parties()[missing[0]], permission, _("签署借款与托管条款"), application.due_at
    )


def _own_funds_turn(application: Application) -> Turn:
    payment = Payment.objects.get(application_id=application.pk)
    if payment.status == Escrow.OPEN:
        if Act.objects.filter(subject_id=payment.pk, kind="own_funds").exists():
            return Turn(None, "", _("首付款在途，等待链上确认"))
        return Turn(application.buyer_id, Permission.PAYMENT_SIGN, _("支付首付款"), payment.fund_by)
    return Turn(
        application.bank_id,
        Permission.APPLICATION_PAY_OUT,
        _("核对九项条件并放款"),
        payment.fund_by,
    )


def _delivery_turn(application: Application) -> Turn:
    payment = Payment.objects.get(application_id=application.pk)
    if payment.status not in (Escrow.FUNDED, Escrow.PARTIAL):
        return Turn(None, "", "")
    if list_waiting_acceptances(by=SYSTEM, application_id=application.pk):
        return Turn(application.bank_id, Permission.DELIVERY_CONFIRM, _("核对收货证据并确认"))
    if list_awaiting_receipt(by=SYSTEM, deal_id=application.deal_id).exists():
        return Turn(application.buyer_id, Permission.DELIVERY_ACCEPT, _("验收到货"))
    open_lines = payment.lines.filter(status="waiting").exists()
    what = _("按订单发货") if open_lines else ""
    return Turn(
        application.seller_id if open_lines else None,
        Permission.DELIVERY_SHIP,
        what,
        payment.expires_at,
    )


def _wants_bank(acceptance: Acceptance) -> bool:
    act = Act.objects.filter(key=f"confirm:{acceptance.key}").first()
    return (
        act is not None
        and str(acceptance.application.bank_id) in act.approvals
        and act.status == "asked"
    )


def _matches(search: str) -> Q:
    return (
        Q(number__icontains=search)
        | Q(order__number__icontains=search)
        | Q(order__buyer__name__icontains=search)
        | Q(order__seller__name__icontains=search)
    )
