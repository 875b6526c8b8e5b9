"""What the buyer is shown before it signs: schedule, fees, the legal rate, the reference rate, an
idle day (K23).
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_noop

from scf.core.money import split_loan_part
from scf.financing.costs import judge
from scf.financing.fees import BuyersFee, buyers_fees
from scf.financing.lenders import lenders_shown
from scf.financing.loan_terms import due_plan, loan_terms, years_without_table
from scf.financing.models import Application
from scf.loans.apr import Flow, NoRate, xirr
from scf.loans.offer import Fee, Offer, offer, used_money

METHOD = gettext_noop("单利：利息与费用合计 ÷（实际占用本金 × 天数）× 360")
IRR_METHOD = gettext_noop("单利：各期还款与费用的内部收益率（IRR，月）× 12")


def make_quote(application: Application) -> dict[str, Any]:
    """The disclosure kept with the application: money in fen, rates as decimal strings, dates in
    ISO form.
    """
    plan = due_plan(application)
    terms = loan_terms(application, plan=plan)
    fees = buyers_fees(application, plan)
    shown = offer(terms, fees=[Fee(fee.on, fee.amount_minor) for fee in fees])
    return {
        "interest_minor": shown.interest_minor,
        "fees_minor": shown.fees_minor,
        "fees": [fee.as_json() for fee in fees],
        "per_idle_day_minor": shown.per_idle_day_minor,
        "idle_cost_of": application.terms["idle_cost_of"],
        "annual_rate_simple": str(shown.law_simple),
        "annual_rate_simple_365": str(shown.simple_365),
        "annual_rate_compound": str(shown.law_compound),
        "annual_rate_xirr": str(shown.xirr),
        "method": IRR_METHOD if shown.is_by_irr else METHOD,
        "cost": judge(shown, fees=fees),
        "pricing": application.quote.get("pricing"),
        "schedule": [
            {
                "due_on": row.due_on.isoformat(),
                "principal_minor": row.principal_minor,
                "interest_minor": row.interest_minor,
                "fees_minor": sum(fee.amount_minor for fee in terms.fees if fee.on == row.due_on),
            }
            for row in shown.rows
        ],
        "planned_dates": [day.isoformat() for day in terms.planned_dates],
        "years_without_table": years_without_table(application, plan),
        "reference": _reference(application, shown, fees),
        **lenders_shown(application),
    }


def _reference(application: Application, shown: Offer, fees: Sequence[BuyersFee]) -> dict[str, Any]:
    """The all-in rate on money really used, if every line is accepted on its planned day."""
    releases, out, booked = [], 0, 0
    for line in application.lines.select_related("order_line"):
        out += line.cap_minor
        part = split_loan_part(out, application.loan_minor, application.total_minor, booked)
        booked += part
        releases.append(Flow(_assumed_release(application, line.order_line.planned_on), part))
    payments = [Flow(row.due_on, row.payment_minor) for row in shown.rows]
    payments += [Flow(fee.on, fee.amount_minor) for fee in fees]
    try:
        used = used_money([flow for flow in releases if flow.amount_minor], payments)
    except NoRate as refusal:
        return {"none_because": refusal.code}
    return {
        **_with_deposit(application, releases, payments),
        "assumed_releases": [
            {"on": flow.on.isoformat(), "amount_minor": flow.amount_minor} for flow in releases
        ],
        "annual_rate_simple": str(used.simple_360),
        "annual_rate_simple_365": str(used.simple_365),
        "annual_rate_xirr": str(used.xirr),
    }


def _with_deposit(
    application: Application, releases: Sequence[Flow], payments: Sequence[Flow]
) -> dict[str, str]:
    """The same rate when the deposit counts as money not to be used: it earns nothing for its
    owner from the planned funding until the last due date (K17). Empty without a deposit.
    """
    if not application.deposit_minor:
        return {}
    deposit = application.deposit_minor
    flows = [*releases, *(Flow(flow.on, -flow.amount_minor) for flow in payments)]
    flows.append(Flow(application.funding_planned_on, -deposit))
    flows.append(Flow(max(flow.on for flow in payments), deposit))
    try:
        return {"annual_rate_with_deposit": str(xirr(flows))}
    except NoRate:
        return {}  # the money used never exceeds what is pledged: there is no such rate


def _assumed_release(application: Application, planned: date | None) -> date:
    first, last = application.funding_planned_on, application.expires_on - timedelta(days=1)
    if planned is None:
        return first + (last - first) // 2
    return min(max(planned, first), last)
