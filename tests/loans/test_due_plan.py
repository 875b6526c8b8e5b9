"""Due dates of a loan: cycle, due day, and what a holiday does to them (K14)."""

from datetime import date

import pytest

from scf.loans.actions import Draw
from scf.loans.book import fold
from scf.loans.calendars import WorkingDays
from scf.loans.due_plan import DueRule, plan_due_dates
from scf.loans.kept_calendar import working_day_table
from scf.loans.schedule import schedule
from scf.loans.state import days_past_due
from scf.loans.stored import terms_as_json, terms_from_json
from scf.loans.terms import InterestBasis, Product, Terms

OPENED, MATURES = date(2024, 1, 15), date(2025, 1, 15)


def planned(rule, opened_on=OPENED, matures_on=MATURES, **options):
    return plan_due_dates(rule, opened_on=opened_on, matures_on=matures_on, **options)


def test_quarterly_interest_days_are_the_20th_of_quarter_ends_and_cost_the_worked_sums():
    plan = planned(DueRule(every_months=3, on_day=20))
    terms = Terms(
        frame_minor=1_000_000_00,
        rate_ppm=43_500,
        penalty_rate_ppm=65_250,
        opened_on=OPENED,
        due_dates=plan.due,
    )
    drawn = Draw(key="draw", on=OPENED, amount_minor=terms.frame_minor)
    rows = fold(terms, [drawn], as_of=MATURES).state.rows

    worked = [7_854_17, 11_116_67, 11_116_67, 10_995_83, 3_141_66]  # the residual to the last
    assert [row.contract.charged_minor for row in rows] == worked
    assert [row.interest_minor for row in schedule(terms)] == worked
    assert [row.principal_minor for row in rows] == [0, 0, 0, 0, 1_000_000_00]


def test_monthly_dates_keep_the_funding_day_through_short_months():
    plan = planned(DueRule(), date(2024, 1, 31), date(2024, 4, 30))

    assert plan.due == (date(2024, 2, 29), date(2024, 3, 31), date(2024, 4, 30))


def test_a_broken_period_too_short_for_an_instalment_joins_its_neighbour():
    rule = DueRule(on_day=20, shortest_days=15)
    plan = planned(rule, date(2024, 1, 10), date(2024, 5, 25))

    assert plan.due == (date(2024, 2, 20), date(2024, 3, 20), date(2024, 4, 20), date(2024, 5, 25))


def test_a_moved_date_does_not_drift_and_two_that_meet_become_one():
    # 31 August 2024 is a Saturday, and so the second of September is due; 30 September stays.
    plan = planned(
        DueRule(), date(2024, 7, 31), date(2024, 10, 2), calendar=working_day_table().calendar
    )

    assert plan.planned == (date(2024, 8, 31), date(2024, 9, 30), date(2024, 10, 2))
    # The National Day week closes 1 to 7 October.
    assert plan.due == (date(2024, 9, 2), date(2024, 9, 30), date(2024, 10, 8))
    met = planned(DueRule(), date(2024, 7, 31), date(2024, 9, 1), calendar=WorkingDays())
    assert (met.planned, met.due) == ((date(2024, 9, 1),), (date(2024, 9, 2),))


def holiday_loan(basis: InterestBasis) -> Terms:
    plan = planned(
        DueRule(), date(2024, 8, 1), date(2024, 11, 1), calendar=working_day_table().calendar
    )
    return Terms(
        frame_minor=90_000_00,
        rate_ppm=43_500,
        penalty_rate_ppm=65_250,
        opened_on=date(2024, 8, 1),
        due_dates=plan.due,
        planned_dates=plan.planned,
        product=Product.EQUAL_PRINCIPAL,
        basis=basis,
    )


def test_interest_runs_on_to_the_working_day_and_no_penalty_does():
    terms = holiday_loan(InterestBasis.BY_DAY)
    assert terms.due_dates == (date(2024, 9, 2), date(2024, 10, 8), date(2024, 11, 1))
    drawn = Draw(key="draw", on=terms.opened_on, amount_minor=terms.frame_minor)

    book = fold(terms, [drawn], as_of=date(2024, 9, 2))
    assert book.state.rows[0].contract.charged_minor == 348_00  # 90,000.00 for 32 days
    assert days_past_due(book.state) == 0
    assert not book.state.rows[0].penalty.exact


def test_a_month_made_longer_by_a_holiday_counts_as_a_month_and_its_days():
    rows = schedule(holiday_loan(InterestBasis.BY_MONTH))

    # A month and one day; then 1 September to 1 October and seven days, less the day before.
    assert rows[0].interest_minor == 326_25 + 10_88
    assert rows[1].interest_minor == 217_50 + 43_50
    assert rows[2].interest_minor == 108_75 - 25_38


def test_the_agreed_days_are_kept_with_the_terms():
    terms = holiday_loan(InterestBasis.BY_MONTH)

    assert terms_from_json(terms_as_json(terms)) == terms
    opened = terms.opened(date(2024, 9, 2))
    assert opened.agreed_dates == (date(2024, 10, 1), date(2024, 11, 1))


@pytest.mark.parametrize("every", [1, 3])
def test_without_a_date_between_there_is_maturity_alone(every):
    assert planned(DueRule(every_months=every), OPENED, date(2024, 1, 20)).due == (
        date(2024, 1, 20),
    )
    assert planned(None).due == (MATURES,)
