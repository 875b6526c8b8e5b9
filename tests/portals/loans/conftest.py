"""Loans of golden deal 1 at the pages: running, part repaid and overdue, by the real services."""

import pytest

from scf.loans.models import Loan
from scf.loans.services import close_loan_day, record_repayment, take_back
from scf.workflow import clocks
from tests.factories.loans import moved, opened_loan
from tests.loans.deal import EXPIRY, FUNDED, LATE, MATURITY, RETURNED


@pytest.fixture(autouse=True)
def _documents_root(settings, tmp_path, db):
    settings.DOCUMENTS_ROOT = str(tmp_path)


@pytest.fixture
def loan(db) -> Loan:
    """Funded on 12 March 2026, looked at on 1 April."""
    clocks.open_day(FUNDED)
    made = opened_loan()
    clocks.open_day(FUNDED.replace(month=4, day=1))
    return made


@pytest.fixture
def overdue(db) -> Loan:
    """Half of it swept on its due date, the rest five days late."""
    clocks.open_day(FUNDED)
    made = opened_loan()
    clocks.open_day(EXPIRY)
    take_back(made, moved=moved("return", EXPIRY, RETURNED))
    clocks.open_day(MATURITY)
    record_repayment(made, moved=moved("sweep", MATURITY, 400_000_00), cause="sweep")
    close_loan_day(made.pk, day=MATURITY)
    clocks.open_day(LATE)
    made.refresh_from_db()
    return made
