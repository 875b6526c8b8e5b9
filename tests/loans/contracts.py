"""Contracts the tests of dated events start from, and how they tell what happened."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from scf.loans.daycount import DayCount
from scf.loans.events.cycles import Cycle, Recurrence
from scf.loans.events.state import Event, EventType, Market
from scf.loans.events.terms import Kind, Terms

YEARLY = Cycle(months=12)
QUARTERLY = Cycle(months=3)
FROM_2025 = Recurrence(date(2025, 1, 1), YEARLY)

#: 1,000 at 10 % a year of twelve months of thirty days, three years from New Year 2024.
BULLET = Terms(
    kind=Kind.AT_MATURITY,
    sign=1,
    as_of=date(2023, 12, 31),
    starts=date(2024, 1, 1),
    matures=date(2027, 1, 1),
    notional=Decimal(1000),
    rate=Decimal("0.1"),
    day_count=DayCount.THIRTY_E_360,
    interest=FROM_2025,
)
#: The same length, paid back year by year.
YEAR_BY_YEAR = replace(BULLET, principal=FROM_2025)


def told(found: tuple[Event, ...]) -> list[tuple[str, str, Decimal]]:
    """Each event as day, type and payment, to ten places."""
    return [(one.day.isoformat(), one.type.value, round(one.payoff, 10)) for one in found]


def paid(found: tuple[Event, ...], kind: EventType) -> list[Decimal]:
    """The payments of one type, to ten places."""
    return [round(one.payoff, 10) for one in found if one.type is kind]


def index(**values: str) -> Market:
    """Values of one index by day, written d2025_01_01."""
    days = {date.fromisoformat(day[1:].replace("_", "-")): v for day, v in values.items()}
    return Market({"LPR": tuple((day, Decimal(value)) for day, value in sorted(days.items()))})
