"""A floating rate follows the quote on the days its contract names: one dated action a reset."""

from datetime import date

from scf.core.actor import SYSTEM
from scf.loans.actions import SetRate
from scf.loans.base_rate import fixing, reset_days
from scf.loans.book import fold
from scf.loans.kept_quotes import quote_table
from scf.loans.models import Loan, LoanAction
from scf.loans.stored import details_as_json
from scf.workflow import facts


def set_due_rates(loan: Loan, *, before: date) -> list[LoanAction]:
    """Keep an action for each reset day before a day that has none yet; the loan is locked.

    The quote is the last one published by the reset day, so a day closed late gives the same rate.
    Fact ``loan.rate_set`` with quote and date used. Safe twice.
    """
    if not loan.terms.get("pricing") or loan.opened_on is None:
        return []
    known = list(loan.actions.all())
    kept = {row.key for row in known}
    made = []
    for day in _reset_days(loan, known, before=before):
        if _key(loan, day) not in kept:
            made.append(_set_rate(loan, day))
    return made


def _reset_days(loan: Loan, known: list[LoanAction], *, before: date) -> list[date]:
    # Dates and pricing may have been agreed anew: they are those of the fold.
    given = loan.core_terms
    lived = loan.lived_to or given.opened_on
    terms = fold(given, [row.as_action() for row in known], as_of=lived).terms
    if terms.pricing is None:
        return []
    reset_on, dates = terms.pricing.reset_on, terms.due_dates
    days = reset_days(reset_on, opened_on=terms.opened_on, due_dates=dates)
    return [day for day in days if day < before]


def _set_rate(loan: Loan, day: date) -> LoanAction:
    pricing = loan.core_terms.pricing
    if pricing is None:
        raise AssertionError(f"{loan}: a fixed rate is never set anew")
    found = fixing(pricing, quote_table().quotes, on=day)
    action = SetRate(
        key=_key(loan, day),
        on=day,
        rate_ppm=max(0, found.rate_ppm),
        quote_ppm=found.quote.rate_ppm,
        quoted_on=found.quote.published_on,
    )
    row = LoanAction.objects.create(
        loan=loan,
        key=action.key,
        kind="set_rate",
        on=day,
        amount_minor=0,
        details=details_as_json(action),
    )
    facts.record(
        "loan.rate_set",
        loan,
        by=SYSTEM,
        value_date=day.isoformat(),
        rate_ppm=action.rate_ppm,
        quote_ppm=action.quote_ppm,
        quoted_on=action.quoted_on.isoformat(),
    )
    return row


def _key(loan: Loan, day: date) -> str:
    return f"set_rate:{loan.pk}:{day}"
