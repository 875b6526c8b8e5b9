"""Fen: rounding, splitting, reading and writing."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scf.core.money import (
    MAX_MINOR,
    MoneyRefused,
    NegativeMoney,
    NotANumber,
    TooManyDecimals,
    TooMuchMoney,
    fen_of,
    format_yuan,
    half_up,
    interest_on,
    line_value,
    parse_yuan,
    split_loan_part,
)

amounts = st.integers(0, 10**15)


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"),
    [(1, 2, 1), (-1, 2, -1), (1, -2, -1), (149, 100, 1), (3, 2, 2), (-5, 2, -3), (0, 7, 0)],
)
def test_halves_go_away_from_zero(numerator, denominator, rounded):
    assert half_up(numerator, denominator) == rounded


@given(st.integers(-(10**18), 10**18), st.integers(1, 10**9))
def test_rounding_is_within_half_a_unit(numerator, denominator):
    assert abs(2 * (half_up(numerator, denominator) * denominator - numerator)) <= denominator


@given(
    st.lists(amounts, min_size=1, max_size=20),
    st.integers(0, 1_000_000),
)
def test_loan_parts_sum_to_the_loan_and_no_part_is_negative(outs, share_ppm):
    total = sum(outs)
    if not total:
        return
    loan = total * share_ppm // 1_000_000
    out = booked = 0
    for amount in outs:
        out += amount
        part = split_loan_part(out, loan, total, booked)
        assert 0 <= part <= amount
        booked += part
    assert booked == loan


@pytest.mark.parametrize(
    ("out", "loan", "total", "booked"),
    [(1, 2, 1, 0), (11, 5, 10, 0), (5, 5, 10, 6), (-1, 5, 10, 0), (0, 0, 0, 0), (5, 5, 10, -1)],
)
def test_figures_of_no_agreement_are_refused(out, loan, total, booked):
    with pytest.raises(ValueError, match=r"loan|escrow"):
        split_loan_part(out, loan, total, booked)


@pytest.mark.parametrize(
    ("quantity", "price", "value"),
    [
        ("49.000", "7604.13", 372_602_37),
        ("25.000", "8299.87", 207_496_75),
        ("40.000", "5120.00", 204_800_00),
        ("0.000001", "5000", 1),  # half a fen goes up
        ("0.000001", "4999.999999", 0),
    ],
)
def test_a_line_is_rounded_once(quantity, price, value):
    assert line_value(Decimal(quantity), Decimal(price)) == value


@pytest.mark.parametrize(
    ("figure", "refusal"),
    [
        ("NaN", NotANumber),
        ("Infinity", NotANumber),
        ("-1", NegativeMoney),
        ("0.0000001", TooManyDecimals),
        ("1e-999999", TooManyDecimals),
        ("1e999999", TooMuchMoney),
    ],
)
def test_a_line_of_impossible_figures_is_refused(figure, refusal):
    with pytest.raises(refusal):
        line_value(Decimal(figure), Decimal(1))


def test_a_line_larger_than_any_account_is_refused():
    with pytest.raises(TooMuchMoney):
        line_value(Decimal(10**12), Decimal(10**12))


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("372,602.37", 372_602_37),
        ("8700", 8_700_00),
        (" ¥ 12.5 ", 12_50),
        ("￥0.07", 7),
        ("1,000,000", 1_000_000_00),
        ("0", 0),
    ],
)
def test_yuan_are_read(text, minor):
    assert parse_yuan(text) == minor


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", NotANumber),
        ("NaN", NotANumber),
        ("1e5", NotANumber),
        ("12,34.00", NotANumber),
        ("1.", NotANumber),
        ("１２", NotANumber),
        ("12元", NotANumber),
        ("1.005", TooManyDecimals),
        ("-1", NegativeMoney),
        ("−1.00", NegativeMoney),
        ("9" * 18, TooMuchMoney),
        ("9" * 5000, TooMuchMoney),
    ],
)
def test_what_is_not_an_amount_is_refused(text, refusal):
    with pytest.raises(refusal) as refused:
        parse_yuan(text)
    assert " / " in str(refused.value)


@given(st.integers(0, MAX_MINOR))
def test_what_is_written_is_read_back(minor):
    assert parse_yuan(format_yuan(minor)) == minor


def test_a_negative_amount_is_written_with_its_sign():
    assert format_yuan(-5) == "-0.05"


def test_a_decimal_becomes_fen_only_when_it_is_exact():
    assert fen_of(Decimal("372602.370")) == 372_602_37
    assert fen_of(Decimal("1E+3")) == 1_000_00
    for figure in ("0.001", "NaN", "-0.01", "1E+999999"):
        with pytest.raises(MoneyRefused):
            fen_of(Decimal(figure))


def test_escrow_interest_of_the_golden_deal():
    assert interest_on(9_200_000_00, rate_ppm=500, day_base=360) == 12_78
    assert interest_on(22_413_491_12, rate_ppm=500, day_base=360) == 31_13
