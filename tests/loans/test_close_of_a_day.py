"""A bank day is closed for all loans: quiet ones together, others folded, each with one row."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from scf.loans.day_end.close import close_loans
from scf.loans.day_end.quiet import close_quiet
from scf.loans.fees import AgreedFee, FeeAt
from scf.loans.models import Loan, LoanDay, LoanDayMark, LoanPosting, LoanSnapshot
from scf.loans.services import close_loan_day, loans_to_close, open_loan, record_repayment
from scf.loans.services.close import close_loans_together
from scf.workflow import clocks
from tests.factories.loans import committed_loan, moved, opened_loan
from tests.loans.deal import FUNDED, LATE, LOAN, MATURITY
from tests.loans.lives import decided

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
FIGURES = [
    "on", "principal_minor", "rate_ppm", "accrued_num", "cumulative_num", "denominator",
    "recognised_minor", "days_past_due", "tier",
]  # fmt: skip
SMALL = [11_111_00, 22_222_00, 33_333_00, 44_444_00, 55_555_00]

Rows = list[tuple[object, ...]]


@pytest.fixture
def close_to() -> Callable[[date], None]:
    """Close day after day, up to the morning of a date."""
    clocks.open_day(FUNDED)

    def close(to: date) -> None:
        while (day := clocks.business_date()) < to:
            close_loans(day)
            clocks.open_day(day + DAY)

    return close


def small_loans() -> list[Loan]:
    return [opened_small(amount) for amount in SMALL]


def opened_small(amount: int) -> Loan:
    loan = committed_loan(frame_minor=amount)
    return open_loan(loan, moved=moved("fund", FUNDED, amount))


def rows_of(loan: Loan) -> Rows:
    return list(LoanDay.objects.filter(loan=loan).order_by("on").values_list(*FIGURES))


def folded(day: date) -> None:
    """Make the next close of this day fold every loan."""
    LoanSnapshot.objects.update(next_event_on=day, on=day)


def test_a_loan_has_one_row_a_day_and_is_folded_only_when_something_happens(close_to):
    loan = opened_loan()

    close_to(date(2026, 4, 5))

    rows = rows_of(loan)
    assert [row[0] for row in rows] == [FUNDED + n * DAY for n in range(24)]
    loan.refresh_from_db()
    assert loan.lived_to == date(2026, 4, 1)  # the month end of K5
    quiet = LoanDayMark.objects.exclude(loans=0).values_list("on", flat=True)
    assert set(quiet) == {row[0] for row in rows} - {date(2026, 3, 31)}
    assert [row[6] for row in rows][18:20] == [1_836_67, 1_933_33]


def test_the_quiet_path_and_the_fold_write_the_same_rows(close_to):
    together, alone = opened_small(LOAN), opened_small(LOAN)
    while (day := clocks.business_date()) < MATURITY + 100 * DAY:
        LoanSnapshot.objects.filter(loan=alone).update(next_event_on=day, on=day)
        close_to(day + DAY)

    assert rows_of(together) == rows_of(alone)
    assert (rows_of(together)[-1][7:]) == (99, 3)
    keys = [LoanPosting.objects.filter(loan=one).values_list("on", "kind", "parts") for one in
            (together, alone)]  # fmt: skip
    assert list(keys[0]) == list(keys[1])


def test_a_close_told_twice_closes_once(close_to):
    small_loans()
    assert close_loans(FUNDED) == 5

    assert close_loans(FUNDED) == 0
    assert LoanDay.objects.count() == 5


def test_a_loan_opened_behind_the_mark_is_closed_with_the_same_day(close_to):
    early = committed_loan()
    small_loans()
    close_loans(FUNDED)

    open_loan(early, moved=moved("fund", FUNDED, LOAN))

    assert loans_to_close(FUNDED) == [early.pk]
    assert close_loans(FUNDED) == 1
    assert len(rows_of(early)) == 1


def test_a_payment_dated_back_shows_in_the_next_row_and_edits_none(close_to):
    loan = opened_loan()
    close_to(FUNDED + 6 * DAY)
    before = rows_of(loan)

    paid = moved("found", FUNDED + 2 * DAY, 100_000_00)
    record_repayment(loan, moved=paid, cause="repay")
    close_to(FUNDED + 7 * DAY)

    *kept, last = rows_of(loan)
    assert kept == before
    loan.refresh_from_db()
    assert last[1] == loan.principal_minor < LOAN
    assert last[4] < before[-1][4] + before[-1][3]


def test_days_nobody_closed_are_closed_before_anything_is_written(close_to):
    loan, twin = opened_loan(), opened_loan()
    close_to(FUNDED + 3 * DAY)
    day = FUNDED + 3 * DAY
    for _missed in range(5):
        clocks.open_day(clocks.business_date() + DAY)
    today = clocks.business_date()

    paid = moved("found", day, 100_000_00)
    record_repayment(loan, moved=paid, cause="repay")

    rows = rows_of(loan)
    assert [row[0] for row in rows] == [FUNDED + n * DAY for n in range(8)]
    assert {row[1] for row in rows} == {LOAN}
    for missed in range(5):
        close_loans(day + missed * DAY)
    assert rows_of(twin) == rows
    close_loans(today)
    assert rows_of(loan)[-1][1] < LOAN


def test_a_decision_about_a_stale_loan_closes_its_days_first(close_to):
    loan = opened_loan()
    close_to(MATURITY + 5 * DAY)
    clocks.open_day(LATE + DAY)

    decided(loan, "waive", on=LATE + DAY, amount_minor=100_00, penalty_minor=100_00)

    *_before, last = rows_of(loan)
    # 800,000.00 at 6.525 % for 6 days, beside 8,700.00 of contract interest.
    assert (last[0], last[6], last[7]) == (LATE, 8_700_00 + 870_00, 5)


def test_progress_is_told_a_line_a_chunk(close_to):
    small_loans()
    told: list[str] = []

    close_loans(FUNDED, tell=told.append, chunk=2)

    assert [line.split()[-1] for line in told] == ["2/5", "4/5", "5/5"]
    assert LoanDayMark.objects.get(on=FUNDED).loans == 5


def test_a_day_row_cannot_be_edited(close_to):
    opened_loan()
    close_loans(FUNDED)

    for change in ("UPDATE loans_loanday SET tier = 2", "DELETE FROM loans_loanday"):
        refused = pytest.raises(DatabaseError, match="Cannot")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


KILLED = """
import django, os, signal, sys
django.setup()
from datetime import date
from scf.loans.day_end.close import close_loans
close_loans(date.fromisoformat(sys.argv[1]), chunk=2,
            tell=lambda line: os.kill(os.getpid(), signal.SIGKILL))
"""


@pytest.mark.django_db(transaction=True)
def test_a_close_that_is_killed_between_chunks_goes_on_and_ends_the_same(close_to):
    loans = small_loans()
    database = connection.settings_dict["NAME"]
    url = os.environ["DATABASE_URL"].replace("/scf?", f"/{database}?")
    environment = os.environ | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "scf.config.settings_test",
    }

    ended = subprocess.run(
        [sys.executable, "-c", KILLED, FUNDED.isoformat()], env=environment, check=False
    )

    assert ended.returncode == -signal.SIGKILL
    assert (LoanDay.objects.count(), LoanDayMark.objects.get().loans) == (2, 2)
    assert list(close_quiet(FUNDED, chunk=2)) == [2, 1]
    assert close_loans(FUNDED) == 0
    for loan, amount in zip(loans, SMALL, strict=True):
        (row,) = rows_of(loan)
        assert (row[1], row[4], row[6]) == (amount, amount * 43_500, row[6])


def test_loans_with_an_event_are_closed_by_the_same_statements_whatever_their_number(close_to):
    close_to(FUNDED + DAY)

    def statements(loans: list[Loan], day: date) -> int:
        clocks.open_day(day)
        with CaptureQueriesContext(connection) as asked:
            close_loans_together([loan.pk for loan in loans], day=day)
        return len(asked)

    few = statements([opened_small(amount) for amount in SMALL[:2]], FUNDED + DAY)
    many = statements(small_loans(), FUNDED + DAY)

    assert many == few < 30


def test_loans_closed_together_have_the_postings_of_loans_closed_alone():
    clocks.open_day(FUNDED)
    fee = AgreedFee(code="年费", at=FeeAt.YEAR, on=MATURITY + DAY, amount_minor=120_00)

    def lives() -> list[Loan]:
        kinds = (
            {"due_dates": (MATURITY,)},
            {"due_dates": (MATURITY + 90 * DAY,), "fees": (fee,)},
            {"due_dates": (MATURITY + 90 * DAY,)},
        )
        made = [
            open_loan(
                committed_loan(frame_minor=SMALL[0], **terms),
                moved=moved("fund", FUNDED, SMALL[0]),
            )
            for terms in kinds
        ]
        record_repayment(made[1], moved=moved("repay", FUNDED, 5_000_00), cause="repay")
        return made

    together, alone = lives(), lives()
    for day in (MATURITY, MATURITY + DAY):
        clocks.open_day(day)
        close_loans_together([loan.pk for loan in together], day=day)
        for loan in alone:
            close_loan_day(loan.pk, day=day)

    for one, other in zip(together, alone, strict=True):
        assert told_of(one) == told_of(other)
    assert {Loan.objects.get(pk=loan.pk).status for loan in together} == {"overdue", "active"}


def told_of(loan: Loan) -> tuple[object, ...]:
    """Postings with their lines, without the loan's own numbers in them, rows and counters."""
    postings = [
        (row.key.partition(":")[0], row.on, row.kind, row.parts, [leg[2] for leg in row.legs])
        for row in LoanPosting.objects.filter(loan=loan)
    ]
    kept = Loan.objects.get(pk=loan.pk)
    counters = (kept.status, kept.lived_to, kept.principal_minor, kept.interest_paid_minor)
    return postings, rows_of(loan), counters
