"""How a loan's floating rate came about: each reset with the quote it used."""

from dataclasses import dataclass
from datetime import date

from scf.loans.actions import SetRate
from scf.loans.models import Loan


@dataclass(frozen=True)
class RateSet:
    """From a day on this rate, by a quote published before it; ppm a year."""

    on: date
    rate_ppm: int
    quote_ppm: int
    quoted_on: date


def list_rates_set(loan: Loan) -> list[RateSet]:
    """The resets of a loan's rate, oldest first; none for a fixed one."""
    acts = [row.as_action() for row in loan.actions.filter(kind="set_rate").order_by("on")]
    return [
        RateSet(act.on, act.rate_ppm, act.quote_ppm, act.quoted_on)
        for act in acts
        if isinstance(act, SetRate)
    ]
