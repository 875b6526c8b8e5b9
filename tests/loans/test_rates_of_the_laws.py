"""Annual rates by unit periods and by years, time-value functions, roots that hide."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from scf.loans.calendars import add_months
from scf.loans.rates import time_value, union_rate
from scf.loans.rates.roots import NoRate, roots_over
from scf.loans.rates.unit_periods import Unit, UnitPeriod, annual_rate, single_payment_unit
from scf.loans.rates.worth import Worth, dated

MONTH = UnitPeriod(1, Unit.MONTH)


def monthly(first: date, count: int, amount: int) -> list[tuple[date, Decimal]]:
    return [(add_months(first, nr), Decimal(amount)) for nr in range(count)]


def test_a_regular_monthly_loan_of_the_regulation():
    lent = [(date(1978, 1, 10), Decimal(5000))]

    found = annual_rate(lent, monthly(date(1978, 2, 10), 24, 230), unit=MONTH)

    assert round(found * 100, 2) == Decimal("9.69")


def test_money_lent_in_parts_counts_from_the_first():
    lent = [(date(2026, 1, 10), Decimal(2500)), (date(2026, 2, 10), Decimal(2500))]
    backs = monthly(date(2026, 3, 10), 24, 230)

    in_parts = annual_rate(lent, backs, unit=MONTH)
    at_once = annual_rate([(date(2026, 1, 10), Decimal(5000))], backs, unit=MONTH)

    assert in_parts > at_once  # half the money was there a month less


@pytest.mark.parametrize(
    ("unit", "start", "end", "whole", "fraction"),
    [
        (UnitPeriod(1, Unit.DAY), date(2026, 1, 1), date(2026, 2, 1), 31, Fraction(0)),
        (UnitPeriod(2, Unit.WEEK), date(2026, 1, 1), date(2026, 2, 1), 2, Fraction(3, 14)),
        (UnitPeriod(1, Unit.HALF_MONTH), date(1978, 2, 23), date(1978, 4, 16), 3, Fraction(6, 15)),
        (MONTH, date(1978, 2, 10), date(1978, 4, 1), 1, Fraction(19, 30)),
        (MONTH, date(2026, 1, 31), date(2026, 2, 28), 1, Fraction(0)),
        (UnitPeriod(3, Unit.MONTH), date(1978, 5, 23), date(1978, 10, 1), 1, Fraction(39, 90)),
        (UnitPeriod(1, Unit.YEAR), date(2024, 1, 10), date(2026, 4, 10), 2, Fraction(3, 12)),
        (UnitPeriod(1, Unit.YEAR), date(2024, 1, 10), date(2026, 4, 15), 2, Fraction(96, 365)),
    ],
)
def test_time_is_counted_back_in_whole_unit_periods(unit, start, end, whole, fraction):
    assert unit.between(start, end, day_of_month=31) == (whole, fraction)


def test_one_payment_for_one_advance_makes_the_term_the_unit():
    start = date(2026, 1, 10)

    assert single_payment_unit(start, date(2026, 10, 10)) == (
        UnitPeriod(9, Unit.MONTH),
        Fraction(12, 9),
    )
    assert single_payment_unit(start, date(2026, 9, 7)) == (
        UnitPeriod(240, Unit.DAY),
        Fraction(365, 240),
    )
    assert single_payment_unit(start, date(2028, 1, 10)) == (UnitPeriod(1, Unit.YEAR), Fraction(1))


def test_the_directive_by_calendar_days_and_by_the_standard_year():
    start, end = date(1994, 1, 1), date(1995, 7, 1)
    rates = [
        union_rate.annual_rate([(Fraction(0), Decimal(1000))], [(count(start, end), Decimal(1200))])
        for count in (union_rate.by_calendar_days, union_rate.by_standard_year)
    ]

    assert [round(rate * 100, 1) for rate in rates] == [Decimal("13.0"), Decimal("12.9")]


def test_two_roots_between_two_points_of_the_grid_are_both_found():
    def hidden(x: Decimal) -> Decimal:
        return (x - Decimal("0.4")) * (x - Decimal("0.45"))

    found = roots_over(hidden, [Decimal(x) for x in (-1, 0, 1, 2)])

    assert [round(root, 12) for root in found] == [Decimal("0.4"), Decimal("0.45")]


def worth_of(*amounts: str) -> Worth:
    return Worth.of((Fraction(nr), Decimal(amount)) for nr, amount in enumerate(amounts))


def test_of_several_rates_the_one_that_lowers_the_worth_is_followed_from_the_guess():
    worth = worth_of("-100", "230", "-131")
    low, high = worth.roots()

    assert worth.rate(guess=Decimal("0.19")) == high
    assert worth.rate(guess=Decimal("0.1")) == low  # the steps end there, where it rises


def test_where_the_steps_end_at_a_rising_worth_the_rate_nearest_nothing_is_given():
    worth = worth_of("100", "-230", "131")
    low, high = worth.roots()

    assert worth.rate(guess=Decimal("0.19")) == low < high


def test_where_the_steps_end_nowhere_a_rate_that_lowers_the_worth_is_given():
    worth = worth_of("1", "-2", "0.5")

    assert round(worth.rate(guess=Decimal("-0.49")), 6) == Decimal("-0.707107")
    assert round(worth.rate(guess=Decimal("0.1")), 6) == Decimal("0.707107")


FAR_APART = {0: -1000, 18: -10_000, 19: 1000}


def test_almost_all_lost_within_days_still_has_a_rate():
    flows = [(date(2020, 3, 5), Decimal(-18480)), (date(2020, 3, 16), Decimal(13120))]

    assert round(dated(flows).rate(guess=Decimal("0.1")), 8) == Decimal("-0.99998842")


def test_a_loss_that_makes_old_flows_outweigh_all_others_is_no_rate_to_choose():
    # At -90 % the flow of year 19 weighs 10^19 times its sum: spreadsheets cannot balance that.
    lent = Worth.of((Fraction(year), Decimal(sum_)) for year, sum_ in FAR_APART.items())

    assert round(lent.roots()[0], 6) == Decimal("-0.900000")
    with pytest.raises(NoRate):
        lent.rate(guess=Decimal("0.1"))


def test_the_parts_of_a_level_payment_sum_to_it_whenever_it_falls_due():
    rate, count, lent = Decimal("0.01"), Decimal(24), Decimal(2000)
    for due in (time_value.END, time_value.BEGIN):
        level = time_value.payment(rate, count, lent, due=due)
        parts = [
            part(rate, Decimal(7), count, lent, due=due)
            for part in (time_value.interest_part, time_value.principal_part)
        ]
        repaid = time_value.cumulative_principal(rate, count, lent, (1, 24), due=due)
        interest = time_value.cumulative_interest(rate, count, lent, (1, 24), due=due)

        assert round(sum(parts) - level, 20) == 0
        assert round(repaid + lent, 20) == 0
        assert round(interest + repaid - 24 * level, 20) == 0
        found = time_value.rate_per_period(count, level, lent, Decimal(0), due=due)
        assert round(found - rate, 15) == 0
        needed = time_value.periods_needed(rate, level, lent, due=due)
        assert round(needed - count, 20) == 0


def test_payments_at_the_beginning_bear_no_interest_at_first():
    rate, count, lent = Decimal("0.01"), Decimal(24), Decimal(2000)

    assert time_value.interest_part(rate, Decimal(1), count, lent, due=time_value.BEGIN) == 0
    with pytest.raises(ArithmeticError):
        time_value.interest_part(rate, Decimal(0), count, lent)


def test_sums_out_of_reach_have_no_number():
    with pytest.raises(ArithmeticError):
        time_value.periods_needed(Decimal("0.1"), Decimal(-10), Decimal(1000))
    with pytest.raises(NoRate):
        time_value.rate_per_period(Decimal(12), Decimal(400), Decimal(1000), Decimal(5000))
    with pytest.raises(NoRate):
        time_value.modified_internal_rate([Decimal(-1)] * 3, Decimal("0.1"), Decimal("0.1"))
