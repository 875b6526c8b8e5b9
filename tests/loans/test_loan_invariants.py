"""Planted corruption is found: a counter, a posting and a ledger line that say something else."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from scf.ledger.services import open_account, open_book, stage_transfers
from scf.ledger.transfers import TransferIn
from scf.loans.day_end.close import close_loans
from scf.loans.invariants import (
    counters_equal_the_fold,
    days_equal_the_fold,
    ledger_equals_the_fold,
    postings_equal_the_fold,
)
from scf.loans.models import Loan, LoanDay, LoanPosting, LoanSnapshot
from scf.workflow import clocks
from scf.workflow.closing import closing_act
from tests.factories.loans import opened_loan
from tests.factories.parties import party
from tests.loans.deal import FUNDED, LOAN

pytestmark = pytest.mark.django_db


@pytest.fixture
def loan() -> Loan:
    clocks.open_day(FUNDED)
    return opened_loan()


def test_a_sound_loan_breaks_nothing(loan):
    for offset in range(3):
        close_loans(FUNDED + timedelta(days=offset))
    checks = (
        counters_equal_the_fold,
        postings_equal_the_fold,
        ledger_equals_the_fold,
        days_equal_the_fold,
    )
    assert [found for check in checks for found in check()] == []


def test_a_changed_counter_is_found(loan):
    Loan.objects.filter(pk=loan.pk).update(principal_minor=LOAN - 1)

    (found,) = counters_equal_the_fold()
    assert found.details["found"]["principal_minor"] == LOAN - 1


def test_a_posting_that_was_never_made_is_found(loan):
    Loan.objects.filter(pk=loan.pk).update(lived_to=FUNDED + timedelta(days=30))

    (found,) = postings_equal_the_fold()
    assert found.details["missing"] == ["accrual:2026-03-31"]


def test_a_snapshot_that_says_something_else_is_found(loan):
    LoanSnapshot.objects.update(daily_num=1)

    (found,) = days_equal_the_fold()
    assert found.details["found"]["daily_num"] == 1


def test_a_day_closed_with_a_fen_too_much_is_found(loan):
    close_loans(FUNDED)
    wrong = LoanDay.objects.get(on=FUNDED)
    wrong.on = FUNDED + timedelta(days=1)
    LoanDay.objects.bulk_create([wrong])

    (found,) = days_equal_the_fold()
    assert found.details["found"]["recognised_minor"] == 96_67
    assert found.details["expected"]["recognised_minor"] == 193_33


def test_money_moved_past_the_loan_is_found(loan):
    book = open_book(loan.bank_id, name=party("yuanfan").name)
    principal = open_account(book, code=f"1303.01:{loan.pk}")
    tokens = open_account(book, code="1031")
    with closing_act():
        stage_transfers([TransferIn(tokens.pk, principal.pk, 100, "stray", "stray:1")])

    (found,) = ledger_equals_the_fold()
    assert found.details["found"][f"1303.01:{loan.pk}"] == LOAN - 100


def test_what_was_kept_and_posted_cannot_be_edited(loan):
    for table in ("loans_loanaction", "loans_loanposting"):
        for change in (f"UPDATE {table} SET key = 'other'", f"DELETE FROM {table}"):
            refused = pytest.raises(DatabaseError, match="Cannot")
            with refused, transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(change)
    assert LoanPosting.objects.get().key.startswith("fund:")


def test_a_loan_lends_no_more_than_its_frame(loan):
    with pytest.raises(IntegrityError, match="loan_within_its_frame"), transaction.atomic():
        Loan.objects.filter(pk=loan.pk).update(drawn_minor=LOAN + 1)
