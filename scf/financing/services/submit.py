"""A buyer asks for money on order lines: locked, quoted, checked and put before the bank in one
act.
"""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.core.actor import SYSTEM, Actor
from scf.core.errors import Forbidden, RuleBroken
from scf.core.money import PPM, half_up
from scf.credit import selectors as credit
from scf.credit import services as limits
from scf.credit.inputs import ApplicationTerms
from scf.credit.terms import ProgrammeTerms
from scf.financing import checks, machine
from scf.financing.access import get_application, require_party, require_permission
from scf.financing.models import Application, ApplicationLine
from scf.financing.offers import make_quote
from scf.financing.papers import drawdown_papers
from scf.parties.permissions import Permission
from scf.trade import services as trade
from scf.trade.models import OrderLine
from scf.workflow import clocks
from scf.workflow.deals import lock_deal, open_deal
from scf.workflow.models import Fact


@dataclass(frozen=True)
class ApplicationIn:
    """What the buyer asks for. ``own_funds_minor`` is fen; empty means the programme's smallest
    share.
    """

    programme_id: UUID
    order_line_ids: tuple[UUID, ...]
    matures_on: date
    funding_planned_on: date | None = None
    expires_on: date | None = None
    own_funds_minor: int | None = None
    purpose: str = ""


@transaction.atomic
def submit_application(given: ApplicationIn, *, by: Actor) -> Application:
    """Submit in the buyer's name: lines locked, quote frozen, limit blocked, checks run (domain 1,
    step 5 and 6).

    The drawdown request and the payment mandate (K28) are made and hashed with it. Raises
    Forbidden,
    NotFound, Conflict(line_locked), RuleBroken (own_funds_too_low, tenor_outside, limit_exceeded,
    kyb_invalid, currency_not_financed …); then nothing is locked, blocked or kept.
    """
    require_permission(by, Permission.APPLICATION_SUBMIT)
    if by.organization_id is None:
        raise Forbidden(_("只有订单的买方可以申请融资"), code="not_your_side")
    programme = credit.terms_for(given.programme_id, borrower_id=by.organization_id, by=by)
    deal_id = open_deal()
    lock_deal(deal_id)
    application = _draft(given, programme, deal_id, by)
    lines = trade.reserve_lines(
        given.order_line_ids, application_id=application.pk, deal_id=deal_id, by=by
    )
    _require_right_parties(application, lines, by)
    _add_lines(application, lines)
    application.quote = make_quote(application)
    application.papers = drawdown_papers(application)
    application.save(update_fields=["quote", "papers"])
    trade.share_order(application.order_id, organization_id=application.bank_id, by=by)
    limits.hold_limit(
        application.pk,
        programme_id=application.programme_id,
        borrower_id=application.buyer_id,
        amount_minor=application.loan_minor,
        deal_id=deal_id,
        by=by,
    )
    _submit(application, by)
    return application


def _submit(application: Application, by: Actor) -> None:
    application.rounds += 1
    application.save(update_fields=["rounds"])
    machine.MACHINE.fire(
        application, "submitted", by=by, loan_minor=application.loan_minor, round=application.rounds
    )
    machine.MACHINE.fire(application, "check_started", by=SYSTEM)
    results = checks.run_submit_checks(application)
    machine.MACHINE.fire(
        application,
        "checked",
        by=SYSTEM,
        passed=sum(result.is_passed for result in results),
        failed=[result.code for result in results if not result.is_passed],
    )


def _draft(
    given: ApplicationIn, programme: ApplicationTerms, deal_id: UUID, by: Actor
) -> Application:
    terms = programme.terms
    total = _total(given, by)
    own = given.own_funds_minor
    least = half_up(total * terms.own_funds_ppm, PPM)
    own = least if own is None else own
    _require_own_funds(own, least, total)
    planned = given.funding_planned_on or clocks.business_date()
    _require_tenor(terms, planned, given.matures_on)
    lines = OrderLine.objects.visible_to(by).filter(pk__in=given.order_line_ids)
    first = lines.select_related("order").first()
    if first is None:
        raise RuleBroken(_("请至少选择一行订单"), code="no_lines")
    return Application.objects.create(
        status=machine.S.DRAFT,
        deal_id=deal_id,
        number=_next_number(),
        order=first.order,
        bank_id=programme.bank_id,
        enterprise_id=programme.enterprise_id,
        buyer_id=first.order.buyer_id,
        seller_id=first.order.seller_id,
        programme_id=given.programme_id,
        programme_version=programme.hash,
        terms=asdict(terms),
        total_minor=total,
        own_funds_minor=own,
        loan_minor=total - own,
        purpose=given.purpose.strip(),
        funding_planned_on=planned,
        matures_on=given.matures_on,
        expires_on=given.expires_on or planned + timedelta(days=terms.expiry_days),
    )


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


def _require_right_parties(application: Application, lines: list[OrderLine], by: Actor) -> None:
    if len({line.order_id for line in lines}) != 1:
        raise RuleBroken(_("一笔申请只能融资同一张订单的行"), code="one_order")
    if application.buyer_id != by.organization_id:
        raise Forbidden(_("只有订单的买方可以申请融资"), code="not_your_side")
    if application.enterprise_id not in (application.buyer_id, application.seller_id):
        raise RuleBroken(_("该项目的核心企业不是本订单的一方"), code="wrong_programme")


def _add_lines(application: Application, lines: list[OrderLine]) -> None:
    ApplicationLine.objects.bulk_create(
        ApplicationLine(application=application, order_line=line, cap_minor=line.financed_minor)
        for line in sorted(lines, key=lambda line: line.line_number)
    )


def _next_number() -> str:
    """FA, the business date, and how many came before on that day: unique by constraint, retried by
    the door.
    """
    day = clocks.business_date()
    made = Fact.objects.filter(name="application.submitted", business_date=day).count()
    return f"FA{day:%Y%m%d}{made + 1:04d}"


@transaction.atomic
def resubmit_application(application_id: UUID, *, purpose: str, by: Actor) -> Application:
    """Submit again what the bank returned, with what was asked for added to the purpose; checks run
    anew.
    """
    application = get_application(application_id, by=by, lock=True)
    require_party(application, "buyer", by=by)
    application.purpose = purpose.strip()
    application.reason_codes = []
    application.quote = make_quote(application)
    application.papers = drawdown_papers(application)
    application.save(update_fields=["purpose", "reason_codes", "quote", "papers"])
    _submit(application, by)
    return application
