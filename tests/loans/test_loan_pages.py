"""What pages ask of a loan: its plan, what is due, what settles it, how interest ran."""

from datetime import date

import pytest

from scf.core.errors import NotFound
from scf.loans.classification import Tier
from scf.loans.selectors import (
    get_loan,
    list_daily_accruals,
    list_formulas,
    list_loans,
    loan_of,
    quote_settlement,
    view_loan,
)
from scf.loans.services import close_loan_day, loans_to_close, record_repayment, take_back
from scf.workflow import clocks
from tests.factories.loans import awaiting_loan, moved, opened_loan
from tests.factories.parties import somebody
from tests.loans.deal import EXPIRY, FUNDED, LATE, LOAN, MATURITY, RETURNED

pytestmark = pytest.mark.django_db


@pytest.fixture
def loan():
    clocks.open_day(FUNDED)
    return opened_loan()


def test_on_the_first_day_the_plan_shows_what_the_last_will_bring(loan):
    view = view_loan(loan)

    (row,) = view.rows
    assert (row.due_on, row.principal_minor, row.interest_minor) == (MATURITY, LOAN, 8_700_00)
    assert (row.is_due, row.is_paid) == (False, False)
    assert (view.due.total_minor, view.settlement.total_minor) == (0, LOAN)
    assert (view.next_due_on, view.days_past_due, view.tier) == (MATURITY, 0, Tier.NORMAL)


def test_a_settlement_is_quoted_for_any_coming_day(loan):
    assert quote_settlement(loan, on=EXPIRY).total_minor == LOAN + 5_800_00
    assert quote_settlement(loan, on=LATE).penalty_minor == 725_00  # 800,000.00, 5 days, 6.525 %


def test_an_overdue_loan_says_for_how_long_and_how_bad(loan):
    clocks.open_day(MATURITY)
    take_back(loan, moved=moved("return", EXPIRY, RETURNED))
    record_repayment(loan, moved=moved("sweep", MATURITY, 400_000_00), cause="sweep")

    view = view_loan(loan, on=LATE)

    assert (view.days_past_due, view.tier) == (5, Tier.SPECIAL_MENTION)
    assert (view.due.principal_minor, view.due.penalty_minor) == (235_995_51, 213_87)
    assert view.rows[0].interest_paid_minor == 8_076_21


def test_each_stretch_of_interest_is_a_formula_and_each_day_a_row(loan):
    clocks.open_day(EXPIRY)
    take_back(loan, moved=moved("return", EXPIRY, RETURNED))

    texts = [each.text for each in list_formulas(loan, on=MATURITY)]
    days = list_daily_accruals(loan, on=MATURITY)

    assert texts[0].startswith("800,000.00 × 4.3500% × ")
    assert sum(each.segment.days for each in list_formulas(loan, on=MATURITY)) == len(days) == 90
    assert days[-1].cumulative_minor == 8_076_21


def test_lender_and_borrower_see_the_loan_and_nobody_else(loan):
    for key in ("shen", "ma"):
        assert get_loan(loan.pk, by=somebody(key)) == loan
        assert loan_of(loan.application_id, by=somebody(key)) == loan
        assert list(list_loans(by=somebody(key), status="active")) == [loan]
    for key in ("sly", "wei", "delta"):
        assert list(list_loans(by=somebody(key))) == []
        with pytest.raises(NotFound):
            get_loan(loan.pk, by=somebody(key))
        with pytest.raises(NotFound):
            loan_of(loan.application_id, by=somebody(key))


def test_before_it_is_funded_a_loan_is_shown_as_planned():
    clocks.open_day(date(2026, 3, 9))
    loan = awaiting_loan()

    view = view_loan(loan)

    assert (view.on, view.settlement.total_minor, view.next_due_on) == (FUNDED, 0, None)
    assert view.undrawn_minor == LOAN
    assert loans_to_close(FUNDED) == []
    assert close_loan_day(loan.pk, day=FUNDED).status == "awaiting"
