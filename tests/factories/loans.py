"""Loans in named states, each reached by the real services; terms of golden deal 1."""

from dataclasses import replace
from datetime import date, timedelta

from scf.core.actor import SYSTEM
from scf.core.ids import new_id
from scf.ledger.services import open_account, open_book, stage_transfers
from scf.ledger.transfers import TransferIn
from scf.loans.models import Loan
from scf.loans.services import (
    LoanIn,
    Moved,
    close_loan_day,
    commit_loan,
    grade_loan,
    open_loan,
    record_repayment,
    register_terms,
    take_back,
)
from scf.workflow import clocks
from scf.workflow.closing import closing_act
from scf.workflow.deals import open_deal
from tests.factories.parties import party
from tests.loans.deal import EXPIRY, FUNDED, LATE, LOAN, MATURITY, RETURNED, deal_terms

OWN_TOKENS = 2_000_000_00


def loan_given(**changes: object) -> LoanIn:
    """The loan of golden deal 1 as financing hands it down at approval."""
    given = LoanIn(
        application_id=new_id(),
        payment_id=new_id(),
        deal_id=open_deal(),
        bank_id=party("yuanfan").pk,
        buyer_id=party("jinhe").pk,
        seller_id=party("hengyan").pk,
        terms=deal_terms(),
    )
    return replace(given, **changes)


def awaiting_loan(**terms: object) -> Loan:
    """Approved, nobody has signed."""
    return register_terms(loan_given(terms=deal_terms(**terms)), by=SYSTEM)


def committed_loan(**terms: object) -> Loan:
    """Signed by all; the bank has tokens of its own to lend."""
    bank_has_tokens()
    loan = awaiting_loan(**terms)
    commit_loan(loan)
    return loan


def opened_loan(**terms: object) -> Loan:
    """Funded on 12 March 2026: drawn whole, or its frame open for releases."""
    loan = committed_loan(**terms)
    return open_loan(loan, moved=moved("fund", FUNDED, LOAN))


def moved(name: str, on: date, amount_minor: int) -> Moved:
    """A money act of the chain on a day."""
    return Moved(f"{name}:{new_id()}", amount_minor, on, "0x" + "0" * 64)


def bank_has_tokens() -> None:
    """S0 of golden deal 1: the bank issued 2,000,000.00 to itself."""
    bank = party("yuanfan")
    book = open_book(bank.pk, name=bank.name)
    with closing_act():
        stage_transfers(
            [
                TransferIn(
                    open_account(book, code="1031").pk,
                    open_account(book, code="2011.80").pk,
                    OWN_TOKENS,
                    "mint",
                    "opening:bank",
                )
            ]
        )


def overdue_loan() -> Loan:
    """Golden deal 1 on 15 June: half swept on its due date, the rest five days late."""
    clocks.open_day(FUNDED)
    loan = opened_loan()
    clocks.open_day(EXPIRY)
    take_back(loan, moved=moved("return", EXPIRY, RETURNED))
    clocks.open_day(MATURITY)
    record_repayment(loan, moved=moved("sweep", MATURITY, 400_000_00), cause="sweep")
    close_loan_day(loan.pk, day=MATURITY)
    clocks.open_day(LATE)
    grade_loan(loan.pk, day=LATE - timedelta(days=1))
    loan.refresh_from_db()
    return loan
