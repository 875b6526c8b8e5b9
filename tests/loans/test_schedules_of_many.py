"""Many plans on columns are the plans of ``schedule``, to the fen."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scf.loans.calendars import due_dates
from scf.loans.schedule import level_instalment, schedule
from scf.loans.schedules import Plans, plan_portfolio
from scf.loans.terms import InterestBasis, Product, Remainder, Residual, Terms
from tests.loans.test_properties import any_terms

OPENED = date(2024, 1, 31)


def planned_one_by_one(pattern: Terms, principals: list[int], rates: list[int]) -> list[list[int]]:
    plans = []
    for principal, rate in zip(principals, rates, strict=True):
        terms = replace(pattern, frame_minor=principal, rate_ppm=rate, penalty_rate_ppm=10**7)
        rows = schedule(terms)
        plans.append(
            [figure for row in rows for figure in (row.principal_minor, row.interest_minor)]
        )
    return plans


def told(plans: Plans) -> list[list[int]]:
    pairs = np.stack([plans.principal_minor, plans.interest_minor], axis=1)
    return pairs.reshape(-1, pairs.shape[-1]).T.tolist()


def plan(pattern: Terms, principals: list[int], rates: list[int]) -> Plans:
    return plan_portfolio(pattern, principals_minor=np.array(principals), rates_ppm=np.array(rates))


@settings(max_examples=100, deadline=None)
@given(any_terms(), st.sampled_from(Remainder), st.data())
def test_every_plan_on_columns_is_that_of_the_schedule(terms, remainder, data):
    pattern = replace(terms, remainder=remainder)
    loans = data.draw(
        st.lists(st.tuples(st.integers(1, 10**11), st.integers(0, 400_000)), min_size=1, max_size=8)
    )
    principals, rates = (list(column) for column in zip(*loans, strict=True))

    assert told(plan(pattern, principals, rates)) == planned_one_by_one(pattern, principals, rates)


@pytest.mark.parametrize("product", [Product.EQUAL_INSTALMENTS, Product.EQUAL_PRINCIPAL])
def test_loans_too_large_for_64_bits_are_planned_to_the_fen_too(product):
    pattern = Terms(
        frame_minor=1, rate_ppm=0, penalty_rate_ppm=10**7, opened_on=OPENED,
        due_dates=due_dates(OPENED, count=36), product=product,
    )  # fmt: skip
    principals = [1, 99_999, 10**10, 10**13, 10**16]
    rates = [45_600, 0, 900_000, 45_600, 240_000]

    assert told(plan(pattern, principals, rates)) == planned_one_by_one(pattern, principals, rates)


def test_the_worked_example_of_equal_instalments_stands_among_others():
    pattern = Terms(
        frame_minor=1, rate_ppm=1, penalty_rate_ppm=10**7, opened_on=OPENED,
        due_dates=due_dates(OPENED, count=12), product=Product.EQUAL_INSTALMENTS,
        basis=InterestBasis.BY_MONTH, residual=Residual.PER_PERIOD,
    )  # fmt: skip
    plans = plan(pattern, [50_000_00, 100_000_00, 1], [45_600, 45_600, 0])

    assert plans.payment_minor[0, 1] == 8_540_60
    assert plans.payment_minor[-1, 1] == 8_540_58
    assert plans.interest_minor[:, 1].sum() == 2_487_18


def test_an_instalment_of_half_a_fen_is_rounded_as_the_exact_one_is():
    pattern = Terms(
        frame_minor=1, rate_ppm=0, penalty_rate_ppm=10**7, opened_on=OPENED,
        due_dates=due_dates(OPENED, count=2), product=Product.EQUAL_INSTALMENTS,
    )  # fmt: skip

    assert level_instalment(pattern, 3, count=2) == 2
    assert plan(pattern, [3, 5], [0, 0]).principal_minor.tolist() == [[2, 3], [1, 2]]
