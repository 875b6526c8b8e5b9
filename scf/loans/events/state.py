"""The events of a contract and the state they carry forward."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from scf.loans.events.terms import ONE, ZERO


class EventType(StrEnum):
    """What can happen to a contract."""

    STARTS = "IED"
    CALLED = "XD"
    REDEMPTION = "PR"
    INCREASE = "PI"
    PREPAYMENT = "PP"
    PENALTY = "PY"
    INTEREST = "IP"
    FEE = "FP"
    CAPITALISATION = "IPCI"
    FIXED_RESET = "RRF"
    RESET = "RR"
    REFIX = "PRF"
    BOUGHT = "PRD"
    ENDED = "TD"
    SCALING = "SC"
    BASE = "IPCB"
    MATURES = "MD"
    SETTLED = "STD"


#: Which of two events of one day comes first: the order they are listed in.
ORDER: dict[EventType, int] = {kind: number for number, kind in enumerate(EventType)}


@dataclass(frozen=True, slots=True)
class Planned:
    """An event due on ``due``, paid on ``pays``, with interest reckoned to ``reckons``."""

    type: EventType
    due: date
    pays: date
    reckons: date
    amount: Decimal = ZERO

    @property
    def rank(self) -> tuple[date, int]:
        """Where it stands among the events of the contract."""
        return self.pays, ORDER[self.type]


@dataclass(frozen=True, slots=True)
class Observed:
    """Something people do that no schedule foresees: a call, a repayment, a draw-down."""

    type: EventType
    day: date
    amount: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Event:
    """One event as it happened: the payment and what stands after it."""

    type: EventType
    day: date
    payoff: Decimal
    balance: Decimal
    rate: Decimal
    accrued: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What a contract carries from one event to the next; sums bear the sign of the role."""

    reckoned_to: date
    notional: Decimal = ZERO
    rate: Decimal = ZERO
    accrued: Decimal = ZERO
    claimed: Decimal = ZERO
    fees: Decimal = ZERO
    base: Decimal = ZERO
    instalment: Decimal = ZERO
    notional_scale: Decimal = ONE
    interest_scale: Decimal = ONE


@dataclass(frozen=True, slots=True)
class Market:
    """What was observed of indices: by code, the values with their dates in order."""

    fixings: Mapping[str, tuple[tuple[date, Decimal], ...]] = field(default_factory=dict)

    def value(self, code: str, day: date) -> Decimal:
        """Return the value on ``day``, else the last before it, else the first after.

        Raises KeyError when nothing is known of the index.
        """
        known = self.fixings.get(code)
        if not known:
            raise KeyError(f"no value of {code} is known")
        before = [value for when, value in known if when <= day]
        return before[-1] if before else known[0][1]
