"""Schedules of the general engine, worked by hand."""

from datetime import date
from decimal import Decimal

import pytest

from scf.loans.servicing import acts, standing
from scf.loans.servicing.dates import Frequency, Unit
from scf.loans.servicing.factors import DayBasis, FactorRule, LeapYear, Stretch
from scf.loans.servicing.rounding import Rounding
from scf.loans.servicing.terms import (
    AfterEarly,
    DownPayment,
    InstalmentOrder,
    Method,
    RatePer,
    Reach,
    Recalculation,
)
from tests.loans.servicing_loan import (
    FIRST,
    INTEREST,
    PRINCIPAL,
    interest_terms,
    on,
    paid_out,
    rows,
    terms,
)


def test_equal_instalments_leave_the_odd_fen_to_the_last_row():
    # 等额本息: 100,000.00 at 4.56 % over twelve months: 8,540.60, the last 8,540.58.
    loan = paid_out(
        terms(
            principal=10_000_000,
            expected_on=date(2024, 1, 31),
            submitted_on=date(2024, 1, 31),
            count=12,
            rate=Decimal("4.56"),
        )
    )
    state = loan.state()
    assert (state.rows[0].due[PRINCIPAL], state.rows[0].due[INTEREST]) == (816_060, 38_000)
    assert (state.rows[-1].due[PRINCIPAL], state.rows[-1].due[INTEREST]) == (850_825, 3_233)
    assert sum(row.due[INTEREST] for row in state.rows) == 248_718


def test_flat_interest_is_reckoned_on_the_first_principal_throughout():
    # 等本等息: 12,000.00 over twelve months at 0.6 % a month: 1,072.00 every month.
    loan = paid_out(
        terms(
            principal=1_200_000,
            count=12,
            rate=Decimal("0.6"),
            rate_per=RatePer.MONTH,
            method=Method.FLAT,
            is_progressive=False,
        )
    )
    assert rows(loan) == [(100_000, 7_200, 107_200)] * 12


def test_a_whole_step_of_the_instalment_leaves_the_rest_to_the_last_row():
    loan = paid_out(terms(principal=100_000, rounding=Rounding(multiple=100)))

    assert [row[0] for row in rows(loan)] == [33_300, 33_300, 33_400]


def test_interest_grace_falls_due_with_the_first_row_after_it():
    loan = paid_out(
        terms(
            rate=Decimal(12), method=Method.FLAT, is_progressive=False,
            principal_grace=1, interest_grace=1,
        )
    )  # fmt: skip

    assert rows(loan) == [(0, 0, 0), (60_000, 2_400, 62_400), (60_000, 1_200, 61_200)]


def test_a_second_pay_out_is_spread_over_the_instalments_to_come():
    loan = paid_out(terms(), amount=90_000)

    loan = acts.disburse(on(loan, date(2024, 2, 10)), day=date(2024, 2, 10), amount=30_000)

    assert [row[0] for row in rows(loan)] == [30_000, 45_000, 45_000]


def test_new_money_bears_interest_from_its_own_day():
    loan = paid_out(interest_terms(), amount=60_000)

    loan = acts.disburse(on(loan, date(2024, 1, 16)), day=date(2024, 1, 16), amount=60_000)

    # 600.00 for the whole month and 600.00 for 16 of its 31 days, at one per cent a month.
    assert loan.state().rows[0].due[INTEREST] == 600 + 310
    assert sum(row.due[PRINCIPAL] for row in loan.state().rows) == 120_000


def test_a_down_payment_is_due_on_the_day_of_the_pay_out():
    loan = paid_out(terms(down_payment=DownPayment(Decimal(25), is_automatic=True)))

    assert rows(loan) == [(30_000, 0, 0), *[(30_000, 0, 30_000)] * 3]


def test_moving_a_due_date_takes_the_later_ones_along():
    loan = acts.reschedule(paid_out(terms()), from_=date(2024, 3, 1), moved_to=date(2024, 3, 11))

    dues = [row.due_on for row in loan.state().rows]
    assert dues == [date(2024, 2, 1), date(2024, 3, 11), date(2024, 4, 11)]


def test_a_new_rate_counts_from_its_day():
    loan = acts.reschedule(paid_out(interest_terms()), from_=date(2024, 2, 2), rate=Decimal(6))

    first, second, _ = rows(loan)
    assert (first[1], second[1]) == (1_200, (120_000 - first[0]) * 5 // 1000 + 1)


def test_no_interest_runs_while_it_is_paused():
    free = acts.pause_interest(
        paid_out(interest_terms()), first=date(2024, 1, 2), last=date(2024, 2, 1)
    )

    # The engine's pause from the period's second day on leaves its first day: 1,200.00 x 1 % / 31.
    assert free.state().rows[0].due[INTEREST] == 39


def test_actual_days_split_the_year_at_its_last_day():
    rule = FactorRule(DayBasis(), Frequency(1, Unit.MONTH), FIRST, Rounding(digits=19))
    stretch = Stretch(date(2023, 12, 13), date(2024, 1, 13), date(2023, 12, 13), date(2024, 1, 13))

    exact = Decimal(18) / 365 + Decimal(13) / 366
    assert abs(rule.factor(Decimal(1), stretch) - exact) < Decimal("1e-15")


def test_interest_by_whole_periods_asks_for_no_days():
    every = Frequency(1, Unit.MONTH)
    rule = FactorRule(DayBasis(by_whole_periods=True), every, FIRST, Rounding(digits=19))
    february = Stretch(date(2024, 2, 1), date(2024, 3, 1), date(2024, 2, 1), date(2024, 3, 1))

    assert rule.factor(Decimal("0.12"), february) == Decimal("0.01")


def test_a_leap_year_may_count_for_the_period_with_29_february_alone():
    basis = DayBasis(leap=LeapYear.PERIOD_WITH_FEB_29)
    rule = FactorRule(basis, Frequency(1, Unit.MONTH), FIRST, Rounding(digits=19))
    january = Stretch(date(2024, 1, 1), date(2024, 2, 1), date(2024, 1, 1), date(2024, 2, 1))
    february = Stretch(date(2024, 2, 1), date(2024, 3, 1), date(2024, 2, 1), date(2024, 3, 1))

    assert abs(rule.factor(Decimal(1), january) - Decimal(31) / 365) < Decimal("1e-15")
    assert abs(rule.factor(Decimal(1), february) - Decimal(29) / 366) < Decimal("1e-15")


def test_a_cumulative_schedule_follows_early_money_with_smaller_instalments():
    # 5,000.00 at 12 % by days /365: 862.00 a month; 1,500.00 paid on the first due date leaves
    # 3,549.32 over five months: 731.00.
    loan = paid_out(
        interest_terms(
            principal=500_000,
            count=6,
            submitted_on=date(2022, 11, 1),
            basis=DayBasis(),
            is_progressive=False,
            rounding=Rounding(multiple=100),
            instalment_order=InstalmentOrder((INTEREST, PRINCIPAL), ((PRINCIPAL, Reach.ALL),)),
            recalculation=Recalculation(after_early=AfterEarly.SMALLER_INSTALMENTS),
        ),
        day=date(2022, 11, 1),
    )
    assert [sum(row[:2]) for row in rows(loan)][:5] == [86_200] * 5

    loan = acts.repay(on(loan, date(2022, 12, 1)), day=date(2022, 12, 1), amount=150_000)

    assert rows(loan)[0][:2] == (145_068, 4_932)
    assert [sum(row[:2]) for row in rows(loan)][1:5] == [73_100] * 4


def test_the_schedule_before_the_pay_out_is_that_of_the_expected_one():
    loan = paid_out(terms())
    waiting = acts.undo_all(loan)

    assert standing.status(waiting) == "approved"
    assert [row.total_due for row in standing.current(waiting).rows] == [40_000] * 3


def test_grace_that_leaves_no_instalment_is_refused():
    with pytest.raises(ValueError, match="grace on principal"):
        terms(principal_grace=3)
