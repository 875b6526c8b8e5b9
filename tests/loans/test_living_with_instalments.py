"""A plan of many rows lived day by day: dues, early repayment, arrears."""

from datetime import date

import pytest

from scf.loans.actions import Action, AddCost, Draw, Repay
from scf.loans.book import Book, fold, resume
from scf.loans.calendars import due_dates
from scf.loans.postings import Kind, Parts
from scf.loans.quotes import due_quote, settlement_quote
from scf.loans.schedule import schedule
from scf.loans.state import LoanStatus, days_past_due, is_non_accrual
from scf.loans.terms import (
    AfterEarly,
    Claim,
    EarlyInterest,
    InterestBasis,
    Product,
    Residual,
    Terms,
    Waterfall,
)
from tests.loans.deal import the

STARTED = date(2024, 1, 31)
LOAN = 100_000_00


def year_loan(**changes: object) -> Terms:
    """100,000.00 at 4.56 % in twelve equal instalments by month."""
    terms: dict[str, object] = {
        "frame_minor": LOAN,
        "rate_ppm": 45_600,
        "penalty_rate_ppm": 68_400,
        "opened_on": STARTED,
        "due_dates": due_dates(STARTED, count=12),
        "product": Product.EQUAL_INSTALMENTS,
        "basis": InterestBasis.BY_MONTH,
        "residual": Residual.PER_PERIOD,
    }
    return Terms(**(terms | changes))  # type: ignore[arg-type]


def drawn() -> Draw:
    return Draw(key="draw", on=STARTED, amount_minor=LOAN)


def pay(amount: int, on: date) -> Repay:
    return Repay(key=f"repay:{on}", on=on, amount_minor=amount)


def paid_on_time(terms: Terms) -> list[Action]:
    return [drawn(), *(pay(row.payment_minor, row.due_on) for row in schedule(terms))]


@pytest.mark.parametrize("product", list(Product))
@pytest.mark.parametrize("basis", list(InterestBasis))
@pytest.mark.parametrize("residual", list(Residual))
def test_paid_on_time_the_life_is_the_plan(product, basis, residual):
    terms = year_loan(product=product, basis=basis, residual=residual)
    book = fold(terms, paid_on_time(terms), as_of=terms.maturity_on)

    lived = [
        (p.parts.principal_minor, p.parts.interest_minor)
        for p in book.postings
        if p.kind is Kind.REPAY
    ]
    assert lived == [(row.principal_minor, row.interest_minor) for row in schedule(terms)]
    assert book.status is LoanStatus.SETTLED
    booked = sum(p.parts.interest_minor for p in book.postings if p.kind is Kind.ACCRUAL)
    assert booked == sum(row.interest_minor for row in schedule(terms))


def half_repaid(terms: Terms) -> Book:
    first = date(2024, 2, 29)
    actions = [drawn(), pay(8_540_60, first)]
    more = Repay(key="early", on=first, amount_minor=50_000_00)
    return fold(terms, [*actions, more], as_of=first)


def test_an_early_part_lowers_the_instalments_left():
    book = half_repaid(year_loan(after_early=AfterEarly.LOWER))

    assert book.state.principal_minor == 100_000_00 - 8_160_60 - 50_000_00
    assert book.state.level_minor is not None
    assert book.state.level_minor < 8_540_60
    assert len([row for row in book.state.rows if row.principal_owed_minor]) == 11


def test_or_it_shortens_the_plan_at_the_same_instalment():
    book = half_repaid(year_loan(after_early=AfterEarly.SHORTEN))

    assert book.state.level_minor == 8_540_60
    left = [row.principal_owed_minor for row in book.state.rows if row.principal_owed_minor]
    assert len(left) == 5
    assert sum(left) == 41_839_40


def test_a_part_repaid_in_mid_period_pays_the_days_of_the_month_so_far():
    mid = date(2024, 2, 14)  # 14 of the 29 days of the first period
    terms = year_loan()
    book = fold(terms, [drawn(), pay(10_000_00, mid)], as_of=mid)

    parts = the(book.postings, Kind.REPAY, mid).parts
    assert parts == Parts(interest_minor=183_45, principal_minor=9_816_55)
    due = due_quote(book, on=date(2024, 2, 29))
    assert due.interest_minor == 177_26  # 90,183.45 x 0.38 % x 15/29


def test_settling_early_costs_interest_to_the_day_and_nothing_more():
    mid = date(2024, 2, 14)
    book = fold(year_loan(), [drawn()], as_of=mid)
    quote = settlement_quote(book, on=mid)
    assert (quote.interest_minor, quote.principal_minor) == (183_45, LOAN)

    book = resume(book, [pay(quote.total_minor, mid)], as_of=date(2025, 3, 1))

    assert book.status is LoanStatus.SETTLED
    assert settlement_quote(book, on=date(2025, 3, 1)).total_minor == 0


def revolving(early: EarlyInterest) -> Terms:
    """500,000.00 at 4.8 % from 5 March to 30 April (随借随还)."""
    return Terms(
        frame_minor=500_000_00,
        rate_ppm=48_000,
        penalty_rate_ppm=72_000,
        opened_on=date(2024, 3, 5),
        due_dates=(date(2024, 4, 30),),
        early_interest=early,
    )


@pytest.mark.parametrize(
    ("early", "first", "rest"),
    [(EarlyInterest.ON_REPAID, 533_33, 2_240_00), (EarlyInterest.WHOLE, 1_333_33, 1_440_00)],
)
def test_interest_of_an_early_part_is_its_own_or_all(early, first, rest):
    part, due = date(2024, 3, 25), date(2024, 4, 30)
    actions = [
        Draw(key="draw", on=date(2024, 3, 5), amount_minor=500_000_00),
        pay(200_000_00 + first, part),
    ]
    book = fold(revolving(early), actions, as_of=due)

    assert the(book.postings, Kind.REPAY, part).parts == Parts(
        interest_minor=first, principal_minor=200_000_00
    )
    assert due_quote(book, on=due).interest_minor == rest
    assert first + rest == 2_773_33


def test_each_overdue_row_bears_penalty_from_its_own_due_date():
    terms = year_loan(compound_on_interest=True)
    april = date(2024, 4, 15)
    quote = due_quote(fold(terms, [drawn()], as_of=april), on=april)

    # 8,160.60 for 46 days and 8,191.61 for 15, at 6.84 % / 360; each row is rounded on its own.
    assert quote.penalty_minor == 71_32 + 23_35
    # 380.00 and 348.99 of interest likewise.
    assert quote.compound_minor == 3_32 + 99
    assert quote.principal_minor == 8_160_60 + 8_191_61


def test_the_oldest_unpaid_due_date_counts_the_days():
    terms = year_loan()
    book = fold(terms, [drawn()], as_of=date(2024, 5, 29))
    assert (days_past_due(book.state), is_non_accrual(book.state)) == (90, False)

    book = resume(book, [], as_of=date(2024, 5, 30))
    assert (days_past_due(book.state), is_non_accrual(book.state)) == (91, True)

    paid = resume(book, [pay(8_700_00, date(2024, 5, 30))], as_of=date(2024, 5, 30))
    assert days_past_due(paid.state) == 91  # penalties of all rows came first, row 1 is not whole


def test_row_by_row_the_oldest_debt_is_paid_whole_first():
    terms = year_loan(waterfall=Waterfall(by_row=True))
    late = date(2024, 4, 15)
    book = fold(terms, [drawn(), pay(8_540_60 + 71_32, late)], as_of=late)

    assert (book.state.rows[0].owed_minor, days_past_due(book.state)) == (0, 15)


def test_above_ninety_days_the_programme_may_turn_to_principal_first():
    terms = year_loan(waterfall=Waterfall(principal_first_after=90))
    late = date(2024, 5, 30)
    parts = the(fold(terms, [drawn(), pay(1_000_00, late)], as_of=late).postings, Kind.REPAY, late)

    assert parts.parts == Parts(principal_minor=1_000_00)


def test_costs_come_before_everything():
    late = date(2024, 4, 15)
    actions = [drawn(), AddCost(key="court", on=late, amount_minor=300_00), pay(350_00, late)]
    book = fold(year_loan(), actions, as_of=late)

    parts = the(book.postings, Kind.REPAY, late).parts
    assert parts == Parts(costs_minor=300_00, penalty_minor=50_00)


def test_interest_after_ninety_days_is_booked_off_balance():
    book = fold(year_loan(), [drawn()], as_of=date(2024, 7, 1))
    flags = {p.on: p.is_off_balance for p in book.postings if p.is_calendar}

    assert flags[date(2024, 4, 30)] is False
    assert flags[date(2024, 5, 31)] is True


def test_unpaid_interest_moves_off_balance_once_on_day_ninety_one():
    book = fold(year_loan(), [drawn()], as_of=date(2024, 9, 1))
    moved = [p for p in book.postings if p.kind is Kind.NON_ACCRUAL]

    assert [(p.key, p.on) for p in moved] == [("non_accrual:1", date(2024, 5, 30))]
    booked = [p.parts for p in book.postings if p.kind is Kind.ACCRUAL and not p.is_off_balance]
    for name in ("interest_minor", "penalty_minor"):
        assert getattr(moved[0].parts, name) == sum(getattr(parts, name) for parts in booked) > 0


def test_a_custom_order_is_obeyed():
    order = (Claim.INTEREST, Claim.PRINCIPAL, Claim.PENALTY, Claim.COSTS)
    late = date(2024, 3, 15)
    book = fold(year_loan(waterfall=Waterfall(order)), [drawn(), pay(8_540_60, late)], as_of=late)

    parts = the(book.postings, Kind.REPAY, late).parts
    assert parts == Parts(interest_minor=380_00, principal_minor=8_160_60)
    assert book.status is LoanStatus.OVERDUE  # the penalty is still owed
