"""Whose turn it is for what, of one application or of many, in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scf.core.actor import SYSTEM, Actor
from scf.financing.lenders import pending_lenders
from scf.financing.machine import S
from scf.financing.models import Application
from scf.financing.selectors.acceptances import (
    list_unsigned_acceptances,
    list_waiting_acceptances,
)
from scf.financing.selectors.applications import sides_signed
from scf.financing.services.confirm import first_of
from scf.financing.services.sign import without_mandate
from scf.parties.permissions import Permission
from scf.payments.machine import LIVE, L
from scf.payments.machine import S as Escrow
from scf.payments.models import Payment, PaymentLine
from scf.payments.selectors import deposits_awaited
from scf.trade.selectors import list_awaiting_receipt
from scf.wallets.machine import A
from scf.wallets.models import Act

P = Permission
Frozen = tuple[dict[UUID, datetime | None], set[UUID], set[UUID]]
SIGNING_ORDER = ("buyer", "seller", "bank")

# What may be one's turn, by status: the side whose turn it is, and the permission it takes.
ASKED: dict[S, tuple[tuple[str, P], ...]] = {
    S.DRAFT: (("buyer", P.APPLICATION_SUBMIT),),
    S.RETURNED: (("buyer", P.APPLICATION_SUBMIT),),
    S.IN_REVIEW: (("bank", P.APPLICATION_RECOMMEND),),
    S.RECOMMENDED: (("bank", P.APPLICATION_APPROVE),),
    S.APPROVED: (
        ("buyer", P.APPLICATION_SIGN),
        ("seller", P.APPLICATION_SIGN),
        ("bank", P.PAYMENT_SIGN),
    ),
    S.SIGNED: (
        ("buyer", P.APPLICATION_SIGN),
        ("buyer", P.PAYMENT_SIGN),
        ("bank", P.APPLICATION_PAY_OUT),
    ),
    S.FUNDED: (
        ("bank", P.DELIVERY_CONFIRM),
        ("bank", P.PAYMENT_SIGN),
        ("buyer", P.DELIVERY_ACCEPT),
        ("seller", P.DELIVERY_SHIP),
    ),
}
STEP_OF = {
    S.IN_REVIEW: "recommended",
    S.RECOMMENDED: "approved",
    S.SIGNED: "paid_out",
}


@dataclass(frozen=True)
class Turn:
    """Whose turn it is: which organization, who there by permission, for what, until when."""

    party_id: UUID | None
    permission: str
    what: str | Promise
    due_at: datetime | None = None


@dataclass(frozen=True)
class _Known:
    """What the turns of some applications depend on, read once for all of them."""

    signed: dict[UUID, set[str]] = field(default_factory=dict)
    payments: dict[UUID, Payment] = field(default_factory=dict)
    own_funds_sent: set[UUID] = field(default_factory=set)
    deposits: dict[UUID, bool] = field(default_factory=dict)
    lacking_mandate: set[UUID] = field(default_factory=set)
    unsigned: set[UUID] = field(default_factory=set)
    confirming: set[UUID] = field(default_factory=set)
    arriving: set[UUID] = field(default_factory=set)
    with_open_lines: set[UUID] = field(default_factory=set)
    disputed_until: dict[UUID, datetime | None] = field(default_factory=dict)
    deciding: set[UUID] = field(default_factory=set)
    with_rest: set[UUID] = field(default_factory=set)
    lending: dict[UUID, list[UUID]] = field(default_factory=dict)


def turn_of(application: Application) -> Turn:
    """Whose turn it is now. A status on its way to the chain is nobody's turn."""
    return turns_of([application])[application.pk]


def turns_of(applications: Sequence[Application]) -> dict[UUID, Turn]:
    """Whose turn it is in each of them, by application; the number of queries does not grow."""
    known = _look(applications)
    return {application.pk: _turn(application, known) for application in applications}


def is_mine(turn: Turn, *, by: Actor) -> bool:
    """True when the actor may do what the turn asks for."""
    return (
        turn.party_id is not None
        and turn.party_id == by.organization_id
        and by.can(turn.permission)
    )


def _look(applications: Sequence[Application]) -> _Known:
    approved = [each.pk for each in applications if each.status == S.APPROVED]
    running = [each for each in applications if each.status in (S.SIGNED, S.FUNDED)]
    signed = sides_signed(approved) if approved else {}
    joint = [each.pk for each in applications if each.status == S.APPROVED and each.partner_ids]
    lending = pending_lenders(joint) if joint else {}
    if not running:
        return _Known(signed, lending=lending)
    payments = {
        payment.application_id: payment
        for payment in Payment.objects.filter(application_id__in=[each.pk for each in running])
    }
    sent = Act.objects.filter(
        subject_id__in=[payment.pk for payment in payments.values()],
        kind="own_funds",
        status__in=(A.ASKED, A.SENT),
    )
    own_funds_sent = set(sent.values_list("subject_id", flat=True))
    delivering = [each for each in running if each.status == S.FUNDED]
    signed_pks = [payments[each.pk].pk for each in running if each.status == S.SIGNED]
    lacking = without_mandate(signed_pks) if signed_pks else set()
    deposits = deposits_awaited(signed_pks) if signed_pks else {}
    goods = _look_at_goods(delivering, payments)
    return _Known(signed, payments, own_funds_sent, deposits, lacking, *goods, lending=lending)


def _look_at_goods(
    applications: Sequence[Application], payments: dict[UUID, Payment]
) -> tuple[set[UUID], set[UUID], set[UUID], set[UUID], *Frozen]:
    if not applications:
        return set(), set(), set(), set(), {}, set(), set()
    ids = {each.pk for each in applications}
    one = next(iter(ids)) if len(ids) == 1 else None
    waiting = list_waiting_acceptances(by=SYSTEM, application_id=one)
    confirming = {row.application_id for row in waiting}
    unsigned = list_unsigned_acceptances(by=SYSTEM, application_ids=ids)
    deals = [each.deal_id for each in applications]
    arriving = list_awaiting_receipt(by=SYSTEM).filter(order_line__deal_id__in=deals)
    escrows = [payments[pk].pk for pk in ids if pk in payments]
    open_lines = PaymentLine.objects.filter(payment_id__in=escrows, status=L.WAITING)
    return (
        {row.application_id for row in unsigned},
        confirming,
        set(arriving.values_list("order_line__deal_id", flat=True)),
        set(open_lines.values_list("payment_id", flat=True)),
        *_look_at_disputes(escrows),
    )


def _look_at_disputes(escrows: list[UUID]) -> Frozen:
    """By escrow when the first of its undecided disputes lapses; those whose decision is on its
    way; those with a closed line of which a rest is left.
    """
    lines = PaymentLine.objects.filter(payment_id__in=escrows, status=L.DISPUTED)
    rows = {line.pk: line for line in lines.order_by("-due_at")}
    asked = Act.objects.filter(
        subject_id__in=rows, kind="resolve_line", status__in=(A.ASKED, A.SENT)
    )
    decided = set(asked.values_list("subject_id", flat=True))
    until = {line.payment_id: line.due_at for pk, line in rows.items() if pk not in decided}
    over = PaymentLine.objects.filter(
        payment_id__in=escrows, status__in=(L.SHORT_CLOSED, L.REJECTED)
    )
    rests = set(over.values_list("payment_id", flat=True))
    return until, {rows[pk].payment_id for pk in decided}, rests


def _turn(application: Application, known: _Known) -> Turn:
    status = application.status
    if status == S.APPROVED:
        return _signing_turn(application, known)
    if status == S.SIGNED:
        return _own_funds_turn(application, known)
    if status == S.FUNDED:
        return _delivery_turn(application, known)
    words = {
        S.DRAFT: _("提交申请"),
        S.RETURNED: _("按退回原因补正后重新提交"),
        S.IN_REVIEW: _("审查贸易背景"),
        S.RECOMMENDED: _("审批"),
    }
    if status not in words:
        return Turn(None, "", _("等待链上确认") if status == S.PAYING_OUT else "")
    side, permission = ASKED[S(status)][0]
    return Turn(application.parties()[side], permission, words[S(status)], application.due_at)


def _signing_turn(application: Application, known: _Known) -> Turn:
    if lenders := known.lending.get(application.pk):
        words = _("作为联合出资行审批")
        return Turn(lenders[0], P.APPLICATION_APPROVE, words, application.due_at)
    signed = known.signed.get(application.pk, set())
    missing = next((side for side in SIGNING_ORDER if side not in signed), None)
    if missing is None:
        return Turn(None, "", _("签名已齐，等待链上开立托管"))
    permission = P.PAYMENT_SIGN if missing == "bank" else P.APPLICATION_SIGN
    return Turn(
        application.parties()[missing], permission, _("签署借款与托管条款"), application.due_at
    )


def _own_funds_turn(application: Application, known: _Known) -> Turn:
    payment = known.payments[application.pk]
    if payment.pk in known.lacking_mandate:
        words = _("重新签署扣款授权书")
        return Turn(application.buyer_id, P.APPLICATION_SIGN, words, payment.fund_by)
    if payment.status == Escrow.OPEN:
        if payment.pk in known.own_funds_sent:
            return Turn(None, "", _("首付款在途，等待链上确认"))
        return Turn(application.buyer_id, P.PAYMENT_SIGN, _("支付首付款"), payment.fund_by)
    if payment.pk in known.deposits:
        if known.deposits[payment.pk]:
            return Turn(None, "", _("保证金在途，等待链上确认"))
        return Turn(application.buyer_id, P.PAYMENT_SIGN, _("缴存保证金"), payment.fund_by)
    return Turn(
        application.bank_id, P.APPLICATION_PAY_OUT, _("核对放款条件并放款"), payment.fund_by
    )


def _delivery_turn(application: Application, known: _Known) -> Turn:
    payment = known.payments[application.pk]
    if payment.status not in LIVE:
        return Turn(None, "", "")
    if application.pk in known.confirming:
        return Turn(application.bank_id, P.DELIVERY_CONFIRM, _("核对收货证据并确认"))
    if application.pk in known.unsigned:
        side, permission = first_of(application)
        return Turn(application.parties()[side], permission, _("签署已登记的收发货"))
    if application.deal_id in known.arriving:
        return Turn(application.buyer_id, P.DELIVERY_ACCEPT, _("验收到货"))
    return _open_lines_turn(application, payment, known)


def _open_lines_turn(application: Application, payment: Payment, known: _Known) -> Turn:
    # Goods on their way came first; a frozen line must not wait for the last shipment.
    if payment.pk in known.disputed_until:
        due_at = known.disputed_until[payment.pk]
        return Turn(application.bank_id, P.PAYMENT_SIGN, _("裁定争议货款"), due_at)
    if payment.pk in known.with_open_lines:
        return Turn(application.seller_id, P.DELIVERY_SHIP, _("按订单发货"), payment.expires_at)
    words: str | Promise = ""
    if payment.pk in known.deciding:
        words = _("裁定在途，等待链上确认")
    elif payment.pk in known.with_rest:
        words = _("到期自动退回余额；买卖双方同意可提前退回")
    return Turn(None, P.DELIVERY_SHIP, words, payment.expires_at)
