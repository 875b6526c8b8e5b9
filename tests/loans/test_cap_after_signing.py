"""What may not be lent at more than the cap is not brought above it later, in whatever order."""

from datetime import date

import pytest

from scf.core.errors import RuleBroken
from scf.loans.models import Loan
from scf.workflow import clocks
from tests.factories.loans import opened_loan
from tests.loans.deal import FUNDED, MATURITY
from tests.loans.lives import decided, go_to, proposed

pytestmark = pytest.mark.django_db
LATER = date(2026, 4, 1)
NEW_DATES = ["2026-07-15", "2026-08-15", "2026-09-15"]


@pytest.fixture
def loan() -> Loan:
    """800,000.00 at 4.35 %, on 1 April of 2026."""
    clocks.open_day(FUNDED)
    made = opened_loan()
    go_to(LATER)
    made.refresh_from_db()
    return made


def fee(amount_minor: int, due_on: date) -> dict[str, object]:
    named = {"nature": "fee", "name": "变更费", "due_on": due_on.isoformat()}
    return {"amount_minor": amount_minor, **named}


def test_a_rate_agreed_anew_stays_within_the_cap(loan):
    with pytest.raises(RuleBroken) as refusal:
        proposed(loan, "restructure", due_dates=NEW_DATES, rate_ppm=360_000)
    assert (refusal.value.code, refusal.value.extra["field"]) == ("cost_above_cap", "rate_ppm")
    monthly = [f"2026-{month:02d}-01" for month in range(5, 12)]
    with pytest.raises(RuleBroken) as refusal:
        # A fee of the first principal each month costs more of what is still owed.
        proposed(loan, "restructure", due_dates=monthly, rate_ppm=180_000, product="equal_fee")
    assert refusal.value.code == "cost_above_cap"
    decided(loan, "restructure", due_dates=NEW_DATES, rate_ppm=180_000)


def test_a_fee_is_held_to_the_plan_in_force_when_it_was_planned_anew(loan):
    decided(loan, "restructure", due_dates=NEW_DATES, rate_ppm=180_000)
    with pytest.raises(RuleBroken) as refusal:
        proposed(loan, "cost", **fee(30_000_00, date(2026, 7, 15)))
    assert refusal.value.code == "cost_above_cap"
    proposed(loan, "cost", **fee(1_000_00, date(2026, 7, 15)))


def test_a_plan_made_anew_counts_the_fees_still_to_come(loan):
    decided(loan, "cost", **fee(30_000_00, MATURITY))
    with pytest.raises(RuleBroken) as refusal:
        proposed(loan, "restructure", due_dates=["2026-04-20"])
    assert refusal.value.code == "cost_above_cap"
