"""The loan table of golden deal 1, line by line, to the fen."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from scf.loans.actions import Refund, RefusedAction
from scf.loans.book import fold, resume
from scf.loans.postings import Kind, Parts, calendar_accruals
from scf.loans.quotes import Sweep, daily_accruals, due_quote, settlement_quote, sweep_amount
from scf.loans.state import LoanStatus, days_past_due
from tests.loans.deal import (
    EXPIRY,
    FUNDED,
    LATE,
    LOAN,
    MATURITY,
    deal_terms,
    funded,
    repaid,
    returned,
    the,
    until_first_sweep,
)


def test_interest_runs_exactly_and_is_booked_at_the_named_closes():
    book = fold(deal_terms(), [*until_first_sweep(), repaid(236_209_38, LATE)], as_of=LATE)

    assert calendar_accruals(book.postings) == {
        date(2026, 3, 31): 1_933_33,
        date(2026, 4, 30): 2_900_00,
        date(2026, 5, 10): 966_67,
        date(2026, 5, 31): 1_593_35,
        date(2026, 6, 9): 682_86,
    }
    assert sum(calendar_accruals(book.postings).values()) == 8_076_21


@pytest.mark.parametrize(
    ("evening", "exact"),
    [
        (date(2026, 3, 31), Fraction(58_000_000, 300)),
        (date(2026, 4, 30), Fraction(145_000_000, 300)),
        (date(2026, 6, 9), Fraction("807620.74625")),
    ],
)
def test_the_daily_rows_sum_to_the_exact_interest(evening, exact):
    book = fold(deal_terms(), [funded(), returned()], as_of=evening + timedelta(days=1))

    last = list(daily_accruals(book))[-1]
    assert (last.on, last.cumulative) == (evening, exact)


def test_a_return_prepays_principal_and_leaves_the_interest_to_its_due_date():
    book = fold(deal_terms(), [funded(), returned()], as_of=EXPIRY)

    assert the(book.postings, Kind.RETURN, EXPIRY).parts == Parts(principal_minor=172_080_70)
    assert book.state.principal_minor == 627_919_30
    assert settlement_quote(book, on=EXPIRY).interest_minor == 5_800_00
    assert due_quote(book, on=EXPIRY).total_minor == 0


def test_the_sweep_on_the_due_date_pays_interest_then_principal():
    book = fold(deal_terms(), [funded(), returned()], as_of=MATURITY)
    assert due_quote(book, on=MATURITY).total_minor == 627_919_30 + 8_076_21
    assert (book.status, days_past_due(book.state)) == (LoanStatus.ACTIVE, 0)

    book = resume(book, [repaid(400_000_00, MATURITY)], as_of=MATURITY)

    paid = the(book.postings, Kind.REPAY, MATURITY).parts
    assert paid == Parts(interest_minor=8_076_21, principal_minor=391_923_79)
    assert book.state.principal_minor == 235_995_51
    assert (book.status, book.status_at_close) == (LoanStatus.ACTIVE, LoanStatus.OVERDUE)


def test_what_is_unpaid_at_the_close_of_the_due_date_moves_to_overdue_principal():
    book = fold(deal_terms(), until_first_sweep(), as_of=MATURITY + timedelta(days=1))

    assert the(book.postings, Kind.OVERDUE, MATURITY).parts.principal_minor == 235_995_51
    assert book.status is LoanStatus.OVERDUE


def test_five_days_late_cost_penalty_in_place_of_interest_and_the_second_sweep_settles():
    book = fold(deal_terms(), until_first_sweep(), as_of=LATE)
    assert days_past_due(book.state) == 5
    quote = settlement_quote(book, on=LATE)
    assert (quote.penalty_minor, quote.interest_minor, quote.total_minor) == (213_87, 0, 236_209_38)

    book = resume(book, [repaid(quote.total_minor, LATE)], as_of=LATE)

    assert the(book.postings, Kind.ACCRUAL, LATE).parts == Parts(penalty_minor=213_87)
    paid = the(book.postings, Kind.REPAY, LATE).parts
    assert paid == Parts(penalty_minor=213_87, principal_minor=235_995_51)
    assert the(book.postings, Kind.REPAY, LATE).overdue_principal_minor == 235_995_51
    assert the(book.postings, Kind.REPAY, MATURITY).overdue_principal_minor == 0
    assert (book.status, book.state.principal_minor) == (LoanStatus.SETTLED, 0)


def test_what_the_borrower_paid_in_all():
    book = fold(deal_terms(), [*until_first_sweep(), repaid(236_209_38, LATE)], as_of=LATE)

    assert book.state.paid.interest_minor == 8_076_21
    assert book.state.paid.penalty_minor == 213_87
    principal = [p.parts.principal_minor for p in book.postings if p.kind in {"return", "repay"}]
    assert sum(principal) == LOAN


def test_money_beyond_the_debt_is_overpaid_until_it_is_given_back():
    actions = [*until_first_sweep(), repaid(250_000_00, LATE)]
    book = fold(deal_terms(), actions, as_of=LATE)
    assert (book.status, book.state.overpaid_minor) == (LoanStatus.OVERPAID, 13_790_62)

    given_back = Refund(key="refund", on=LATE, amount_minor=13_790_62)
    assert resume(book, [given_back], as_of=LATE).status is LoanStatus.SETTLED
    with pytest.raises(RefusedAction) as refusal:
        resume(book, [replace(given_back, amount_minor=13_790_63)], as_of=LATE)
    assert refusal.value.code == "over_refund"


def test_the_sweep_takes_what_is_there_and_never_more_than_is_owed():
    def swept(book, day, available, when=Sweep.ON_DUE):
        return sweep_amount(book, on=day, available_minor=available, when=when)

    before = fold(deal_terms(), [funded(), returned()], as_of=date(2026, 6, 5))
    assert swept(before, date(2026, 6, 5), 400_000_00) == 0
    assert swept(before, date(2026, 6, 5), 400_000_00, Sweep.ON_RECEIPT) == 400_000_00
    assert swept(before, MATURITY, 400_000_00) == 400_000_00
    late = fold(deal_terms(), until_first_sweep(), as_of=LATE)
    assert swept(late, LATE, 250_000_00) == 236_209_38


def test_a_settled_loan_books_no_more_interest():
    actions = [*until_first_sweep(), repaid(236_209_38, LATE)]

    assert fold(deal_terms(), actions, as_of=date(2026, 9, 1)).postings == (
        fold(deal_terms(), actions, as_of=LATE).postings
    )


def test_a_draw_beyond_the_frame_is_refused():
    with pytest.raises(RefusedAction) as refusal:
        fold(deal_terms(), [funded(), funded()], as_of=FUNDED)
    assert refusal.value.code == "over_frame"


def test_repaying_before_anything_was_lent_is_refused():
    with pytest.raises(RefusedAction) as refusal:
        fold(deal_terms(), [repaid(1, FUNDED)], as_of=FUNDED)
    assert refusal.value.code == "not_drawn"


def test_an_action_before_the_day_of_the_book_is_refused_it_needs_a_replay():
    book = fold(deal_terms(), [funded()], as_of=EXPIRY)
    with pytest.raises(RefusedAction) as refusal:
        resume(book, [repaid(1_00, date(2026, 5, 1))], as_of=EXPIRY)
    assert refusal.value.code == "out_of_order"
