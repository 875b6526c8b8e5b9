"""Which buttons a person gets on a deal: what the machine and the services would allow it now."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.money import format_yuan
from scf.financing import selectors as financing
from scf.financing.machine import MACHINE, S
from scf.financing.models import Application
from scf.financing.services.confirm import first_of
from scf.financing.services.sign import wants_mandates
from scf.loans.machine import RUNNING
from scf.loans.models import Loan
from scf.loans.reading import is_owed
from scf.parties.permissions import Permission
from scf.payments.machine import LIVE
from scf.payments.machine import S as Escrow
from scf.payments.models import Payment
from scf.portals.deal.access import side_of
from scf.portals.deal.lending import awaiting_lenders, lending_of
from scf.portals.deal.words import Words
from scf.trade.selectors import is_shippable, list_awaiting_receipt, list_lines_of_deal

P = Permission


@dataclass(frozen=True)
class Button:
    """One thing to do: its words and address; ``is_post`` does it, else it leads to a page."""

    label: Words
    url: str
    is_post: bool = False
    tone: str = "primary"
    hint: Words = ""


def buttons_for(
    application: Application, payment: Payment | None, loan: Loan | None, *, by: Actor
) -> list[Button]:
    """Every button of the deal's page for this person, the most urgent first."""
    side = side_of(application, by)
    found: list[Button] = []
    if side == "bank":
        found += _bank(application, by)
    if side in ("bank", "buyer", "seller"):
        found += _signing(application, side, by)
    if application.status == S.FUNDED and payment is not None and payment.status in LIVE:
        found += _unsigned(application, by)
    if side == "buyer":
        found += _buyer(application, payment, loan, by)
    if side == "seller":
        found += _seller(application, payment, by)
    if side == "partner":
        found += _partner(application, by)
    return found


def _partner(application: Application, by: Actor) -> list[Button]:
    """A bank that lends beside decides about its own share, and reads."""
    lending = lending_of(application, by=by)
    if lending is not None and lending.may_decide:
        return [_to("review", application, _("查看并决定是否出资"))]
    if not by.can(P.APPLICATION_VIEW):
        return []
    return [_to("review", application, _("审查材料"), tone="outline-secondary")]


def _bank(application: Application, by: Actor) -> list[Button]:
    steps = MACHINE.available(application, by=by)
    found = []
    if {"recommended", "approved"} & set(steps):
        found.append(_to("review", application, _("查看并审查")))
    elif by.can(P.APPLICATION_VIEW):
        found.append(_to("review", application, _("审查材料"), tone="outline-secondary"))
    if "paid_out" in steps:
        found.append(_to("pay_out", application, _("核对并放款")))
    waiting = by.can(P.DELIVERY_CONFIRM) and financing.list_waiting_acceptances(
        by=by, application_id=application.pk
    )
    for acceptance in waiting or []:
        url = reverse("confirm_acceptance", args=[application.deal_id, acceptance.pk])
        label = _("核对收货：第 %(line)s 行") % {"line": acceptance.order_line.line_number}
        found.append(Button(label, url))
    if "cancelled" in steps:
        found.append(_to("cancel_application", application, _("取消放款"), tone="outline-danger"))
    return found


def _signing(application: Application, side: str, by: Actor) -> Sequence[Button]:
    needed = P.PAYMENT_SIGN if side == "bank" else P.APPLICATION_SIGN
    if side == "buyer" and by.can(needed) and wants_mandates(application):
        hint = _("上一次授权未成功；没有它银行不能放款")
        return [_to("sign", application, _("重新签署扣款授权书"), is_post=True, hint=hint)]
    if application.status != S.APPROVED or not by.can(needed):
        return []
    if financing.signed_sides(application)[side] or awaiting_lenders([application]):
        return []
    return [_to("sign", application, _("查看并签署条款"))]


def _unsigned(application: Application, by: Actor) -> list[Button]:
    """Acceptances that wait for this side's signature: a machine's word, or a failed attempt."""
    side, permission = first_of(application)
    if side_of(application, by) != side or not by.can(permission):
        return []
    waiting = financing.list_unsigned_acceptances(by=by, application_ids=[application.pk])
    hint = _("签署后按验收金额付款；需再次验证身份")
    return [
        Button(
            _("签署第 %(line)s 行的收发货") % {"line": row.order_line.line_number},
            reverse("sign_acceptance", args=[application.deal_id, row.pk]),
            is_post=True,
            hint=hint,
        )
        for row in waiting
    ]


def _is_to_pay(loan: Loan) -> bool:
    # A fee may be owed before the first release is drawn.
    return bool(loan.drawn_minor) or is_owed(loan)


def _paying_in(application: Application, payment: Payment, by: Actor) -> list[Button]:
    """What the buyer pays between the signing and the pay-out: its part, and its deposit."""
    is_due = application.status == S.SIGNED and not wants_mandates(application)
    if not is_due or not financing.is_mine(financing.turn_of(application), by=by):
        return []
    if payment.status == Escrow.OPEN:
        hint = _("从贵方一般钱包划入托管，只能付给约定收款人")
        return [_to("own_funds", application, _("支付首付款"), is_post=True, hint=hint)]
    hint = _("从贵方一般钱包划入贵方保证金钱包并质押给银行；不抵本金，结清后退回")
    label = _("缴存保证金 %(yuan)s 元") % {"yuan": format_yuan(application.deposit_minor)}
    return [_to("pledge", application, label, is_post=True, hint=hint)]


def _buyer(
    application: Application, payment: Payment | None, loan: Loan | None, by: Actor
) -> list[Button]:
    found = _paying_in(application, payment, by) if payment else []
    if by.can(P.DELIVERY_ACCEPT):
        for row in list_awaiting_receipt(by=by, deal_id=application.deal_id):
            url = reverse("accept", args=[application.deal_id, row.pk])
            label = _("验收第 %(line)s 行（发货单 %(number)s）") % {
                "line": row.order_line.line_number,
                "number": row.delivery.number,
            }
            found.append(Button(label, url))
    if loan and loan.status in RUNNING and by.can(P.LOAN_REPAY) and _is_to_pay(loan):
        found.append(_to("repay", application, _("还款"), tone="secondary"))
    steps = MACHINE.available(application, by=by)
    if application.status == S.RETURNED and "submitted" in steps:
        found.append(_to("resubmit", application, _("补正后重新提交")))
    if "withdrawn" in steps:
        found.append(_to("withdraw", application, _("撤回申请"), tone="outline-danger"))
    return found


def _seller(application: Application, payment: Payment | None, by: Actor) -> list[Button]:
    is_live = payment is not None and payment.status in LIVE
    if not is_live or not by.can(P.DELIVERY_SHIP):
        return []
    found = []
    if any(is_shippable(line) for line in list_lines_of_deal(application.deal_id, by=by)):
        found.append(_to("ship", application, _("登记发货")))
    for row in list_awaiting_receipt(by=by, deal_id=application.deal_id):
        url = reverse("evidence_link", args=[application.deal_id, row.pk])
        label = _("重新出具二维码：发货单 %(number)s 第 %(line)s 行") % {
            "number": row.delivery.number,
            "line": row.order_line.line_number,
        }
        found.append(Button(label, url, is_post=True, tone="outline-secondary"))
    return found


def _to(
    name: str,
    application: Application,
    label: Words,
    *,
    is_post: bool = False,
    tone: str = "primary",
    hint: Words = "",
) -> Button:
    return Button(label, reverse(name, args=[application.deal_id]), is_post, tone, hint)
