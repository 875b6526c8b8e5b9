"""What a programme offers, from the buyer's quote to the terms of the loan."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from scf.core.errors import RuleBroken
from scf.credit.terms import Fee
from scf.financing.loan_terms import loan_terms
from scf.financing.models import Application
from scf.financing.services import ApplicationIn, preview_application, submit_application
from scf.loans.actions import Draw
from scf.loans.base_rate import Pricing, ResetOn, Tenor
from scf.loans.book import fold
from scf.loans.quotes import due_quote
from scf.loans.terms import AfterEarly, EarlyInterest, Product, Terms
from scf.workflow import clocks
from tests.cast import *  # noqa: F403 - the cast as fixtures
from tests.factories.credit import ready_programme
from tests.factories.parties import somebody
from tests.factories.trade import confirmed_order, line_ids_of

PLANNED = date(2026, 3, 12)


def ask_for(matures_on: date, **terms: object) -> ApplicationIn:
    """The order of golden deal 1 on other terms, planned from 12 March 2026."""
    clocks.open_day(date(2026, 3, 9))
    return ApplicationIn(
        programme_id=ready_programme(tenor_max_days=400, **terms).pk,
        order_line_ids=tuple(line_ids_of(confirmed_order())),
        funding_planned_on=PLANNED,
        matures_on=matures_on,
    )


def asked(matures_on: date = date(2026, 9, 12), **terms: object) -> Application:
    """Submitted by the buyer."""
    return submit_application(ask_for(matures_on, **terms), by=somebody("ma"))


def registered(application: Application) -> Terms:
    """The loan's terms as approval registers them, from what the database kept."""
    return loan_terms(Application.objects.get(pk=application.pk))


def test_equal_principal_is_quoted_and_registered_month_by_month(db):
    application = asked(repayment="equal_principal")
    terms = registered(application)

    assert terms.product is Product.EQUAL_PRINCIPAL
    assert [day.isoformat() for day in terms.due_dates] == [
        row["due_on"] for row in application.quote["schedule"]
    ]
    assert [row["principal_minor"] for row in application.quote["schedule"]] == [
        *[133_333_33] * 5,
        133_333_35,
    ]
    assert application.papers["drawdown_request"]["repayment"] == "等额本金，按月，放款对应日"


def test_the_fen_that_equal_parts_leave_over_may_fall_due_first(db):
    """100,000.00 over twelve months at 4.56 % by months: the worked loan of the conventions."""
    application = submit_application(
        replace(
            ask_for(
                date(2027, 3, 12),
                repayment="equal_principal",
                principal_remainder="first",
                rate_ppm=45_600,
                penalty_rate_ppm=68_400,
                interest_basis="by_month",
                accrual_residual="per_period",
            ),
            own_funds_minor=900_000_00,
        ),
        by=somebody("ma"),
    )
    terms = registered(application)

    rows = application.quote["schedule"]
    assert [row["principal_minor"] for row in rows] == [8_333_37, *[8_333_33] * 11]
    assert (rows[0]["interest_minor"], rows[-1]["interest_minor"]) == (380_00, 31_67)
    assert application.quote["interest_minor"] == sum(row["interest_minor"] for row in rows)
    drawn = Draw(key="fund", on=PLANNED, amount_minor=100_000_00)
    lived = fold(terms, [drawn], as_of=date(2026, 4, 12))
    assert [row.principal_minor for row in lived.state.rows] == [8_333_37, *[8_333_33] * 11]
    assert due_quote(lived, on=date(2026, 4, 12)).total_minor == 8_333_37 + 380_00
    words = application.papers["drawdown_request"]["repayment"]
    assert words == "等额本金（本金除不尽的余数计入首期），按月，放款对应日"


def test_interest_only_pays_interest_on_the_20th_of_each_quarter(db):
    application = asked(repayment="interest_only", due_every="quarter", due_day=20)
    terms = registered(application)

    assert terms.product is Product.BULLET
    assert terms.due_dates == (
        date(2026, 3, 20),
        date(2026, 6, 20),
        date(2026, 9, 12),
    )
    rows = application.quote["schedule"]
    assert [row["principal_minor"] for row in rows] == [0, 0, 800_000_00]
    assert [row["interest_minor"] for row in rows] == [773_33, 8_893_33, 8_120_01]
    assert application.papers["drawdown_request"]["repayment"] == "先息后本，按季，每季末月 20 日"


def test_due_dates_move_to_working_days_when_the_programme_says_so(db):
    application = asked(
        repayment="interest_only",
        due_every="quarter",
        due_day=20,
        due_date_rule="next_working_day",
    )
    terms = registered(application)

    # 20 and 21 June 2026 are the Dragon Boat holiday, 12 September is a Saturday.
    assert terms.due_dates == (date(2026, 3, 20), date(2026, 6, 22), date(2026, 9, 14))
    assert terms.planned_dates == (date(2026, 3, 20), date(2026, 6, 20), date(2026, 9, 12))
    assert application.papers["drawdown_request"]["matures_on"] == "2026-09-14"
    assert application.quote["years_without_table"] == []


def test_a_year_the_table_lacks_is_said_in_the_quote(db):
    application = asked(date(2027, 3, 12), due_date_rule="next_working_day")

    assert application.quote["years_without_table"] == [2027]


@pytest.mark.parametrize(
    ("early_interest", "after_early"), [("on_repaid", "shorten"), ("whole", "lower")]
)
def test_what_an_early_repayment_does_is_the_programmes_choice(db, early_interest, after_early):
    terms = registered(
        asked(
            repayment="equal_instalments",
            interest_basis="by_month",
            early_interest=early_interest,
            after_early=after_early,
        )
    )

    assert terms.early_interest is EarlyInterest(early_interest)
    assert terms.after_early is AfterEarly(after_early)


def test_the_loan_keeps_the_dates_that_were_shown_when_the_calendar_changes(db, settings, tmp_path):
    application = asked(due_date_rule="next_working_day")
    shown = application.quote["schedule"][-1]["due_on"]
    settings.SCF_HOME = str(tmp_path)
    (tmp_path / "working_days.csv").write_text(
        "first,last,kind,name\n2026-09-14,2026-09-15,closed,台风\n", encoding="utf-8"
    )

    assert registered(application).maturity_on.isoformat() == shown


def test_a_floating_rate_is_the_quote_of_the_day_of_asking_plus_the_margin(db):
    application = asked(
        date(2026, 6, 10),
        rate_base="1Y",
        rate_margin_ppm=13_500,
        rate_reset="new_year",
        rate_ppm=45_000,
        penalty_rate_ppm=63_000,
    )
    terms = registered(application)

    # LPR 3.00 % of 20 May 2025 and 135 basis points; penalty keeps the programme's 1.4 times.
    assert (terms.rate_ppm, terms.penalty_rate_ppm) == (43_500, 60_900)
    assert terms.pricing == Pricing(Tenor.ONE_YEAR, 13_500, ResetOn.NEW_YEAR)
    assert application.quote["interest_minor"] == 8_700_00
    assert application.quote["pricing"]["quoted_on"] == "2025-05-20"
    assert application.papers["drawdown_request"]["rate"] == (
        "2025-05-20 公布的1 年期 LPR 3.00 % 加 135 个基点，即 4.35 %，每年 1 月 1 日重定价"
    )


def test_a_rate_of_nothing_is_not_lent_at(db):
    with pytest.raises(RuleBroken) as refusal:
        asked(rate_base="1Y", rate_margin_ppm=-30_000)
    assert refusal.value.code == "no_base_rate"


def test_a_fixed_fee_shows_its_real_rate_to_the_borrower(db):
    application = asked(
        date(2027, 3, 12),
        repayment="equal_fee",
        release_policy="PAY_ON_DRAWDOWN",
        rate_ppm=72_000,
        penalty_rate_ppm=108_000,
    )
    quote = application.quote

    assert {row["interest_minor"] for row in quote["schedule"]} == {4_800_00}
    assert (quote["annual_rate_simple"][:6], quote["annual_rate_compound"][:6]) == (
        "0.1303",
        "0.1384",
    )
    assert "IRR" in quote["method"]
    assert application.papers["drawdown_request"]["rate"] == "每月收费为初始本金的 0.60 %"


def test_free_days_are_part_of_the_offer_and_of_the_loan(db):
    application = asked(date(2026, 6, 10), free_days=30, free_kind="always")

    assert registered(application).free_days == 30
    assert application.quote["interest_minor"] == 5_800_00  # sixty days
    assert application.papers["drawdown_request"]["repayment"].endswith("（自放款日起 30 天免息）")


def test_a_loan_whose_fees_break_the_cap_is_refused_with_its_breakdown(db):
    fees = (
        Fee("手续费", "buyer", ppm=20_000),
        Fee("担保费", "buyer", minor=32_000_00, taken_by="guarantor"),
    )
    with pytest.raises(RuleBroken) as refusal:
        asked(date(2026, 6, 10), fees=fees)

    assert refusal.value.code == "cost_above_cap"
    for part in ("24%", "利息 8,700.00", "手续费 16,000.00", "担保费 32,000.00"):
        assert part in refusal.value.text()
    assert not Application.objects.exists()


def test_the_preview_shows_what_the_cap_would_refuse(db):
    given = ask_for(date(2026, 6, 10), fees=(Fee("担保费", "buyer", ppm=60_000),))
    cost = preview_application(given, by=somebody("ma"))["quote"]["cost"]

    assert not cost["is_within"]
    assert [item["amount_minor"] for item in cost["items"]] == [8_700_00, 48_000_00]


def test_every_fee_of_the_buyer_is_in_the_rate_and_none_of_the_sellers(db):
    fees = (Fee("手续费", "buyer", minor=800_00), Fee("服务费", "seller", minor=9_000_00))
    quote = asked(date(2026, 6, 10), fees=fees).quote

    assert quote["cost"]["total_minor"] == 9_500_00
    assert quote["annual_rate_simple"] == "0.047500"
    assert Decimal(quote["annual_rate_compound"]) > Decimal("0.0475")
