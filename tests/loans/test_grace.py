"""Days of grace: paid within them nothing is overdue; after them penalty, by the terms (K13)."""

from datetime import date, timedelta

import pytest

from scf.loans.actions import Action
from scf.loans.book import Book, fold
from scf.loans.postings import Kind, Parts
from scf.loans.quotes import settlement_quote
from scf.loans.state import LoanStatus
from scf.loans.terms import PenaltyFrom
from tests.loans.deal import MATURITY, deal_terms, repaid, returned, the, until_first_sweep

GRACE_END = MATURITY + timedelta(days=3)
AFTER = GRACE_END + timedelta(days=1)


def lived(*more: Action, penalty_from: PenaltyFrom, as_of: date, **changes: object) -> Book:
    terms = deal_terms(grace_days=3, penalty_from=penalty_from, **changes)
    return fold(terms, [*until_first_sweep(), *more], as_of=as_of)


@pytest.mark.parametrize("penalty_from", list(PenaltyFrom))
def test_within_the_grace_days_the_contract_rate_runs_and_nothing_is_overdue(penalty_from):
    book = lived(penalty_from=penalty_from, as_of=GRACE_END)
    quote = settlement_quote(book, on=GRACE_END)

    assert (quote.interest_minor, quote.penalty_minor) == (85_55, 0)
    assert (book.status, book.status_at_close) == (LoanStatus.ACTIVE, LoanStatus.OVERDUE)


@pytest.mark.parametrize("penalty_from", list(PenaltyFrom))
def test_paid_on_the_last_day_of_grace_there_is_no_penalty(penalty_from):
    payoff = 235_995_51 + 85_55
    book = lived(repaid(payoff, GRACE_END), penalty_from=penalty_from, as_of=AFTER)

    assert book.status is LoanStatus.SETTLED
    assert book.state.recognised.penalty_minor == 0


def test_unpaid_after_grace_penalty_may_count_from_the_due_date():
    book = lived(penalty_from=PenaltyFrom.DUE_DATE, as_of=date(2026, 6, 15))
    quote = settlement_quote(book, on=date(2026, 6, 15))

    # The same as without grace: five days at the penalty rate, the contract rate taken back.
    assert (quote.interest_minor, quote.penalty_minor) == (0, 213_87)
    assert book.status is LoanStatus.OVERDUE


def test_what_was_paid_of_the_grace_interest_counts_towards_the_penalty():
    second = MATURITY + timedelta(days=2)
    part = repaid(100_000_00, second)
    book = lived(part, penalty_from=PenaltyFrom.DUE_DATE, as_of=date(2026, 6, 15))

    # Two days of grace interest on the whole were paid: q(235,995.51 x 4.35 % x 2/360) = 57.03.
    assert the(book.postings, Kind.REPAY, second).parts.interest_minor == 57_03
    left = 235_995_51 - (100_000_00 - 57_03)
    assert book.state.principal_minor == left == 136_052_54
    # The part paid in time keeps its contract interest (24.15 of the 57.03), the rest is penalty.
    moved = the(book.postings, Kind.LAPSE, GRACE_END).parts
    assert moved == Parts(interest_minor=-32_88, penalty_minor=32_88)
    quote = settlement_quote(book, on=date(2026, 6, 15))
    assert quote.penalty_minor == 123_30 - 32_88  # 136,052.54 x 6.525 % x 5/360 = 123.30
    assert quote.interest_minor == 0


def test_compound_goes_back_to_the_due_date_with_the_penalty():
    unpaid = deal_terms(grace_days=3, compound_on_interest=True)
    book = fold(unpaid, until_first_sweep()[:2], as_of=date(2026, 6, 15))
    quote = settlement_quote(book, on=date(2026, 6, 15))

    assert quote.compound_minor == 7_32  # 8,076.21 x 6.525 % x 5/360
    assert quote.penalty_minor == 569_05  # 627,919.30 x 6.525 % x 5/360
    assert quote.interest_minor == 8_076_21


def test_money_returned_in_grace_still_prepays_principal_alone():
    on = MATURITY + timedelta(days=1)
    terms = deal_terms(grace_days=3)
    book = fold(terms, [*until_first_sweep(), returned(1_000_00, on)], as_of=on)

    assert the(book.postings, Kind.RETURN, on).parts == Parts(principal_minor=1_000_00)


def test_money_returned_when_overdue_goes_by_the_waterfall():
    on = MATURITY + timedelta(days=5)
    book = fold(deal_terms(), [*until_first_sweep(), returned(1_000_00, on)], as_of=on)

    parts = the(book.postings, Kind.RETURN, on).parts
    assert parts == Parts(penalty_minor=213_87, principal_minor=786_13)
