"""Terms, actions and postings as rows hold them, and back to what the core reads."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from enum import Enum
from typing import Any

from scf.loans.actions import Action, Draw, Refund, Repay, ReturnUnused
from scf.loans.terms import (
    AfterEarly,
    Claim,
    EarlyInterest,
    InterestBasis,
    InterestFrom,
    PenaltyFrom,
    Product,
    Remainder,
    Residual,
    Terms,
    Waterfall,
)

ACTIONS: dict[str, type[Action]] = {
    "draw": Draw,
    "return": ReturnUnused,
    "repay": Repay,
    "refund": Refund,
}
_CHOICES: dict[str, type[Enum]] = {
    "product": Product,
    "interest_from": InterestFrom,
    "basis": InterestBasis,
    "residual": Residual,
    "remainder": Remainder,
    "penalty_from": PenaltyFrom,
    "early_interest": EarlyInterest,
    "after_early": AfterEarly,
}
_DATES = ("opened_on", "expiry_on")


def terms_as_json(terms: Terms) -> dict[str, Any]:
    """The terms as JSON values; dates in ISO form."""
    return {
        **asdict(terms),
        **{name: str(getattr(terms, name)) for name in _CHOICES},
        "opened_on": terms.opened_on.isoformat(),
        "expiry_on": terms.expiry_on.isoformat() if terms.expiry_on else None,
        "due_dates": [day.isoformat() for day in terms.due_dates],
        "planned_dates": [day.isoformat() for day in terms.planned_dates],
        "waterfall": {
            **asdict(terms.waterfall),
            "order": [str(claim) for claim in terms.waterfall.order],
        },
    }


def terms_from_json(stored: Mapping[str, Any]) -> Terms:
    """The terms from their JSON values. Raises BadTerms for terms no loan can have."""
    # Terms kept before a choice existed do not name it: they mean its default.
    choices = {name: kind(stored[name]) for name, kind in _CHOICES.items() if name in stored}
    dates = {name: date.fromisoformat(stored[name]) for name in _DATES if stored[name]}
    order = tuple(Claim(claim) for claim in stored["waterfall"]["order"])
    given: dict[str, Any] = {
        **stored,
        **choices,
        **dates,
        "due_dates": _days(stored["due_dates"]),
        "planned_dates": _days(stored.get("planned_dates", ())),
        "waterfall": Waterfall(**{**stored["waterfall"], "order": order}),
    }
    return Terms(**given)


def _days(stored: Iterable[str]) -> tuple[date, ...]:
    return tuple(date.fromisoformat(day) for day in stored)
