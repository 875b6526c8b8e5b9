"""The counters of a loan's row: they repeat the fold, written for many loans in one statement."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from scf.loans.book import Book
from scf.loans.models import Loan
from scf.loans.state import is_non_accrual

TYPES = {
    "lived_to": "date",
    "drawn_minor": "bigint",
    "frame_lowered_minor": "bigint",
    "principal_minor": "bigint",
    "principal_freed_minor": "bigint",
    "interest_paid_minor": "bigint",
    "penalty_paid_minor": "bigint",
    "overpaid_minor": "bigint",
    "is_non_accrual": "boolean",
    "matures_on": "date",
}
_UPDATE = f"""
    UPDATE loans_loan AS loan SET {", ".join(f"{name} = kept.{name}" for name in TYPES)}
      FROM unnest(%s::uuid[], {", ".join(f"%s::{kind}[]" for kind in TYPES.values())})
           AS kept (id, {", ".join(TYPES)})
     WHERE loan.id = kept.id
"""  # noqa: S608 - the names are the table above


def count(lived: Sequence[tuple[Loan, Book]]) -> None:
    """Let the counters of each loan, in its row and in memory, say what its book says."""
    figures = [_figures(loan, book) for loan, book in lived]
    columns = [[each[name] for each in figures] for name in TYPES]
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE, [[loan.pk for loan, _book in lived], *columns])
    for (loan, _book), each in zip(lived, figures, strict=True):
        for name, value in each.items():
            setattr(loan, name, value)


def _figures(loan: Loan, book: Book) -> dict[str, Any]:
    state = book.state
    fallen = state.drawn_minor - state.principal_minor + state.frame_lowered_minor
    return {
        "lived_to": state.on,
        "drawn_minor": state.drawn_minor,
        "frame_lowered_minor": state.frame_lowered_minor,
        "principal_minor": state.principal_minor,
        # A replay may raise principal again; what was told to the limits is then told later.
        "principal_freed_minor": max(fallen, loan.principal_freed_minor),
        "interest_paid_minor": state.paid.interest_minor,
        "penalty_paid_minor": state.paid.penalty_minor + state.paid.compound_minor,
        "overpaid_minor": state.overpaid_minor,
        "is_non_accrual": is_non_accrual(state),
        "matures_on": book.terms.maturity_on,
    }
