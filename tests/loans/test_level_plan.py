"""Level instalments abroad: compounding, roundings, balloons, resets with a cap, interest only."""

from dataclasses import replace
from datetime import date
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_HALF_EVEN, Decimal

import pytest

from scf.loans.daycount import DayCount
from scf.loans.level_plan import (
    Frequency,
    LevelTerms,
    Reset,
    Shape,
    level_instalment,
    level_plan,
    rate_per_period,
    shown,
)

LOAN = LevelTerms(
    principal_minor=200_000_00, annual_rate=Decimal("0.07"), rows=360, amortised_over=360
)


def test_a_plan_repays_the_loan_to_the_cent():
    rows = level_plan(LOAN)

    assert level_instalment(LOAN) == 1330_60
    assert sum(row.principal for row in rows) == LOAN.principal_minor
    assert (len(rows), rows[-1].balance) == (360, 0)


def test_semi_annual_compounding_makes_a_month_cheaper_than_a_twelfth():
    monthly = rate_per_period(Decimal("0.05"), compounded=2, periods=12)

    assert (1 + monthly) ** 6 == pytest.approx(Decimal("1.025"))
    assert monthly < Decimal("0.05") / 12


@pytest.mark.parametrize(
    ("mode", "instalment"), [(ROUND_CEILING, 1330_61), (ROUND_DOWN, 1330_60), (None, 1330_60)]
)
def test_the_instalment_rounds_as_the_lender_says(mode, instalment):
    found = level_instalment(replace(LOAN, instalment_mode=mode))

    assert round(found) == instalment


def test_interest_on_half_a_cent_goes_up_or_to_the_even_cent():
    loan = replace(
        LOAN,
        principal_minor=100_001_25,
        annual_rate=Decimal("0.048"),
        interest_mode=ROUND_HALF_EVEN,
    )

    assert level_plan(loan)[0].interest == 400_00
    assert level_plan(replace(loan, interest_mode="ROUND_HALF_UP"))[0].interest == 400_01


def test_a_term_shorter_than_the_amortisation_leaves_a_balloon():
    rows = level_plan(replace(LOAN, rows=120))

    assert len(rows) == 120
    assert rows[-1].balance == level_plan(LOAN)[119].balance > 0


def test_interest_only_rows_come_first_and_the_rest_repays_it_all():
    rows = level_plan(replace(LOAN, interest_only_rows=60))

    assert {row.principal for row in rows[:60]} == {0}
    assert rows[60].due > rows[59].due
    assert rows[-1].balance == 0


def test_a_capped_instalment_lets_the_debt_grow():
    loan = LevelTerms(
        principal_minor=65_000_00,
        annual_rate=Decimal("0.10"),
        rows=360,
        amortised_over=360,
        resets=(Reset(13, Decimal("0.12"), cap_factor=Decimal("1.075")),),
    )
    rows = level_plan(loan)

    assert (rows[11].due, rows[12].due) == (570_42, 613_20)
    assert rows[12].principal < 0
    assert rows[12].balance > rows[11].balance


def test_a_reset_without_recast_keeps_the_instalment_and_a_recast_solves_it():
    up = Reset(13, Decimal("0.08"), is_recast=False)
    kept = level_plan(replace(LOAN, resets=(up,)))
    solved = level_plan(replace(LOAN, resets=(replace(up, is_recast=True),)))

    assert kept[12].due == kept[11].due
    assert solved[12].due > solved[11].due
    assert solved[-1].balance == 0


def test_a_given_instalment_ends_the_loan_early():
    rows = level_plan(
        replace(
            LOAN,
            rows=650,
            amortised_over=650,
            frequency=Frequency.BIWEEKLY,
            given_instalment_minor=800_00,
        )
    )

    assert len(rows) < 650
    assert 0 < rows[-1].due <= 800_00
    assert rows[-1].balance == 0


def test_interest_by_days_needs_a_start_and_differs_by_month():
    rows = level_plan(
        replace(LOAN, day_count=DayCount.ACTUAL_360, starts_on=date(2026, 1, 1), carries=True)
    )

    assert round(rows[0].interest, 10) == round(Decimal(20_000_000 * 7 * 31) / 36_000, 10)
    assert shown(rows[0]).due == 1330_60
    assert rows[-1].balance == 0


def test_a_fee_is_due_and_repays_nothing():
    rows = level_plan(replace(LOAN, fee_minor=5_00))

    assert rows[0].due == 1335_60
    assert rows[0].balance == level_plan(LOAN)[0].balance


def test_equal_principal_abroad_and_no_interest_at_all():
    serial = level_plan(replace(LOAN, shape=Shape.PRINCIPAL, rows=240, amortised_over=240))
    free = level_plan(replace(LOAN, annual_rate=Decimal(0), principal_minor=999_00))

    assert {row.principal for row in serial[:-1]} == {833_33}
    assert serial[-1].balance == 0
    assert sum(row.due for row in free) == 999_00


def test_more_rows_than_any_loan_has_are_refused():
    with pytest.raises(ValueError, match="instalments"):
        level_plan(replace(LOAN, rows=10**6))
