"""A buyer asks for money on order lines: locked, quoted, checked and put before the bank in one
act.
"""

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from scf.core.actor import SYSTEM, Actor
from scf.core.errors import Forbidden
from scf.credit import selectors as credit
from scf.financing import checks, machine
from scf.financing.access import require_permission
from scf.financing.costs import require_within_cap
from scf.financing.drafts import draft_application, require_right_parties
from scf.financing.inputs import ApplicationIn
from scf.financing.models import Application, ApplicationLine
from scf.financing.offers import make_quote
from scf.financing.papers import drawdown_papers
from scf.financing.services.hold import hold_limits
from scf.parties.permissions import Permission
from scf.trade import services as trade
from scf.trade.models import OrderLine
from scf.workflow import clocks
from scf.workflow.deals import lock_deal, open_deal
from scf.workflow.models import Fact


@transaction.atomic
def submit_application(given: ApplicationIn, *, by: Actor) -> Application:
    """Submit in the buyer's name: lines locked, quote frozen, limit blocked, checks run (domain 1,
    step 5 and 6).

    The drawdown request and the payment mandate (K28) are made and hashed with it. Raises
    Forbidden,
    NotFound, Conflict(line_locked), RuleBroken (own_funds_too_low, tenor_outside, limit_exceeded,
    kyb_invalid, currency_not_financed, cost_above_cap …); then nothing is locked, blocked or kept.
    """
    require_permission(by, Permission.APPLICATION_SUBMIT)
    if by.organization_id is None:
        raise Forbidden(_("只有订单的买方可以申请融资"), code="not_your_side")
    programme = credit.terms_for(given.programme_id, borrower_id=by.organization_id, by=by)
    deal_id = open_deal()
    lock_deal(deal_id)
    application = draft_application(given, programme, deal_id=deal_id, number=_next_number(), by=by)
    lines = trade.reserve_lines(
        given.order_line_ids, application_id=application.pk, deal_id=deal_id, by=by
    )
    require_right_parties(application, lines, by=by)
    add_lines(application, lines=lines)
    application.quote = make_quote(application)
    require_within_cap(application.quote["cost"])
    application.papers = drawdown_papers(application)
    application.save(update_fields=["quote", "papers"])
    for lender_id in (application.bank_id, *application.partner_ids):
        trade.share_order(application.order_id, organization_id=lender_id, by=by)
    hold_limits(application, by=by)
    put_before_bank(application, by=by)
    return application


def put_before_bank(application: Application, *, by: Actor) -> None:
    """One more round: submitted, checked by the rules, and the reviewer's turn."""
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


def add_lines(application: Application, *, lines: list[OrderLine]) -> None:
    """Write down the application's lines, each with the most that may be paid for it."""
    ApplicationLine.objects.bulk_create(
        ApplicationLine(application=application, order_line=line, cap_minor=line.financed_minor)
        for line in sorted(lines, key=lambda line: line.line_number)
    )


def _next_number() -> str:
    """FA, the business date, and how many came before on that day.

    One asker at a time, until its transaction ends: two submits of one second get two numbers.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('financing.next_number'))")
    day = clocks.business_date()
    made = Fact.objects.filter(name="application.submitted", business_date=day).count()
    return f"FA{day:%Y%m%d}{made + 1:04d}"
