"""Annual percentage rate of charge of the European consumer-credit directives.

Compounded yearly: by calendar days over 365, or by a standard year of 12 equal months, 52 weeks or
365 days.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from scf.loans.calendars import add_months
from scf.loans.rates.worth import Worth

Timed = Sequence[tuple[Fraction, Decimal]]


def annual_rate(advances: Timed, payments: Timed) -> Decimal:
    """Return the yearly compounded rate of sums at times in years, nearest to nothing.

    Raises NoRate when money moves one way or no rate does it.
    """
    signed = [*advances, *((time, -amount) for time, amount in payments)]
    return Worth.of(signed).rate(guess=Decimal(0))


def by_calendar_days(start: date, on: date) -> Fraction:
    """Return the years between two dates: actual days over 365."""
    return Fraction((on - start).days, 365)


def by_standard_year(start: date, on: date) -> Fraction:
    """Return the years between two dates: whole months are twelfths, days left are 365ths."""
    months = (on.year - start.year) * 12 + on.month - start.month
    while add_months(start, months) > on:
        months -= 1
    return Fraction(months, 12) + Fraction((on - add_months(start, months)).days, 365)
