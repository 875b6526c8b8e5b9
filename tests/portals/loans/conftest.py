"""Loans of golden deal 1 at the pages: running, part repaid and overdue, by the real services."""

import pytest

from scf.loans.models import Loan
from scf.workflow import clocks
from tests.factories.loans import opened_loan, overdue_loan
from tests.loans.deal import FUNDED


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
    return overdue_loan()
