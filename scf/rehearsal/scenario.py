"""A scenario as a program can live it: order, terms, opening balances and dated events, read
strictly.

The form is that of the golden deals: amounts integer fen, quantities and prices decimal strings.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from scf.core.money import line_value
from scf.credit.terms import ProgrammeTerms
from scf.rehearsal.refusals import Refused
from scf.trade.inputs import OrderLineIn

ACTS = frozenset(
    (
        "submit", "pay_own_funds", "pay_out", "ship", "accept", "return_line", "dispute", "resolve",
        "freeze", "unfreeze", "withdraw_by_seller", "expire", "receive", "repay", "close_day",
    )
)  # fmt: skip
KEPT_TERMS = (
    "interest_from", "day_base", "repayment", "return_short_lines", "sweep", "grace_days",
    "penalty_from", "compound_on_interest", "rate_ppm", "penalty_rate_ppm",
    "tolerance_under_ppm", "tolerance_over_ppm", "dispute_days", "arbiter_days", "idle_cost_of",
)  # fmt: skip
LONGEST_TENOR = 1_000
WHAT_IS_OWED = "owed"  # an amount that is read from the loan on the day, in the demo's own deals
OPENING = ("bank", "seller", "buyer_general", "buyer_collection")
ROOM = 80_000_000_00


@dataclass(frozen=True)
class Event:
    """Something that happens on a day; ``given`` holds its further values as written."""

    on: date
    do: str
    given: Mapping[str, Any]

    def quantity(self, name: str) -> Decimal:
        """A quantity of the event, 0 when it is not given."""
        return Decimal(str(self.given.get(name, "0")))


@dataclass(frozen=True)
class Scenario:
    """One deal to be lived from its first event to its end."""

    id: str
    number: str
    line_ids: tuple[str, ...]
    lines: tuple[OrderLineIn, ...]
    terms: Mapping[str, Any]
    opening: Mapping[str, int]
    events: tuple[Event, ...]

    @property
    def begins_on(self) -> date:
        """The day of the first event, on which the opening balances are there."""
        return min(event.on for event in self.events)

    @property
    def lasts_until(self) -> date:
        """The day it ends on when the loan is not settled before."""
        return max(self.maturity, *(event.on for event in self.events))

    @property
    def funded_on(self) -> date:
        """The planned funding day."""
        return date.fromisoformat(self.terms["funded_on"])

    @property
    def maturity(self) -> date:
        """The loan's last due date."""
        return date.fromisoformat(self.terms["maturity"])

    @property
    def expiry(self) -> date:
        """The date whose 00:00 is the escrow's expiry (K10)."""
        given = self.terms.get("expiry")
        if given:
            return date.fromisoformat(given)
        return self.funded_on + timedelta(days=ProgrammeTerms.expiry_days)

    @property
    def total_minor(self) -> int:
        """What the order's lines are worth, in fen (K7)."""
        return sum(line_value(line.quantity, line.unit_price) for line in self.lines)

    @property
    def own_funds_minor(self) -> int:
        """The buyer's part of the price, in fen: what the loan leaves unless it is named."""
        if "own_funds" in self.terms:  # a story of the demo names its own part alone
            return int(self.terms["own_funds"])
        return self.total_minor - int(self.terms["loan"])

    @property
    def limit_minor(self) -> int:
        """The buyer's limit, in fen: as much as this loan unless it is named."""
        return int(self.terms.get("limit", self.total_minor - self.own_funds_minor))

    @property
    def buyer_is_anchor(self) -> bool:
        """Whether the core enterprise buys, so that a supplier is the payee (K22)."""
        return bool(self.terms.get("anchor_side") == "buyer")

    def programme_terms(self) -> ProgrammeTerms:
        """The terms as a programme of the bank states them; what a scenario leaves out is the
        default.
        """
        named = {name: self.terms[name] for name in KEPT_TERMS if name in self.terms}
        # Half as much again, the most that may be agreed (K13).
        named.setdefault("penalty_rate_ppm", self.terms["rate_ppm"] * 3 // 2)
        ppm = int(self.terms.get("escrow_interest_ppm") or 0)
        return ProgrammeTerms(
            limit_minor=max(ROOM, self.limit_minor),
            release_policy=self.terms["policy"],
            own_funds_ppm=0,  # the scenario names the amount
            tenor_max_days=LONGEST_TENOR,
            waterfall=tuple(self.terms.get("waterfall", ProgrammeTerms.waterfall)),
            escrow_interest_ppm=ppm,
            escrow_interest_to=(self.terms.get("escrow_interest_to") or "nobody")
            if ppm
            else "nobody",
            **named,
        )


def read_scenario(text: str) -> Scenario:
    """A scenario out of its JSON. Raises Refused in words for anything that is none."""
    try:
        given = json.loads(text)
        scenario = Scenario(
            id=str(given["id"]),
            number=str(given["order"]["number"]),
            line_ids=tuple(str(line["id"]) for line in given["order"]["lines"]),
            lines=tuple(_line(line) for line in given["order"]["lines"]),
            terms=given["terms"],
            opening={name: int(minor) for name, minor in given.get("opening", {}).items()},
            events=tuple(_event(event) for event in given["events"]),
        )
        _check(scenario)
    except (KeyError, TypeError, ValueError, InvalidOperation, AttributeError) as wrong:
        raise Refused(
            f"不是可演练的情景：{wrong!r}", f"not a scenario: {wrong!r}", code="not_a_scenario"
        ) from wrong
    return scenario


def _line(given: Mapping[str, Any]) -> OrderLineIn:
    return OrderLineIn(
        name=given.get("name") or given["id"],
        unit=given.get("unit", ""),
        quantity=Decimal(given["quantity"]),
        unit_price=Decimal(given["unit_price"]),
        tax_ppm=int(given.get("tax_ppm", 0)),
        reference=str(given["id"]),
    )


def _event(given: Mapping[str, Any]) -> Event:
    rest = {name: value for name, value in given.items() if name not in ("on", "do")}
    return Event(date.fromisoformat(given["on"]), str(given["do"]), rest)


def _check(scenario: Scenario) -> None:
    unknown = sorted({event.do for event in scenario.events} - ACTS)
    lines = [str(event.given["line"]) for event in scenario.events if "line" in event.given]
    strangers = sorted(set(lines) - set(scenario.line_ids))
    days = [event.on for event in scenario.events]
    unknown += sorted(set(scenario.opening) - set(OPENING))
    if unknown or strangers:
        raise ValueError(f"unknown words {unknown} or lines {strangers}")
    if days != sorted(days):
        raise ValueError("events must stand in the order of their dates")
    if not scenario.funded_on < scenario.maturity:
        raise ValueError("maturity must come after funded_on")
    if not scenario.events or scenario.events[0].do != "submit":
        raise ValueError("a scenario begins with submit")
    lent = scenario.total_minor - scenario.own_funds_minor
    if (
        scenario.terms.get("loan", lent) != lent
        or not 0 <= scenario.own_funds_minor < scenario.total_minor
    ):
        raise ValueError(f"own_funds and loan are not the lines' {scenario.total_minor}")
    scenario.programme_terms()
    _ = scenario.expiry
