"""Golden deal 1 lived by the services, day after day, with every line of the bank's book."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from scf.core.actor import SYSTEM
from scf.ledger.models import Transfer
from scf.ledger.selectors import list_balances
from scf.loans.invariants import (
    counters_equal_the_fold,
    ledger_equals_the_fold,
    postings_equal_the_fold,
)
from scf.loans.services import (
    cancel_loan,
    close_loan_day,
    commit_loan,
    draw_loan,
    loans_to_close,
    open_loan,
    record_repayment,
    take_back,
)
from scf.workflow import clocks
from scf.workflow.models import Fact
from tests.factories.loans import awaiting_loan, committed_loan, moved, opened_loan
from tests.factories.parties import party
from tests.loans.deal import EXPIRY, FUNDED, LATE, LOAN, MATURITY, RELEASES, RETURNED

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def go_to() -> Callable[[date], None]:
    """Close day after day and open the next, up to the morning of a date."""
    clocks.open_day(FUNDED)

    def go(to: date) -> None:
        while clocks.business_date() < to:
            day = clocks.business_date()
            for loan_id in loans_to_close(day):
                close_loan_day(loan_id, day=day)
            clocks.open_day(day + DAY)

    return go


def balance(code: str) -> int:
    rows = list_balances(party("yuanfan").pk, by=SYSTEM, codes=[code])
    return sum(row.balance_minor for row in rows)


def booked(kind: str) -> list[tuple[date, int]]:
    rows = Transfer.objects.filter(kind=kind).order_by("id")
    return [(row.value_date, row.amount_minor) for row in rows]


def told(name: str) -> list[dict]:
    return list(Fact.objects.filter(name=name).order_by("id").values_list("details", flat=True))


def assert_books_agree() -> None:
    checks = (counters_equal_the_fold, postings_equal_the_fold, ledger_equals_the_fold)
    assert [violation for check in checks for violation in check()] == []


def test_golden_deal_1_to_the_fen(go_to):
    loan = opened_loan()
    assert (loan.status, loan.principal_minor) == ("active", LOAN)
    assert balance(f"1303.01:{loan.pk}") == LOAN
    assert balance("1031") == 1_200_000_00

    go_to(EXPIRY)
    take_back(loan, moved=moved("return", EXPIRY, RETURNED))
    go_to(MATURITY)
    record_repayment(loan, moved=moved("sweep", MATURITY, 400_000_00), cause="sweep")
    assert loan.status == "active"
    go_to(MATURITY + DAY)
    loan.refresh_from_db()
    assert (loan.status, loan.principal_minor) == ("overdue", 235_995_51)
    assert balance(f"1303.02:{loan.pk}") == 235_995_51
    go_to(LATE)
    record_repayment(loan, moved=moved("sweep", LATE, 236_209_38), cause="sweep")

    assert (loan.status, loan.principal_minor) == ("settled", 0)
    assert booked("loan_accrual") == [
        (date(2026, 3, 31), 1_933_33),
        (date(2026, 4, 30), 2_900_00),
        (date(2026, 5, 10), 966_67),
        (date(2026, 5, 31), 1_593_35),
        (date(2026, 6, 9), 682_86),
        (date(2026, 6, 15), 213_87),
    ]
    assert balance("6011") == 8_290_08
    assert balance("1031") == 2_008_290_08
    assert [
        (one["principal_minor"], one["interest_minor"], one["penalty_minor"])
        for one in told("loan.repaid")
    ] == [(RETURNED, 0, 0), (391_923_79, 8_076_21, 0), (235_995_51, 0, 213_87)]
    assert_books_agree()


def test_each_release_is_a_drawdown_with_its_own_note(go_to):
    loan = opened_loan(interest_from="release")
    assert (loan.drawn_minor, balance(f"9010:{loan.pk}")) == (0, LOAN)

    for on, amount in RELEASES.items():
        go_to(on)
        draw_loan(loan, moved=moved("draw", on, amount))
    go_to(EXPIRY)
    take_back(loan, moved=moved("return", EXPIRY, RETURNED))
    assert balance(f"9010:{loan.pk}") == 0
    go_to(MATURITY)
    owed = LOAN - RETURNED + 5_039_57
    record_repayment(loan, moved=moved("sweep", MATURITY, owed), cause="sweep")

    assert loan.status == "settled"
    assert loan.interest_paid_minor == 5_039_57
    assert [each.number for each in loan.actions.filter(kind="draw")] == [
        f"{loan.number}-1",
        f"{loan.number}-2",
        f"{loan.number}-3",
    ]
    assert [one["principal_minor"] for one in told("loan.frame_lowered")] == [RETURNED]
    assert sum(one["principal_minor"] for one in told("loan.repaid")) == LOAN - RETURNED
    assert_books_agree()


def test_a_payment_found_late_reverses_and_posts_anew(go_to):
    loan = opened_loan()
    go_to(EXPIRY)
    take_back(loan, moved=moved("return", EXPIRY, RETURNED))
    go_to(MATURITY)
    record_repayment(loan, moved=moved("sweep", MATURITY, 400_000_00), cause="sweep")
    go_to(LATE)

    record_repayment(loan, moved=moved("found", date(2026, 5, 20), 100_000_00), cause="repay")

    assert loan.principal_minor == 627_919_30 - 93_517_14 - 400_000_00 + (
        loan.interest_paid_minor - 6_482_86
    )
    reversed_rows = loan.postings.filter(reverses__isnull=False)
    assert {row.key for row in reversed_rows} >= {"accrual:2026-05-31", "overdue:1"}
    assert all(row.booked_on == LATE for row in reversed_rows)
    told_of = sum(one["principal_minor"] for one in told("loan.repaid"))
    assert told_of == LOAN - loan.principal_minor
    assert balance(f"1303.02:{loan.pk}") == loan.principal_minor
    assert_books_agree()


def test_the_same_act_twice_is_one_act(go_to):
    loan = opened_loan()
    paid = moved("repay", FUNDED, 100_00)

    record_repayment(loan, moved=paid, cause="repay")
    record_repayment(loan, moved=paid, cause="repay")
    open_loan(loan, moved=moved("fund", FUNDED, LOAN))

    assert loan.principal_minor == LOAN - 100_00
    assert len(told("loan.repaid")) == len(told("loan.opened")) == 1


def test_closing_a_day_twice_books_once(go_to):
    loan = opened_loan()
    go_to(date(2026, 3, 31))

    close_loan_day(loan.pk, day=date(2026, 3, 31))
    close_loan_day(loan.pk, day=date(2026, 3, 31))

    assert booked("loan_accrual") == [(date(2026, 3, 31), 1_933_33)]
    assert loans_to_close(date(2026, 3, 31)) == []


def test_an_act_after_the_close_of_its_day_is_put_among_the_others(go_to):
    loan = opened_loan()
    go_to(date(2026, 3, 31))
    close_loan_day(loan.pk, day=date(2026, 3, 31))

    record_repayment(loan, moved=moved("late", date(2026, 3, 31), 1_000_00), cause="repay")

    assert loan.lived_to == date(2026, 4, 1)
    assert_books_agree()


def test_paid_again_after_the_last_fen_is_overpaid_and_owed_back(go_to):
    loan = opened_loan()
    record_repayment(loan, moved=moved("repay", FUNDED, LOAN), cause="repay")
    assert loan.status == "settled"

    take_back(loan, moved=moved("return", FUNDED, RETURNED))

    assert (loan.status, loan.overpaid_minor) == ("overpaid", RETURNED)
    assert balance(f"2241:{loan.pk}") == RETURNED
    assert sum(one["principal_minor"] for one in told("loan.repaid")) == LOAN
    assert_books_agree()


def test_more_than_90_days_past_due_interest_goes_off_the_balance_sheet_and_comes_back_as_income(
    go_to,
):
    loan = opened_loan()
    go_to(MATURITY + 91 * DAY)
    loan.refresh_from_db()
    assert loan.is_non_accrual
    assert balance(f"1132:{loan.pk}") == 0
    assert balance(f"9020:{loan.pk}") > 0
    assert_books_agree()

    record_repayment(loan, moved=moved("repay", MATURITY + 91 * DAY, 1_000_000_00), cause="repay")

    assert balance(f"9020:{loan.pk}") == 0
    assert balance("6011") == loan.interest_paid_minor + loan.penalty_paid_minor
    assert loan.status == "overpaid"
    assert_books_agree()


def test_the_commitment_stands_from_signing_and_ends_with_the_cancelled_escrow():
    loan = committed_loan()
    commit_loan(loan)
    assert balance(f"9010:{loan.pk}") == LOAN

    cancel_loan(loan)
    cancel_loan(loan)

    assert (loan.status, balance(f"9010:{loan.pk}")) == ("cancelled", 0)


def test_a_loan_that_was_never_signed_leaves_nothing_in_the_book():
    loan = awaiting_loan()

    cancel_loan(loan)

    assert loan.status == "cancelled"
    assert not Transfer.objects.exists()


def test_the_numbers_of_loans_of_one_day_differ(go_to):
    first = opened_loan()
    second = opened_loan(frame_minor=1_000_00)

    assert (first.number, second.number) == ("LN202603120001", "LN202603120002")
