"""What a decision would do to a loan on its day, as the person who approves it reads it. Pure.

The figures are those of the decision's own day, so they stay the same until it is approved unless
history before that day changes.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from scf.loans.actions import Action
from scf.loans.book import Book, fold
from scf.loans.postings import Parts
from scf.loans.quotes import due_quote, settlement_quote
from scf.loans.state import days_past_due
from scf.loans.terms import Terms


def shown_of(terms: Terms, actions: Sequence[Action], change: Action) -> dict[str, Any]:
    """Return what stands before and after a change on its own day, in fen, as JSON values.

    ``parts`` are what it posts: what is waived, written off, planned anew. Raises RefusedAction.
    """
    before = fold(terms, actions, as_of=change.on)
    after = fold(terms, [*actions, change], as_of=change.on)
    posted = [one.parts for one in after.postings if one.key == change.key]
    return {
        "parts": asdict(posted[0] if posted else Parts()),
        "before": standing(before, change.on),
        "after": standing(after, change.on),
    }


def standing(book: Book, on: date) -> dict[str, Any]:
    """Return how a loan stands on the book's own day, in fen, as JSON values."""
    settlement, due = settlement_quote(book, on=on), due_quote(book, on=on)
    return {
        "status": str(book.status),
        "days_past_due": days_past_due(book.state),
        "costs_minor": settlement.costs_minor,
        "penalty_minor": settlement.penalty_minor,
        "compound_minor": settlement.compound_minor,
        "interest_minor": settlement.interest_minor,
        "principal_minor": settlement.principal_minor,
        "settlement_minor": settlement.total_minor,
        "due_minor": due.total_minor,
        "rate_ppm": book.terms.rate_ppm,
        "penalty_rate_ppm": book.terms.penalty_rate_ppm,
        "due_dates": [day.isoformat() for day in book.terms.due_dates],
    }
