"""The month-end report reads what closes kept, and says what folding every loan would say."""

from dataclasses import replace
from datetime import date

import pytest

from scf.loans.buckets import BUCKETS
from scf.loans.calendars import due_dates
from scf.loans.fees import AgreedFee, FeeAt
from scf.loans.models import Loan
from scf.loans.portfolio import Wanted, find_loans, glance_at
from scf.loans.reports.lines import lines_kept, month_lines, month_of, stood_by_fold
from scf.loans.selectors import view_loan
from scf.loans.services import open_loan, record_repayment
from scf.loans.terms import Product
from scf.workflow import clocks
from tests.factories.loans import committed_loan, moved
from tests.factories.parties import somebody
from tests.loans.deal import FUNDED, MATURITY
from tests.loans.lives import DAY, decided, go_to

pytestmark = pytest.mark.django_db
LENT = 100_000_00
SEPTEMBER = date(2026, 9, 10)
MONTHS = [date(2026, month, 1) for month in (3, 4, 5, 6, 7)]
YEARLY = AgreedFee(code="年费", at=FeeAt.YEAR, on=date(2026, 5, 20), amount_minor=120_00)


def opened(**terms: object) -> Loan:
    """Drawn whole on 12 March."""
    loan = committed_loan(frame_minor=LENT, **terms)
    return open_loan(loan, moved=moved("fund", FUNDED, LENT))


def pay(loan: Loan, on: date, amount_minor: int | None = None) -> None:
    owed = amount_minor or view_loan(loan, on=on).settlement.total_minor
    record_repayment(loan, moved=moved("repay", on, owed), cause="repay")


@pytest.fixture
def loans() -> dict[str, Loan]:
    """Loans of every kind, on 2 July: what each went through is its name."""
    clocks.open_day(FUNDED)
    late = {"due_dates": (SEPTEMBER,)}
    parts = {"due_dates": due_dates(FUNDED, count=6), "product": Product.EQUAL_INSTALMENTS}
    made = {
        "quiet": opened(**late),
        "parts": opened(**parts),
        "overdue": opened(),
        "fee": opened(fees=(YEARLY,), **late),
        "settled": opened(**late),
        "dated_back": opened(**late),
        "anew": opened(**late),
    }
    go_to(date(2026, 4, 12))
    pay(made["parts"], date(2026, 4, 12), 17_000_00)
    go_to(date(2026, 4, 20))
    pay(made["settled"], date(2026, 4, 20))
    decided(made["anew"], "restructure", due_dates=["2026-07-20", "2026-11-10"])
    go_to(date(2026, 7, 1))
    pay(made["quiet"], date(2026, 7, 1), 5_000_00)
    pay(made["dated_back"], date(2026, 6, 28), 3_000_00)
    go_to(date(2026, 7, 2))
    for loan in made.values():
        loan.refresh_from_db()
    return made


def test_every_line_is_the_one_the_fold_tells(loans):
    by = somebody("shen")
    for first in MONTHS:
        month = month_of(first)
        lines = list(month_lines(month, by=by))
        assert lines
        for line in lines:
            folded = stood_by_fold(line.loan, month)
            told = replace(
                folded,
                product=line.product,
                rate_ppm=line.rate_ppm,
                principal_minor=line.principal_minor,
                days_past_due=line.days_past_due,
                overdue=line.overdue,
                is_settled=line.is_settled,
            )
            assert told == folded, (first, line.loan)


def test_loans_without_arrears_are_told_by_what_was_kept_and_the_others_are_folded(loans):
    def kept(first: date) -> set[str]:
        found = lines_kept(loans.values(), month_of(first))
        return {name for name, loan in loans.items() if loan.pk in found}

    assert kept(MONTHS[0]) == set(loans) - {"anew"}
    assert kept(MONTHS[3]) == {"quiet"}
    assert kept(MONTHS[4]) == {"quiet", "dated_back"}


def test_what_is_paid_the_morning_after_does_not_lower_the_month_before(loans):
    lines = {line.loan.pk: line for line in month_lines(month_of(MONTHS[3]), by=somebody("shen"))}

    quiet, back = lines[loans["quiet"].pk], lines[loans["dated_back"].pk]
    assert (quiet.principal_minor, quiet.received_minor) == (LENT, 0)
    assert back.principal_minor == loans["dated_back"].principal_minor < LENT
    assert stood_by_fold(loans["quiet"], month_of(MONTHS[3])).principal_minor == LENT


def test_a_bucket_holds_the_loans_whose_days_past_due_the_fold_puts_there(loans):
    by = somebody("shen")
    for today in (date(2026, 7, 2), MATURITY + 95 * DAY):
        clocks.open_day(today)
        glances = glance_at(Loan.objects.filter(status="overdue"))
        assert len(glances) == 3
        for bucket in BUCKETS:
            expected = {one.loan.pk for one in glances if bucket.holds(one.days_past_due)}
            found = find_loans(Wanted(bucket=bucket.code), by=by)
            assert set(found.values_list("pk", flat=True)) == expected, bucket.code


def test_what_falls_due_within_days_is_asked_of_the_plan_in_force_and_of_fees(loans):
    def due_within(days: int) -> set[str]:
        found = set(find_loans(Wanted(due_within=days), by=somebody("shen")))
        return {name for name, loan in loans.items() if loan in found}

    assert due_within(9) == set()
    assert due_within(10) == {"parts"}  # 12 July
    assert due_within(18) == {"parts", "anew"}  # 20 July, by the new plan
    assert due_within(70) == {"parts", "anew", "quiet", "fee", "dated_back"}  # 10 September
    assert Loan.objects.get(pk=loans["anew"].pk).terms["due_dates"] == [SEPTEMBER.isoformat()]


def test_a_fee_ahead_is_a_day_that_asks_for_money():
    clocks.open_day(FUNDED)
    loan = opened(fees=(YEARLY,), due_dates=(SEPTEMBER,))

    within = (YEARLY.on - FUNDED).days
    for days, found in ((within, [loan]), (within - 1, [])):
        assert list(find_loans(Wanted(due_within=days), by=somebody("shen"))) == found
