"""The bank's third person pays the loan into the escrow, after nine stored checks (K27)."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scf.core.actor import Actor
from scf.core.errors import Conflict, RuleBroken
from scf.financing import checks, machine
from scf.financing.access import get_application, require_party, require_permission
from scf.financing.costs import judge_opening, require_within_cap
from scf.financing.models import Application
from scf.financing.services.lend import require_no_lenders_word
from scf.parties.checks import require_step_up, require_within_signing_limit
from scf.parties.permissions import Permission
from scf.payments import services as payments
from scf.payments.selectors import payment_of
from scf.workflow import clocks


def pay_out(application_id: UUID, *, by: Actor) -> Application:
    """Order the funding of the escrow; the application is FUNDED when the chain confirms it.

    One transaction: the nine results are kept also when one of them stops the pay-out. Raises
    Forbidden(four_eyes, step_up_required, over_signing_limit), Conflict(wrong_state),
    RuleBroken(past_maturity, tenor_outside, cost_above_cap), RuleBroken(check_failed) naming what
    is missing.
    """
    with transaction.atomic():
        application = get_application(application_id, by=by, lock=True)
        _require_may_pay(application, by)
        results = checks.run_pay_out_checks(application, by=by)
        if all(result.is_passed for result in results):
            _order_funding(application, [result.code for result in results], by)
    checks.require_all(results)
    return application


def _require_may_pay(application: Application, by: Actor) -> None:
    require_party(application, "bank", by=by)
    require_permission(by, Permission.APPLICATION_PAY_OUT)
    require_no_lenders_word(application, by=by)
    require_step_up(by)
    require_within_signing_limit(
        by, permission=Permission.APPLICATION_PAY_OUT, amount_minor=application.loan_minor
    )
    _require_term(application, clocks.business_date())
    if application.status != machine.S.SIGNED:
        raise Conflict(
            _("申请当前为“%(status_words)s”，不能放款"),
            code="wrong_state",
            status=application.status,
            status_words=application.status_label,
        )


def _require_term(application: Application, today: date) -> None:
    """Refuse a day on which the term or the cost would not be what programme and law allow: due
    dates stay as signed, so another day than the planned one makes the loan longer or dearer.
    """
    days = (application.matures_on - today).days
    if days <= 0:
        raise RuleBroken(
            _("贷款到期日 %(on)s 已到，不能再放款：请取消后重新申请"),
            code="past_maturity",
            on=application.matures_on.isoformat(),
        )
    most = application.terms["tenor_max_days"]
    if days > most:
        raise RuleBroken(
            _("今天放款期限为 %(days)s 天，超过项目上限 %(most)s 天：请等到计划放款日"),
            code="tenor_outside",
            days=days,
            most=most,
        )
    if today != application.funding_planned_on:
        require_within_cap(judge_opening(application, on=today))


def _order_funding(application: Application, passed: list[str], by: Actor) -> None:
    application.pay_out_attempts += 1
    application.save(update_fields=["pay_out_attempts"])
    machine.MACHINE.fire(
        application, "paid_out", by=by, amount_minor=application.loan_minor, checks=passed
    )
    payment = payment_of(application.pk, by=by)
    payments.fund(payment.pk, by=by)
