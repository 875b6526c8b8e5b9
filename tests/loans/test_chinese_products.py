"""Worked numbers of products and rules of yuan lending, by hand, to the fen."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from scf.loans.actions import Draw
from scf.loans.apr import NoRate, compounded, irr
from scf.loans.base_rate import (
    Fixing,
    NoQuote,
    Pricing,
    Quote,
    ResetOn,
    Tenor,
    fixing,
    fixings,
    publication_day,
    quote_on,
)
from scf.loans.book import fold
from scf.loans.calendars import WorkingDays, due_dates
from scf.loans.cost_cap import CostItem, judge_cost, private_cap
from scf.loans.equal_fee import equal_fee_plan
from scf.loans.factoring import Taken, discount
from scf.loans.free_period import FreePeriod, interest_with_free_days
from scf.loans.joint import (
    BadShares,
    Shares,
    joint_limit,
    one_partner_limit,
    partner_share_is_enough,
    split_rows,
)
from scf.loans.penalty import BadUplift, Breach, Uplift, heavier, penalty_minor
from scf.loans.quotes import due_quote
from scf.loans.schedule import schedule
from scf.loans.stored import terms_as_json, terms_from_json
from scf.loans.terms import InterestBasis, Product, Remainder, Residual, Terms

STARTED = date(2024, 1, 31)
SEVENTY_THIRTY = Shares({"partner": 700_000, "bank": 300_000})


def test_equal_principal_rounded_down_puts_the_rest_in_the_first_row():
    terms = Terms(
        frame_minor=100_000_00,
        rate_ppm=45_600,
        penalty_rate_ppm=68_400,
        opened_on=STARTED,
        due_dates=due_dates(STARTED, count=12),
        product=Product.EQUAL_PRINCIPAL,
        basis=InterestBasis.BY_MONTH,
        residual=Residual.PER_PERIOD,
        remainder=Remainder.FIRST,
    )
    rows = schedule(terms)

    assert [row.principal_minor for row in rows] == [8_333_37, *[8_333_33] * 11]
    assert (rows[0].interest_minor, rows[-1].interest_minor) == (380_00, 31_67)
    assert terms_from_json(terms_as_json(terms)) == terms


def test_terms_kept_before_the_choice_existed_round_to_the_last_row():
    kept = terms_as_json(
        Terms(
            frame_minor=1_00,
            rate_ppm=0,
            penalty_rate_ppm=0,
            opened_on=STARTED,
            due_dates=due_dates(STARTED, count=1),
        )
    )
    del kept["remainder"]

    assert terms_from_json(kept).remainder is Remainder.LAST


def test_an_equal_fee_hides_nearly_twice_its_rate():
    started = date(2024, 1, 15)
    plan = equal_fee_plan(
        12_000_00, fee_ppm=6_000, opened_on=started, due_dates=due_dates(started, count=12)
    )

    assert {(row.principal_minor, row.interest_minor) for row in plan.rows} == {(1_000_00, 72_00)}
    assert {row.payment_minor for row in plan.rows} == {1_072_00}
    assert plan.monthly_irr == Decimal("0.010862")
    assert round(plan.simple, 4) == Decimal("0.1303")
    assert round(plan.compound, 4) == Decimal("0.1384")


def test_an_equal_fee_plan_pays_back_every_fen():
    plan = equal_fee_plan(
        10_000_00, fee_ppm=6_000, opened_on=STARTED, due_dates=due_dates(STARTED, count=3)
    )

    assert [row.principal_minor for row in plan.rows] == [3_333_33, 3_333_33, 3_333_34]
    assert plan.rows[-1].closing_minor == 0


def free_days(settled_after: int, kind: FreePeriod) -> int:
    return interest_with_free_days(
        100_000_00,
        rate_ppm=60_000,
        day_base=365,
        opened_on=STARTED,
        settled_on=STARTED + timedelta(days=settled_after),
        free_days=60,
        kind=kind,
    )


def test_days_that_are_always_free_never_bear_interest():
    interest = free_days(90, FreePeriod.ALWAYS)

    assert interest == 493_15
    effective = Decimal(interest) * 365 / (100_000_00 * 90)
    assert round(effective, 4) == Decimal("0.0200")
    assert free_days(60, FreePeriod.ALWAYS) == free_days(10, FreePeriod.ALWAYS) == 0


def test_days_free_for_who_settles_within_them_cost_from_the_first_otherwise():
    assert free_days(60, FreePeriod.IF_SETTLED) == 0
    assert free_days(61, FreePeriod.IF_SETTLED) == 1_002_74  # 61 days
    assert free_days(90, FreePeriod.IF_SETTLED) == 1_479_45


def test_penalty_and_compound_interest_of_the_worked_example():
    overdue = Uplift(Breach.OVERDUE, 500_000)
    days = (date(2024, 7, 27) - date(2024, 6, 20)).days

    assert (overdue.rate_on(43_500), days) == (65_250, 37)
    assert penalty_minor(100_000_00, rate_ppm=65_250, days=days) == 670_63
    assert penalty_minor(1_112_33, rate_ppm=65_250, days=days) == 7_46


def test_a_loan_that_lives_through_it_owes_the_same_penalty():
    terms = Terms(
        frame_minor=100_000_00,
        rate_ppm=43_500,
        penalty_rate_ppm=65_250,
        opened_on=date(2024, 3, 20),
        due_dates=(date(2024, 6, 20),),
        compound_on_interest=True,
    )
    late = date(2024, 7, 27)
    drawn = Draw(key="draw", on=terms.opened_on, amount_minor=terms.frame_minor)
    quote = due_quote(fold(terms, [drawn], as_of=late), on=late)

    assert (quote.interest_minor, quote.penalty_minor) == (1_111_67, 670_63)
    assert quote.compound_minor == penalty_minor(1_111_67, rate_ppm=65_250, days=37) == 7_46


def test_misuse_is_heavier_and_counts_alone():
    overdue, misuse = Uplift(Breach.OVERDUE, 500_000), Uplift(Breach.MISUSE, 1_000_000)
    rate = heavier((overdue, misuse)).rate_on(43_500)

    assert rate == 87_000
    assert penalty_minor(100_000_00, rate_ppm=rate, days=37) == 894_17


@pytest.mark.parametrize(
    ("breach", "ppm"),
    [
        (Breach.OVERDUE, 299_999),
        (Breach.OVERDUE, 500_001),
        (Breach.MISUSE, 499_999),
        (Breach.MISUSE, 1_000_001),
    ],
)
def test_an_uplift_outside_the_rule_is_refused(breach, ppm):
    with pytest.raises(BadUplift):
        Uplift(breach, ppm)


QUOTES = (
    Quote(Tenor.ONE_YEAR, date(2023, 8, 21), 34_500),
    Quote(Tenor.ONE_YEAR, date(2024, 7, 22), 33_500),
    Quote(Tenor.ONE_YEAR, date(2024, 10, 21), 31_000),
    Quote(Tenor.FIVE_YEARS, date(2024, 2, 20), 39_500),
)


def test_a_contract_rate_is_the_quote_of_the_day_plus_the_margin():
    pricing = Pricing(Tenor.ONE_YEAR, 9_000)

    assert fixing(pricing, QUOTES, on=date(2024, 1, 15)) == Fixing(
        date(2024, 1, 15), QUOTES[0], 43_500
    )
    assert fixing(pricing, QUOTES, on=date(2024, 7, 22)).rate_ppm == 42_500
    below = replace(pricing, margin_ppm=-2_500)
    assert fixing(below, QUOTES, on=date(2024, 7, 21)).rate_ppm == 32_000


def test_before_the_first_quote_there_is_no_rate():
    with pytest.raises(NoQuote):
        quote_on(QUOTES, tenor=Tenor.FIVE_YEARS, day=date(2024, 2, 19))


@pytest.mark.parametrize(
    ("reset_on", "rates"),
    [
        (ResetOn.NEVER, [(date(2024, 3, 15), 43_500)]),
        (ResetOn.NEW_YEAR, [(date(2024, 3, 15), 43_500), (date(2025, 1, 1), 40_000)]),
        (ResetOn.ANNIVERSARY, [(date(2024, 3, 15), 43_500), (date(2025, 3, 15), 40_000)]),
        (
            ResetOn.INTEREST_DAY,
            [
                (date(2024, 3, 15), 43_500),
                (date(2024, 9, 15), 42_500),
                (date(2025, 3, 15), 40_000),
            ],
        ),
    ],
)
def test_the_rate_follows_the_quote_on_the_days_the_contract_names(reset_on, rates):
    found = fixings(
        Pricing(Tenor.ONE_YEAR, 9_000, reset_on),
        QUOTES,
        opened_on=date(2024, 3, 15),
        due_dates=due_dates(date(2024, 3, 15), count=3, every_months=6),
        known_until=date(2025, 9, 15),
    )

    assert [(one.on, one.rate_ppm) for one in found] == rates


def test_a_quote_due_on_a_weekend_comes_on_the_next_working_day():
    assert publication_day(2024, 10, calendar=WorkingDays()) == date(2024, 10, 21)
    assert publication_day(2024, 8, calendar=WorkingDays()) == date(2024, 8, 20)


@pytest.mark.parametrize(
    ("taken", "received", "repaid", "rate"),
    [
        (Taken.IN_ARREARS, 800_000_00, 811_000_00, "0.0558"),
        (Taken.UP_FRONT, 789_000_00, 800_000_00, "0.0565"),
    ],
)
def test_interest_taken_up_front_makes_a_receivable_dearer(taken, received, repaid, rate):
    found = discount(1_000_000_00, ratio_ppm=800_000, rate_ppm=55_000, days=90, taken=taken)

    assert found.interest_minor == 11_000_00
    assert (found.received_minor, found.repaid_minor) == (received, repaid)
    assert round(found.simple_rate, 4) == Decimal(rate)


def test_interest_that_eats_the_whole_sum_leaves_no_rate():
    with pytest.raises(NoRate):
        discount(1_00, ratio_ppm=1_000_000, rate_ppm=4_000_000, days=90, taken=Taken.UP_FRONT)


def test_a_joint_row_is_split_by_cumulative_rounding():
    assert split_rows([87_66], shares=SEVENTY_THIRTY) == ({"partner": 61_36, "bank": 26_30},)


def test_each_funders_rows_close_to_its_share_of_the_loan():
    principals = [8_333_33] * 11 + [8_333_37]
    rows = split_rows(principals, shares=SEVENTY_THIRTY)

    assert [sum(row.values()) for row in rows] == principals
    assert sum(row["partner"] for row in rows) == 70_000_00
    assert sum(row["bank"] for row in rows) == 30_000_00
    # Rounded row by row the partner would be 4 fen short.
    assert sum(one * 7 // 10 for one in principals) < 70_000_00


def test_shares_must_sum_to_the_whole_and_leave_nobody_out():
    for ppm in ({"bank": 1_000_000}, {"a": 1_000_000, "b": 0}, {"a": 500_000, "b": 400_000}):
        with pytest.raises(BadShares):
            Shares(ppm)


def test_the_limits_of_joint_lending():
    assert partner_share_is_enough(SEVENTY_THIRTY, partner="bank")
    assert not partner_share_is_enough(Shares({"a": 290_000, "b": 710_000}), partner="a")
    assert one_partner_limit(100_00) == 25_00
    assert joint_limit(100_00) == 50_00


def test_a_fee_up_front_breaks_the_cap_though_the_simple_rate_does_not():
    monthly = irr([9_700_00] + [-910_00] * 12)
    simple, compound = monthly * 12, compounded(monthly, periods=12)
    items = (CostItem("利息", "银行", 920_00), CostItem("担保费", "担保公司", 300_00))
    verdict = judge_cost(simple=simple, compound=compound, items=items)

    assert (round(simple, 4), round(compound, 4)) == (Decimal("0.2246"), Decimal("0.2492"))
    assert (verdict.is_within, verdict.decisive, verdict.total_minor) == (False, compound, 1220_00)
    assert judge_cost(simple=simple, compound=simple, items=items).is_within


def test_the_cap_of_private_lending_follows_the_quote():
    assert private_cap(34_500) == Decimal("0.138")
