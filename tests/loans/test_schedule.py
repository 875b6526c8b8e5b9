"""Plans worked by hand in loans.md section 2, to the fen."""

from datetime import date
from fractions import Fraction

import pytest

from scf.loans.calendars import due_dates
from scf.loans.schedule import level_instalment, schedule
from scf.loans.terms import BadTerms, InterestBasis, Product, Residual, Terms, Waterfall

STARTED = date(2024, 1, 31)


def year_loan(**changes: object) -> Terms:
    """100,000.00 at 4.56 % over twelve months from 31 January 2024."""
    terms: dict[str, object] = {
        "frame_minor": 100_000_00,
        "rate_ppm": 45_600,
        "penalty_rate_ppm": 68_400,
        "opened_on": STARTED,
        "due_dates": due_dates(STARTED, count=12),
        "product": Product.EQUAL_INSTALMENTS,
        "basis": InterestBasis.BY_MONTH,
        "residual": Residual.PER_PERIOD,
    }
    return Terms(**(terms | changes))  # type: ignore[arg-type]


def quarterly_interest(residual: Residual) -> Terms:
    """1,000,000.00 at 4.35 %, interest on the 20th of each quarter's last month."""
    days = [date(2024, 3, 20), date(2024, 6, 20), date(2024, 9, 20), date(2024, 12, 20)]
    return Terms(
        frame_minor=1_000_000_00,
        rate_ppm=43_500,
        penalty_rate_ppm=65_250,
        opened_on=date(2024, 1, 15),
        due_dates=(*days, date(2025, 1, 15)),
        residual=residual,
    )


def test_equal_instalments_by_month():
    rows = schedule(year_loan())

    assert level_instalment(year_loan(), 100_000_00, count=12) == 8_540_60
    first, last = rows[0], rows[-1]
    assert (first.due_on, first.principal_minor, first.interest_minor) == (
        date(2024, 2, 29),
        8_160_60,
        380_00,
    )
    assert (last.due_on, last.principal_minor, last.interest_minor) == (
        date(2025, 1, 31),
        8_508_25,
        32_33,
    )
    assert last.payment_minor == 8_540_58
    assert {row.payment_minor for row in rows[:-1]} == {8_540_60}
    assert sum(row.interest_minor for row in rows) == 2_487_18
    assert sum(row.principal_minor for row in rows) == 100_000_00
    assert last.closing_minor == 0


def test_equal_instalments_with_interest_by_day():
    rows = schedule(year_loan(basis=InterestBasis.BY_DAY))

    assert [row.interest_minor for row in rows[:2]] == [367_33, 360_57]
    assert rows[-1].payment_minor == 8_571_03
    assert sum(row.interest_minor for row in rows) == 2_517_63


def test_equal_principal_by_month():
    rows = schedule(year_loan(product=Product.EQUAL_PRINCIPAL))

    assert (rows[0].principal_minor, rows[0].interest_minor) == (8_333_33, 380_00)
    assert (rows[-1].principal_minor, rows[-1].interest_minor) == (8_333_37, 31_67)
    assert sum(row.interest_minor for row in rows) == 2_470_00


def test_interest_by_quarter_and_principal_at_the_end():
    rows = schedule(quarterly_interest(Residual.PER_PERIOD))

    assert [row.interest_minor for row in rows] == [
        7_854_17,
        11_116_67,
        11_116_67,
        10_995_83,
        3_141_67,
    ]
    assert [row.principal_minor for row in rows] == [0, 0, 0, 0, 1_000_000_00]


def test_the_residual_carried_to_the_last_row_makes_the_rows_sum_to_the_whole():
    rows = schedule(quarterly_interest(Residual.CARRY))

    assert rows[-1].interest_minor == 3_141_66
    assert sum(row.interest_minor for row in rows) == 44_225_00


def test_a_broken_first_period_goes_by_days_and_the_others_by_months():
    dates = (date(2024, 2, 20), date(2024, 3, 20), date(2024, 4, 20))
    rows = schedule(year_loan(due_dates=dates))

    assert rows[0].interest_minor == 253_33  # 20 days of 4.56 % / 360
    assert rows[1].opening_minor == 66_666_34
    assert rows[1].interest_minor == 253_33  # a month of 4.56 % / 12; 29 days would be 244.89


def test_a_loan_without_interest_is_paid_in_equal_parts():
    rows = schedule(year_loan(rate_ppm=0))

    assert {row.payment_minor for row in rows[:-1]} == {8_333_33}
    assert rows[-1].payment_minor == 8_333_37


def test_a_quarterly_instalment_uses_three_months_of_interest():
    dates = due_dates(date(2024, 1, 15), count=4, every_months=3)
    rows = schedule(year_loan(opened_on=date(2024, 1, 15), due_dates=dates))

    assert rows[0].interest_minor == 1_140_00
    assert len({row.payment_minor for row in rows[:-1]}) == 1
    assert abs(rows[-1].payment_minor - rows[0].payment_minor) <= 2


def test_a_month_bears_a_twelfth_of_the_year_whatever_its_days():
    terms = year_loan()

    assert terms.interest(100_000_00, date(2024, 2, 29), date(2024, 3, 31)) == Fraction(380_00)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("frame_minor", 0),
        ("rate_ppm", -1),
        ("grace_days", -1),
        ("penalty_rate_ppm", 45_599),
        ("day_base", 366),
        ("due_dates", ()),
        ("due_dates", (STARTED,)),
        ("due_dates", (date(2024, 3, 1), date(2024, 2, 1))),
    ],
)
def test_terms_no_loan_can_have_are_refused(field, value):
    with pytest.raises(BadTerms):
        year_loan(**{field: value})


def test_a_waterfall_must_name_every_claim_once():
    with pytest.raises(BadTerms):
        Waterfall(Waterfall().order[:3])
