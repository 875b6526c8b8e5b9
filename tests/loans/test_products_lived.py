"""The worked products of yuan lending, lived through the fold: free days, and a fixed fee."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from scf.loans.actions import Draw, Repay
from scf.loans.book import Book, fold
from scf.loans.calendars import due_dates
from scf.loans.cost_cap import judge_cost
from scf.loans.equal_fee import equal_fee_plan
from scf.loans.free_period import FreePeriod, interest_with_free_days
from scf.loans.offer import Fee, offer
from scf.loans.quotes import due_quote, settlement_quote
from scf.loans.schedule import schedule
from scf.loans.state import LoanStatus
from scf.loans.stored import terms_as_json, terms_from_json
from scf.loans.terms import InterestBasis, Product, Terms

OPENED = date(2024, 1, 31)
FREE = Terms(
    frame_minor=100_000_00,
    rate_ppm=60_000,
    penalty_rate_ppm=90_000,
    opened_on=OPENED,
    due_dates=(OPENED + timedelta(days=90),),
    day_base=365,
    free_days=60,
)
FREE_IF_SETTLED = replace(FREE, free_kind=FreePeriod.IF_SETTLED)
EQUAL_FEE = Terms(
    frame_minor=12_000_00,
    rate_ppm=72_000,  # 0.6 % a month
    penalty_rate_ppm=108_000,
    opened_on=date(2024, 1, 15),
    due_dates=due_dates(date(2024, 1, 15), count=12),
    product=Product.EQUAL_FEE,
)


def drawn(terms: Terms, *later: Repay) -> list[Draw | Repay]:
    return [Draw(key="draw", on=terms.opened_on, amount_minor=terms.frame_minor), *later]


def lived(terms: Terms, days: int, *later: Repay) -> Book:
    return fold(terms, drawn(terms, *later), as_of=terms.opened_on + timedelta(days=days))


def repaid(days: int, amount: int) -> Repay:
    return Repay(key=f"repay:{days}", on=OPENED + timedelta(days=days), amount_minor=amount)


@pytest.mark.parametrize("terms", [FREE, FREE_IF_SETTLED])
@pytest.mark.parametrize("days", [1, 59, 60, 61, 75, 90])
def test_a_loan_with_free_days_settles_for_what_the_formula_says(terms, days):
    on = OPENED + timedelta(days=days)
    interest = interest_with_free_days(
        terms.frame_minor,
        rate_ppm=terms.rate_ppm,
        day_base=365,
        opened_on=OPENED,
        settled_on=on,
        free_days=60,
        kind=terms.free_kind,
    )
    quote = settlement_quote(lived(terms, 0), on=on)

    assert (quote.interest_minor, quote.principal_minor) == (interest, terms.frame_minor)
    settled = lived(terms, days + 40, repaid(days, quote.total_minor))
    assert settled.status is LoanStatus.SETTLED
    assert settled.state.paid.interest_minor == interest
    assert settled.state.booked == settled.state.recognised


def test_days_always_free_cost_the_worked_sum_and_two_per_cent():
    shown = offer(FREE)

    assert shown.interest_minor == 493_15
    assert round(shown.simple_365, 4) == Decimal("0.0200")
    assert due_quote(lived(FREE, 90), on=FREE.maturity_on).interest_minor == 493_15


def test_what_was_paid_back_within_the_free_days_counts_only_as_long_as_it_was_held():
    book = lived(FREE_IF_SETTLED, 61, repaid(30, 40_000_00))

    # 100,000.00 for 30 days and 60,000.00 for 31, at 6 % of 365.
    assert book.state.rows[0].contract.recognised_minor == 493_15 + 305_75
    bases = [(each.base_minor, each.days) for each in book.segments]
    assert bases == [(100_000_00, 1), (100_000_00, 29), (60_000_00, 31)]  # a month end between


def test_an_offer_with_conditional_free_days_shows_what_not_settling_early_costs():
    assert offer(FREE_IF_SETTLED).interest_minor == 1_479_45
    within = replace(FREE_IF_SETTLED, due_dates=(OPENED + timedelta(days=60),))
    assert schedule(within)[0].interest_minor == 0


def test_penalty_and_the_free_interest_come_together_when_the_loan_is_not_settled_in_time():
    within = replace(FREE_IF_SETTLED, due_dates=(OPENED + timedelta(days=60),))
    quote = due_quote(lived(within, 61), on=OPENED + timedelta(days=61))

    assert quote.interest_minor == 986_30  # 60 days at 6 %
    assert quote.penalty_minor == 24_66  # one day at 9 %


def test_an_equal_fee_loan_lives_as_its_plan_and_shows_its_real_rate():
    plan = equal_fee_plan(
        12_000_00, fee_ppm=6_000, opened_on=EQUAL_FEE.opened_on, due_dates=EQUAL_FEE.due_dates
    )
    rows = lived(EQUAL_FEE, 366).state.rows

    assert schedule(EQUAL_FEE) == plan.rows
    assert {(row.principal_minor, row.contract.charged_minor) for row in rows} == {
        (1_000_00, 72_00)
    }
    shown = offer(EQUAL_FEE)
    assert (shown.law_simple, shown.law_compound) == (plan.simple, plan.compound)
    assert round(shown.law_simple, 4) == Decimal("0.1303")
    assert round(shown.law_compound, 4) == Decimal("0.1384")


def test_the_fee_stays_on_the_first_principal_until_the_loan_is_settled():
    month = Repay(key="one", on=date(2024, 2, 15), amount_minor=1_072_00)
    early = Repay(key="early", on=date(2024, 2, 15), amount_minor=5_000_00)
    book = fold(EQUAL_FEE, drawn(EQUAL_FEE, month, early), as_of=date(2024, 3, 15))

    assert book.state.principal_minor == 6_000_00
    assert book.state.rows[1].contract.charged_minor == 72_00
    rest = settlement_quote(book, on=date(2024, 3, 15)).total_minor
    settled = fold(
        EQUAL_FEE,
        [
            *drawn(EQUAL_FEE, month, early),
            Repay(key="rest", on=date(2024, 3, 15), amount_minor=rest),
        ],
        as_of=date(2024, 6, 15),
    )
    assert settled.state.paid.interest_minor == 144_00
    assert settled.status is LoanStatus.SETTLED


@pytest.mark.parametrize("terms", [FREE_IF_SETTLED, EQUAL_FEE])
def test_the_terms_of_these_products_are_kept_whole(terms):
    assert terms_from_json(terms_as_json(terms)) == terms


def test_penalty_takes_the_place_of_what_each_rate_cost_in_the_grace_days():
    terms = Terms(
        frame_minor=100_000_00,
        rate_ppm=36_000,
        penalty_rate_ppm=54_000,
        opened_on=OPENED,
        due_dates=(date(2024, 12, 30),),
        grace_days=5,
    ).repriced(on=date(2025, 1, 1), rate_ppm=48_000)
    book = fold(terms, drawn(terms), as_of=date(2025, 1, 9))

    assert (terms.penalty_rate_ppm, terms.past_rates[0].rate_ppm) == (72_000, 36_000)
    # Two days at 5.4 % and eight at 7.2 %, from the due date, and no contract interest.
    assert book.state.rows[0].penalty.exact == 2 * 15_00 + 8 * 20_00


@pytest.mark.parametrize(
    ("fees", "simple", "compound", "is_within"),
    [((), "0.1657", "0.1789", True), ((300_00,), "0.2246", "0.2492", False)],
)
def test_instalments_show_the_worked_rates_and_a_fee_up_front_breaks_the_cap(
    fees, simple, compound, is_within
):
    terms = Terms(
        frame_minor=10_000_00,
        rate_ppm=165_684,
        penalty_rate_ppm=248_526,
        opened_on=date(2024, 1, 15),
        due_dates=due_dates(date(2024, 1, 15), count=12),
        product=Product.EQUAL_INSTALMENTS,
        basis=InterestBasis.BY_MONTH,
    )
    shown = offer(terms, fees=[Fee(terms.opened_on, amount) for amount in fees])
    verdict = judge_cost(simple=shown.law_simple, compound=shown.law_compound, items=())

    assert shown.rows[0].payment_minor == 910_00
    assert round(shown.law_simple, 4) == Decimal(simple)
    assert round(shown.law_compound, 4) == Decimal(compound)
    assert verdict.is_within is is_within
