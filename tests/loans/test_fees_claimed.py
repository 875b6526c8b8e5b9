"""A stored loan with fees: opened, swept, waived, closed day by day, every line in the books."""

from collections.abc import Callable
from datetime import date

import pytest

from scf.core.errors import RuleBroken
from scf.loans.day_end.close import close_loans
from scf.loans.day_end.quiet import close_quiet
from scf.loans.fee_views import FeeStanding
from scf.loans.fees import AgreedFee, FeeAt
from scf.loans.invariants import days_equal_the_fold
from scf.loans.models import LoanAction, LoanDay
from scf.loans.selectors import view_loan
from scf.loans.services import cancel_loan, open_loan, record_repayment
from scf.workflow import clocks
from tests.factories.loans import awaiting_loan, committed_loan, moved, opened_loan
from tests.loans.deal import FUNDED, LOAN, MATURITY
from tests.loans.lives import DAY, assert_books_agree, balance, decided, proposed, told

pytestmark = pytest.mark.django_db
INTEREST = 8_700_00  # 800,000.00 at 4.35 % for 90 days
MIDDLE = date(2026, 4, 20)


def fee(at: FeeAt, on: date, amount_minor: int, code: str = "手续费") -> AgreedFee:
    return AgreedFee(code=code, at=at, on=on, amount_minor=amount_minor)


FEES = (
    fee(FeeAt.FUNDING, FUNDED, 800_00),
    fee(FeeAt.YEAR, MIDDLE, 120_00, "年费"),
    fee(FeeAt.MATURITY, MATURITY, 200_00, "管理费"),
)


@pytest.fixture
def close_to() -> Callable[[date], None]:
    """Close day after day, up to the morning of a date."""
    clocks.open_day(FUNDED)

    def close(to: date) -> None:
        while (day := clocks.business_date()) < to:
            close_loans(day)
            clocks.open_day(day + DAY)

    return close


def pay(loan, on: date, amount_minor: int) -> None:
    record_repayment(loan, moved=moved("sweep", on, amount_minor), cause="sweep")


def test_fees_are_claimed_on_their_days_collected_and_the_loan_settles_with_them(close_to):
    loan = opened_loan(fees=FEES)
    assert (loan.drawn_minor, balance("1031")) == (LOAN, 1_200_000_00)  # nothing was held back
    assert (balance(f"1221:{loan.pk}"), balance("6021")) == (800_00, 800_00)
    assert view_loan(loan).due.total_minor == 800_00
    pay(loan, FUNDED, 800_00)
    assert balance(f"1221:{loan.pk}") == 0

    close_to(MATURITY)
    assert view_loan(loan).due.costs_minor == 320_00
    pay(loan, MATURITY, LOAN + INTEREST)
    loan.refresh_from_db()
    assert (loan.status, view_loan(loan).settlement.total_minor) == ("active", 320_00)
    pay(loan, MATURITY, 320_00)

    loan.refresh_from_db()
    assert loan.status == "settled"
    assert balance("6021") == 1_120_00
    assert balance("6011") == INTEREST
    assert balance("1031") == 2_000_000_00 + INTEREST + 1_120_00
    assert [(one["fee"], one["amount_minor"]) for one in told("loan.fee_due")] == [
        ("手续费", 800_00), ("年费", 120_00), ("管理费", 200_00)
    ]  # fmt: skip
    assert_books_agree()
    assert list(days_equal_the_fold()) == []


def test_the_day_before_a_fee_is_folded_and_gives_the_row_a_quiet_loan_gives(close_to):
    with_fee, without = opened_loan(fees=FEES), opened_loan()
    close_to(MIDDLE - DAY)
    assert sum(close_quiet(MIDDLE - DAY)) == 1

    close_to(MIDDLE + DAY)

    figures = ("on", "principal_minor", "accrued_num", "cumulative_num", "recognised_minor")
    rows = [
        list(LoanDay.objects.filter(loan=each).order_by("on").values_list(*figures))
        for each in (with_fee, without)
    ]
    assert rows[0] == rows[1]
    assert len(rows[0]) == (MIDDLE + DAY - FUNDED).days
    assert balance(f"1221:{with_fee.pk}") == 920_00


def test_opening_again_claims_nothing_twice(close_to):
    loan = committed_loan(fees=FEES)
    funded = moved("fund", FUNDED, LOAN)
    for _twice in range(2):
        open_loan(loan, moved=funded)

    assert balance("6021") == 800_00
    assert len(told("loan.fee_due")) == 1
    assert not LoanAction.objects.filter(kind="cost").exists()


def test_a_loan_cancelled_before_funding_owes_no_fee(close_to):
    loan = awaiting_loan(fees=FEES)
    clocks.open_day(MIDDLE)
    assert view_loan(loan).due.total_minor == 0
    assert {each.standing for each in view_loan(loan).fees} == {FeeStanding.AHEAD}

    cancel_loan(loan)

    assert view_loan(loan).due.total_minor == 0
    assert told("loan.fee_due") == []


def test_a_payment_dated_back_changes_who_paid_what_and_tells_no_fee_again(close_to):
    loan = opened_loan(fees=FEES)
    close_to(MIDDLE)

    pay(loan, FUNDED + DAY, 1_000_00)

    # The fee of the funding was paid on the 13th, and 200.00 of what was lent came back.
    views = view_loan(loan).fees
    assert [each.owed_minor for each in views] == [0, 120_00, 0]
    assert len(told("loan.fee_due")) == 2
    assert_books_agree()


def test_a_fee_is_waived_by_two_persons_and_leaves_the_income(close_to):
    loan = opened_loan(fees=FEES)
    with pytest.raises(RuleBroken) as refusal:
        proposed(loan, "waive", amount_minor=900_00, fee_minor=900_00)
    assert refusal.value.code == "over_waiver"

    decided(loan, "waive", amount_minor=800_00, fee_minor=800_00)

    assert (balance(f"1221:{loan.pk}"), balance("6021")) == (0, 0)
    assert view_loan(loan).fees[0].standing == FeeStanding.CLEARED
    close_to(MATURITY)
    pay(loan, MATURITY, LOAN + INTEREST + 320_00)
    loan.refresh_from_db()
    assert loan.status == "settled"
    assert_books_agree()


def test_an_early_settlement_takes_the_fee_of_the_end_and_drops_what_lies_ahead(close_to):
    loan = opened_loan(fees=FEES)
    close_to(date(2026, 3, 22))
    quote = view_loan(loan).settlement
    # Ten days at 96.67 a day; 800.00 of the opening and 200.00 of the end, not the 120.00 ahead.
    assert (quote.costs_minor, quote.interest_minor) == (1_000_00, 966_67)

    pay(loan, date(2026, 3, 22), quote.total_minor)
    close_to(MATURITY + DAY)

    loan.refresh_from_db()
    assert loan.status == "settled"
    assert [each.standing.value for each in view_loan(loan).fees] == [
        "cleared", "fell_away", "cleared"
    ]  # fmt: skip
    assert_books_agree()
