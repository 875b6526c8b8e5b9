"""An application as its buyer asks for it: the figures it begins with, and who may ask."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import Forbidden, RuleBroken
from scf.core.money import PPM, half_up
from scf.credit.choices import AnchorSide
from scf.credit.inputs import ApplicationTerms
from scf.credit.terms import ProgrammeTerms
from scf.financing import machine
from scf.financing.inputs import ApplicationIn
from scf.financing.models import Application
from scf.financing.pricing import price
from scf.trade.models import Order, OrderLine
from scf.workflow import clocks


def draft_application(
    given: ApplicationIn, programme: ApplicationTerms, *, deal_id: UUID, number: str, by: Actor
) -> Application:
    """The application as asked for, written down as the buyer's own draft. Amounts fen.

    A floating rate is the one of the day. Raises RuleBroken(line_without_value, own_funds_too_low,
    tenor_outside, expiry_outside, day_is_past, no_lines, wrong_programme, no_base_rate).
    """
    require_ahead(given.funding_planned_on)
    terms, pricing = price(programme.terms, on=clocks.business_date())
    figures = figures_of(given, terms, by=by)
    lines = OrderLine.objects.visible_to(by).filter(pk__in=given.order_line_ids)
    first = lines.select_related("order").first()
    if first is None:
        raise RuleBroken(_("请至少选择一行订单"), code="no_lines")
    _require_anchor(programme, first.order)
    return Application.objects.create(
        status=machine.S.DRAFT,
        deal_id=deal_id,
        number=number,
        order=first.order,
        bank_id=programme.bank_id,
        partner_ids=[UUID(partner.bank) for partner in terms.partners],
        enterprise_id=programme.enterprise_id,
        buyer_id=first.order.buyer_id,
        seller_id=first.order.seller_id,
        programme_id=given.programme_id,
        programme_version=programme.hash,
        terms=asdict(terms),
        quote={"pricing": pricing},
        purpose=given.purpose.strip(),
        **figures,
    )


def _require_anchor(programme: ApplicationTerms, order: Order) -> None:
    """Refuse an order on whose agreed side the core enterprise does not stand (K22). Raises
    RuleBroken(wrong_programme).
    """
    side = AnchorSide(programme.anchor_side)
    anchor_id = order.buyer_id if side == AnchorSide.BUYER else order.seller_id
    if anchor_id != programme.enterprise_id:
        raise RuleBroken(_("该项目只用于%(side)s的订单"), code="wrong_programme", side=side.label)


def figures_of(given: ApplicationIn, terms: ProgrammeTerms, *, by: Actor) -> dict[str, Any]:
    """Amounts (fen) and dates of what is asked for, by the application's own field names.

    Raises RuleBroken(line_without_value, own_funds_too_low, tenor_outside, expiry_outside).
    """
    total = _total(given, by)
    least = half_up(total * terms.own_funds_ppm, PPM)
    own = least if given.own_funds_minor is None else given.own_funds_minor
    _require_own_funds(own, least, total)
    planned = given.funding_planned_on or clocks.business_date()
    _require_tenor(terms, planned, given.matures_on)
    return {
        "total_minor": total,
        "own_funds_minor": own,
        "loan_minor": total - own,
        "deposit_minor": half_up((total - own) * terms.deposit_ppm, PPM),
        "funding_planned_on": planned,
        "matures_on": given.matures_on,
        "expires_on": _expires_on(given, terms, planned),
    }


def require_ahead(planned: date | None) -> None:
    """Refuse to plan the pay-out for a day that is over. Raises RuleBroken(day_is_past)."""
    if planned and planned < clocks.business_date():
        raise RuleBroken(
            _("计划放款日不能早于今天"), code="day_is_past", field="funding_planned_on"
        )


def _expires_on(given: ApplicationIn, terms: ProgrammeTerms, planned: date) -> date:
    """The day whose 00:00 ends the escrow (K10): the one asked for, else the programme's days on.

    Unasked, no escrow outlives its loan; and a release that draws the loan draws none after it.
    Raises RuleBroken(expiry_outside).
    """
    last = given.matures_on + timedelta(days=terms.long_stop_days)
    if given.expires_on and not planned < given.expires_on <= last:
        raise RuleBroken(
            _("托管截止日须晚于计划放款日 %(first)s，且不晚于 %(last)s"),
            code="expiry_outside",
            field="expires_on",
            first=planned,
            last=last,
        )
    if given.expires_on and terms.interest_from == "funding":
        return given.expires_on
    return min(given.expires_on or planned + timedelta(days=terms.expiry_days), given.matures_on)


def _total(given: ApplicationIn, by: Actor) -> int:
    amounts = OrderLine.objects.visible_to(by).filter(pk__in=given.order_line_ids)
    total = sum(amounts.values_list("amount_minor", flat=True))
    if total <= 0:
        raise RuleBroken(_("所选订单行没有可融资的金额"), code="line_without_value", line="")
    return total


def _require_own_funds(own: int, least: int, total: int) -> None:
    if own < least or own >= total:
        raise RuleBroken(
            _("自有资金须不少于 %(least)s 分且小于订单金额 %(total)s 分"),
            code="own_funds_too_low",
            least=least,
            total=total,
        )


def _require_tenor(terms: ProgrammeTerms, planned: date, matures_on: date) -> None:
    days = (matures_on - planned).days
    if not terms.tenor_min_days <= days <= terms.tenor_max_days:
        raise RuleBroken(
            _("期限 %(days)s 天不在 %(least)s 至 %(most)s 天之间"),
            code="tenor_outside",
            days=days,
            least=terms.tenor_min_days,
            most=terms.tenor_max_days,
        )


def require_right_parties(application: Application, lines: list[OrderLine], *, by: Actor) -> None:
    """Refuse lines of several orders, another than the buyer, or another enterprise's programme.

    Raises RuleBroken(one_order, wrong_programme), Forbidden(not_your_side).
    """
    if len({line.order_id for line in lines}) != 1:
        raise RuleBroken(_("一笔申请只能融资同一张订单的行"), code="one_order")
    if application.buyer_id != by.organization_id:
        raise Forbidden(_("只有订单的买方可以申请融资"), code="not_your_side")
    if application.enterprise_id not in (application.buyer_id, application.seller_id):
        raise RuleBroken(_("该项目的核心企业不是本订单的一方"), code="wrong_programme")
