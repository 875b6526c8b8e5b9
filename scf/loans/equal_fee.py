"""等本等息: equal principal and a fee on the first principal, whatever has been paid back.

The name of the rate hides its price, so the plan always comes with the rates of the law.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from scf.core.money import PPM, half_up
from scf.loans.apr import compounded, irr
from scf.loans.schedule import Row

MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class EqualFeePlan:
    """The rows, and what they cost a year on principal really held: simple and compounded."""

    rows: tuple[Row, ...]
    monthly_irr: Decimal
    simple: Decimal
    compound: Decimal


def equal_fee_plan(
    principal_minor: int, *, fee_ppm: int, opened_on: date, due_dates: tuple[date, ...]
) -> EqualFeePlan:
    """Return the plan of monthly due dates with ``fee_ppm`` of the first principal a month.

    Principal is q(P/n), the last row takes what is left; the fee is q(P x fee) in every row.
    Raises NoRate when the fee is so low that the loan has no rate to show.
    """
    fee = half_up(principal_minor * fee_ppm, PPM)
    part = half_up(principal_minor, len(due_dates))
    rows: list[Row] = []
    balance = principal_minor
    for nr, (start, due) in enumerate(pairwise((opened_on, *due_dates)), 1):
        principal = balance if nr == len(due_dates) else min(part, balance)
        rows.append(Row(nr, start, due, balance, principal, fee))
        balance -= principal
    monthly = irr([principal_minor, *(-row.payment_minor for row in rows)])
    return EqualFeePlan(
        rows=tuple(rows),
        monthly_irr=monthly,
        simple=monthly * MONTHS,
        compound=compounded(monthly, periods=MONTHS),
    )
