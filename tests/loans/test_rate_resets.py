"""A floating rate is set anew on the days its contract names, and the loan lives on with it."""

from dataclasses import replace
from datetime import date

import pytest

from scf.core.actor import SYSTEM
from scf.loans.actions import Draw, Repay, SetRate
from scf.loans.base_rate import Pricing, ResetOn, Tenor
from scf.loans.book import fold
from scf.loans.calendars import due_dates
from scf.loans.kept_quotes import _SHIPPED, keep_quotes
from scf.loans.schedule import level_instalment
from scf.loans.services import close_loan_day
from scf.loans.services.life import book_of
from scf.loans.stored import action_from_json, details_as_json, terms_as_json, terms_from_json
from scf.loans.terms import InterestBasis, Product, Terms
from scf.workflow import clocks
from scf.workflow.models import Fact
from tests.factories.loans import opened_loan
from tests.loans.lives import go_to

OPENED = date(2024, 1, 15)
LPR = Pricing(Tenor.ONE_YEAR, 9_000, ResetOn.INTEREST_DAY)
TERMS = Terms(
    frame_minor=100_000_00,
    rate_ppm=43_500,
    penalty_rate_ppm=65_250,
    opened_on=OPENED,
    due_dates=due_dates(OPENED, count=4, every_months=3),
    pricing=LPR,
)
DRAWN = Draw(key="draw", on=OPENED, amount_minor=TERMS.frame_minor)


def reset(on: date, rate_ppm: int) -> SetRate:
    return SetRate(
        key=f"set:{on}", on=on, rate_ppm=rate_ppm, quote_ppm=rate_ppm - 9_000, quoted_on=on
    )


def test_interest_runs_at_each_rate_for_its_own_days():
    lower = reset(date(2024, 10, 15), 42_500)
    book = fold(TERMS, [DRAWN, lower], as_of=date(2025, 1, 15))

    assert [(row.contract.charged_minor) for row in book.state.rows] == [
        1_099_58,  # 91 days at 4.35 %
        1_099_58,
        1_111_67,
        1_086_11,  # 92 days at 4.25 %, with the parts of a fen of all four
    ]
    assert {(each.ends_on <= lower.on, each.rate_ppm) for each in book.segments} == {
        (True, 43_500),
        (False, 42_500),
    }


def test_a_reset_inside_a_period_splits_its_interest():
    new_year = reset(date(2025, 1, 1), 40_000)
    terms = replace(TERMS, due_dates=(date(2025, 1, 15),))
    row = fold(terms, [DRAWN, new_year], as_of=date(2025, 1, 15)).state.rows[0]

    # 352 days at 4.35 % and 14 at 4.00 %.
    assert row.contract.charged_minor == 4_253_33 + 155_56


def test_penalty_follows_the_new_rate_with_the_same_uplift():
    terms = replace(TERMS, due_dates=(date(2024, 4, 15),))
    rise = reset(date(2024, 4, 25), 50_000)
    book = fold(terms, [DRAWN, rise], as_of=date(2024, 5, 5))

    assert book.terms.penalty_rate_ppm == 75_000
    # Ten days at 6.525 % and ten at 7.5 %.
    assert book.state.rows[0].penalty.recognised_minor == 181_25 + 208_33


def test_a_level_instalment_is_planned_anew_and_pays_the_loan_off_to_the_fen():
    terms = replace(
        TERMS,
        due_dates=due_dates(OPENED, count=12),
        product=Product.EQUAL_INSTALMENTS,
        basis=InterestBasis.BY_MONTH,
    )
    level = level_instalment(terms, terms.frame_minor, count=12)
    paid = [Repay(key=str(day), on=day, amount_minor=level) for day in terms.due_dates[:6]]
    lower = reset(terms.due_dates[5], 31_000)
    before = fold(terms, [DRAWN, *paid], as_of=terms.due_dates[5])
    after = fold(terms, [DRAWN, *paid, lower], as_of=terms.maturity_on)

    new = replace(terms, rate_ppm=31_000)
    assert after.state.level_minor == level_instalment(new, before.state.principal_minor, count=6)
    assert after.state.level_minor < before.state.level_minor
    assert sum(row.principal_minor for row in after.state.rows) == terms.frame_minor
    rows = after.state.rows[6:-1]
    assert {row.principal_minor + row.contract.charged_minor for row in rows} == {
        after.state.level_minor
    }


def test_a_reset_and_its_terms_are_kept_as_rows_keep_them():
    given = reset(date(2025, 1, 1), 40_000)
    kept = action_from_json(
        "set_rate", details_as_json(given), key=given.key, on=given.on, amount_minor=0
    )

    assert kept == given
    terms = TERMS.repriced(on=given.on, rate_ppm=40_000)
    assert terms_from_json(terms_as_json(terms)) == terms


@pytest.mark.django_db
def test_the_close_of_a_reset_day_sets_the_rate_once_and_says_from_which_quote(settings, tmp_path):
    settings.SCF_HOME = str(tmp_path)
    keep_quotes(_SHIPPED.read_text(encoding="utf-8") + "2026-04-20,2.80,3.30\n")
    clocks.open_day(date(2026, 3, 12))
    loan = opened_loan(
        due_dates=(date(2026, 4, 20), date(2026, 6, 10)),
        pricing=Pricing(Tenor.ONE_YEAR, 13_500, ResetOn.INTEREST_DAY),
    )
    go_to(date(2026, 4, 20))
    assert not loan.actions.filter(kind="set_rate").exists()

    go_to(date(2026, 4, 21))
    close_loan_day(loan.pk, day=date(2026, 4, 20))

    action = loan.actions.get(kind="set_rate")
    assert (action.on, action.details) == (
        date(2026, 4, 20),
        {"rate_ppm": 41_500, "quote_ppm": 28_000, "quoted_on": "2026-04-20"},
    )
    loan.refresh_from_db()
    book = book_of(loan, on=date(2026, 6, 10))
    assert book.terms.rate_ppm == 41_500
    # 51 days on 800,000.00 at the rate set anew.
    assert book.state.rows[1].contract.charged_minor == 4_703_33
    fact = Fact.objects.get(name="loan.rate_set")
    assert (fact.details["quoted_on"], fact.person_id) == ("2026-04-20", SYSTEM.person_id)
