"""What a programme offers, from the buyer's quote to the terms of the loan."""

from datetime import date

import pytest

from scf.financing.loan_terms import loan_terms
from scf.financing.models import Application
from scf.financing.services import ApplicationIn, submit_application
from scf.loans.terms import AfterEarly, EarlyInterest, Product, Terms
from scf.workflow import clocks
from tests.cast import *  # noqa: F403 - the cast as fixtures
from tests.factories.credit import ready_programme
from tests.factories.parties import somebody
from tests.factories.trade import confirmed_order, line_ids_of

PLANNED = date(2026, 3, 12)


def asked(matures_on: date = date(2026, 9, 12), **terms: object) -> Application:
    """The order of golden deal 1 on other terms, planned from 12 March 2026."""
    clocks.open_day(date(2026, 3, 9))
    given = ApplicationIn(
        programme_id=ready_programme(tenor_max_days=400, **terms).pk,
        order_line_ids=tuple(line_ids_of(confirmed_order())),
        funding_planned_on=PLANNED,
        matures_on=matures_on,
    )
    return submit_application(given, by=somebody("ma"))


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
