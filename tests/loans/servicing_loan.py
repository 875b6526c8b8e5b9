"""A loan for the tests of the general engine: a year of thirty-day months, instalments monthly."""

from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from scf.loans.servicing import acts
from scf.loans.servicing.components import Component
from scf.loans.servicing.dates import Frequency, Unit
from scf.loans.servicing.factors import DayBasis
from scf.loans.servicing.life import Loan
from scf.loans.servicing.rounding import Rounding
from scf.loans.servicing.terms import Due, Future, PaymentOrder, Recalculation, Terms

PENALTY, FEE, INTEREST, PRINCIPAL = (
    Component.PENALTY,
    Component.FEE,
    Component.INTEREST,
    Component.PRINCIPAL,
)
FIRST = date(2024, 1, 1)


def order(future: Future = Future.NEXT) -> PaymentOrder:
    """Past due before due before early; penalties, fees, interest, principal."""
    parts = (PENALTY, FEE, INTEREST, PRINCIPAL)
    return PaymentOrder(tuple((due, part) for due in Due for part in parts), future)


def terms(**other: object) -> Terms:
    """1,200.00 over three months without interest, unless told otherwise."""
    usual = Terms(
        principal=120_000,
        submitted_on=FIRST,
        expected_on=FIRST,
        count=3,
        every=Frequency(1, Unit.MONTH),
        basis=DayBasis(month=30, year=360),
        rounding=Rounding(mode=ROUND_HALF_UP, digits=28),
        orders=((None, order()),),
    )
    return replace(usual, **other)  # type: ignore[arg-type]


def interest_terms(**other: object) -> Terms:
    """The same loan at one per cent a month, interest following the money day by day."""
    return terms(**({"rate": Decimal(12), "recalculation": Recalculation()} | other))


def paid_out(loan_terms: Terms, *, amount: int | None = None, day: date = FIRST) -> Loan:
    """The loan on the day its money was paid out."""
    return acts.disburse(Loan(loan_terms, day), day=day, amount=amount or loan_terms.principal)


def on(loan: Loan, day: date) -> Loan:
    """The loan on a later business day."""
    return acts.move_to(loan, day)


def rows(loan: Loan) -> list[tuple[int, int, int]]:
    """Principal, interest and what is still owed of every instalment."""
    return [
        (row.due[PRINCIPAL], row.due[INTEREST], row.total_outstanding) for row in loan.state().rows
    ]
