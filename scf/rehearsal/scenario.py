"""A scenario as a program can live it: order, terms, opening balances and dated events, read
strictly.

The form is that of the golden deals: amounts integer fen, quantities and prices decimal strings.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from scf.core.errors import RuleBroken
from scf.core.money import line_value
from scf.credit.terms import TERM_NAMES, ProgrammeTerms, check_terms
from scf.rehearsal.refusals import Refused, refused
from scf.rehearsal.scenario_form import LONGEST_LIFE, WrongForm, check_form, quantity_of
from scf.trade.inputs import OrderLineIn

ACTS = frozenset(
    (
        "submit", "pay_own_funds", "pay_out", "ship", "accept", "return_line", "dispute", "resolve",
        "freeze", "unfreeze", "withdraw_by_seller", "expire", "receive", "repay", "close_day",
    )
)  # fmt: skip
# Terms of a programme that a scenario names otherwise, or that one deal has no use for.
_OTHERWISE = frozenset(
    (
        "limit_minor", "release_policy", "own_funds_ppm", "tenor_min_days", "tenor_max_days",
        "waterfall", "escrow_interest_ppm", "escrow_interest_to", "fees", "partners",
    )
)  # fmt: skip
KEPT_TERMS = tuple(name for name in TERM_NAMES if name not in _OTHERWISE)
_DEFAULTS = ProgrammeTerms(limit_minor=0, rate_ppm=0, penalty_rate_ppm=0).as_dict()
_NAMED = {name: _DEFAULTS[name] for name in KEPT_TERMS}
LONGEST_TENOR = 1_000
MOST_BRACKETS = 5_000  # of any kind in one file: lines, events, expected positions
WHAT_IS_OWED = "owed"  # an amount that is read from the loan on the day, in the demo's own deals
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
    if text.count("[") + text.count("{") > MOST_BRACKETS:
        raise _refused("文件过大", "it is too large")  # nor nested so deep that a reader falls
    try:
        given = json.loads(text, parse_float=Decimal, object_pairs_hook=_once)
        check_form(given, acts=ACTS, terms=_NAMED)
        scenario = _scenario(given)
        _check(scenario)
        check_terms(scenario.programme_terms())
    except WrongForm as wrong:
        raise _refused(f"{wrong.where}：{wrong.zh}", f"{wrong.where}: {wrong.en}") from wrong
    except RuleBroken as wrong:
        said = refused(wrong)
        raise _refused(said.zh, said.en) from wrong
    except (ValueError, RecursionError) as wrong:
        raise _refused("文件不是 JSON，或嵌套过深", "not JSON, or nested too deeply") from wrong
    return scenario


def _refused(zh: str, en: str) -> Refused:
    return Refused(f"不是可演练的情景：{zh}", f"not a scenario: {en}", code="not_a_scenario")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise WrongForm("JSON", "有重复的字段名", "a name stands twice")
    return found


def _scenario(given: Mapping[str, Any]) -> Scenario:
    return Scenario(
        id=given["id"],
        number=given["order"]["number"],
        line_ids=tuple(line["id"] for line in given["order"]["lines"]),
        lines=tuple(_line(line) for line in given["order"]["lines"]),
        terms=given["terms"],
        opening=given.get("opening", {}),
        events=tuple(_event(event) for event in given["events"]),
    )


def _line(given: Mapping[str, Any]) -> OrderLineIn:
    return OrderLineIn(
        name=str(given.get("name") or given["id"])[:300],
        unit=str(given.get("unit", ""))[:24],
        quantity=quantity_of(given["quantity"], given["id"]),
        unit_price=quantity_of(given["unit_price"], given["id"]),
        tax_ppm=given.get("tax_ppm", 0),
        reference=given["id"],
    )


def _event(given: Mapping[str, Any]) -> Event:
    rest = {name: value for name, value in given.items() if name not in ("on", "do")}
    return Event(date.fromisoformat(given["on"]), given["do"], rest)


def _check(scenario: Scenario) -> None:
    if not scenario.funded_on < scenario.maturity:
        raise WrongForm("terms.maturity", "须晚于 funded_on", "must come after funded_on")
    if (scenario.maturity - scenario.funded_on).days > LONGEST_TENOR:
        raise WrongForm(
            "terms.maturity", f"期限超过 {LONGEST_TENOR} 天", f"more than {LONGEST_TENOR} days"
        )
    if (scenario.lasts_until - scenario.begins_on).days > LONGEST_LIFE:
        raise WrongForm(
            "events", f"情景超过 {LONGEST_LIFE} 天", f"it lasts more than {LONGEST_LIFE} days"
        )
    if scenario.expiry <= scenario.funded_on:
        raise WrongForm("terms.expiry", "须晚于 funded_on", "must come after funded_on")
    total, own = scenario.total_minor, scenario.own_funds_minor
    if scenario.terms.get("loan", total - own) != total - own or not 0 <= own < total:
        raise WrongForm(
            "terms.own_funds",
            f"首付款与贷款之和须为各行合计 {total} 分，且贷款大于零",
            f"own_funds and loan must be the lines' {total} fen together, and the loan above zero",
        )
