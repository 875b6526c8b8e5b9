"""Terms, actions and postings as rows hold them, and back to what the core reads."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from datetime import date
from enum import Enum
from typing import Any

from scf.loans.actions import (
    Action,
    AddCost,
    CallTechnical,
    CostNature,
    Draw,
    Grade,
    Refund,
    Repay,
    RepayByAnchor,
    Restructure,
    ReturnUnused,
    SetRate,
    Undo,
    Waive,
    WriteOff,
)
from scf.loans.base_rate import Pricing, ResetOn, Tenor
from scf.loans.classification import Tier
from scf.loans.fees import AgreedFee, FeeAt
from scf.loans.free_period import FreePeriod
from scf.loans.terms import (
    AfterEarly,
    Claim,
    EarlyInterest,
    InterestBasis,
    InterestFrom,
    PastRate,
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
    "repay_by_anchor": RepayByAnchor,
    "refund": Refund,
    "cost": AddCost,
    "waive": Waive,
    "write_off": WriteOff,
    "restructure": Restructure,
    "grade": Grade,
    "call_technical": CallTechnical,
    "set_rate": SetRate,
    "undo": Undo,
}
NAMES_NO_AMOUNT = [name for name, kind in ACTIONS.items() if not kind.has_amount]
KINDS = {kind: name for name, kind in ACTIONS.items()}
_ALWAYS = ("key", "on", "amount_minor")
_DETAIL_CHOICES: dict[str, type[Enum]] = {
    "product": Product,
    "tier": Tier,
    "nature": CostNature,
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
    "free_kind": FreePeriod,
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
        "past_rates": [
            [past.until.isoformat(), past.rate_ppm, past.penalty_rate_ppm]
            for past in terms.past_rates
        ],
        "fees": [
            {**asdict(fee), "at": fee.at.value, "on": fee.on.isoformat()} for fee in terms.fees
        ],
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
        "pricing": _pricing(stored.get("pricing")),
        "past_rates": tuple(
            PastRate(date.fromisoformat(until), rate, penalty)
            for until, rate, penalty in stored.get("past_rates", ())
        ),
        "fees": tuple(_fee(fee) for fee in stored.get("fees", ())),
        "waterfall": Waterfall(**{**stored["waterfall"], "order": order}),
    }
    return Terms(**given)


def _pricing(stored: Mapping[str, Any] | None) -> Pricing | None:
    if stored is None:
        return None
    return Pricing(Tenor(stored["tenor"]), int(stored["margin_ppm"]), ResetOn(stored["reset_on"]))


def _fee(stored: Mapping[str, Any]) -> AgreedFee:
    on = date.fromisoformat(stored["on"])
    return AgreedFee(**{**stored, "at": FeeAt(stored["at"]), "on": on})


def _days(stored: Iterable[str]) -> tuple[date, ...]:
    return tuple(date.fromisoformat(day) for day in stored)


def details_as_json(action: Action) -> dict[str, Any]:
    """What an action says beyond its key, day and amount, as JSON values."""
    given = {each.name: getattr(action, each.name) for each in fields(action)}
    return {name: _plain(value) for name, value in given.items() if name not in _ALWAYS}


def action_from_json(
    kind: str, details: Mapping[str, Any], *, key: str, on: date, amount_minor: int
) -> Action:
    """The action of a kind from its JSON values. Raises RefusedAction for one no loan can take,
    and KeyError, TypeError or ValueError for values that are none of the kind's.
    """
    given = dict(details)
    for name, choices in _DETAIL_CHOICES.items():
        if given.get(name) is not None:
            given[name] = choices(given[name])
    if "due_dates" in given:
        given["due_dates"] = _days(given["due_dates"])
    for name in ("quoted_on", "due_on"):
        if given.get(name) is not None:
            given[name] = date.fromisoformat(given[name])
    return ACTIONS[kind](key=key, on=on, amount_minor=amount_minor, **given)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Enum) else value
