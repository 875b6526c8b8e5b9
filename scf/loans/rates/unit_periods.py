"""Annual percentage rate by unit periods: the actuarial method of Regulation Z (Appendix J).

Time is counted back from the later date in whole unit periods; what is left over is a fraction of
one, and bears simple interest. The annual rate is the rate of a unit period times their number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from enum import StrEnum
from fractions import Fraction

from scf.loans.calendars import add_months, month_end
from scf.loans.rates.roots import NoRate, nearest, roots_over
from scf.loans.rates.worth import DIGITS

_MONTH_DAYS, _HALF_MONTH_DAYS = 30, 15
# Rates of a unit period: from -90 % to 5000 %.
_GRID = (
    *(Decimal(step) / 20 for step in range(-18, 0)),
    *(Decimal(step) / 200 for step in range(200)),
    *(Decimal(step) / 2 for step in range(2, 101)),
)


class Unit(StrEnum):
    """What a unit period is a multiple of."""

    DAY = "day"
    WEEK = "week"
    HALF_MONTH = "half_month"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class UnitPeriod:
    """So many days, weeks, half months, months, or one year."""

    count: int
    unit: Unit

    @property
    def per_year(self) -> Fraction:
        """How many make a year: 365 days, 52 weeks, 24 half months, 12 months."""
        in_year = {Unit.DAY: 365, Unit.WEEK: 52, Unit.HALF_MONTH: 24, Unit.MONTH: 12}
        return Fraction(in_year.get(self.unit, 1), self.count)

    def between(self, start: date, end: date, *, day_of_month: int) -> tuple[int, Fraction]:
        """Return the whole unit periods and the fraction of one between two dates.

        ``day_of_month`` is the day payments aim at: a short month's last day stands for it.
        """
        if self.unit in (Unit.DAY, Unit.WEEK):
            length = self.count * (7 if self.unit is Unit.WEEK else 1)
            whole, rest = divmod((end - start).days, length)
            return whole, Fraction(rest, length)
        months, days = _back_in_months(start, end, day_of_month)
        if self.unit is Unit.YEAR:
            return _in_years(start, end, months, days, day_of_month)
        if self.unit is Unit.HALF_MONTH:
            half, days = divmod(days, _HALF_MONTH_DAYS) if days < _MONTH_DAYS else (1, days - 15)
            whole, rest = divmod(2 * months + half, self.count)
            return whole, Fraction(rest * _HALF_MONTH_DAYS + days, self.count * _HALF_MONTH_DAYS)
        whole, rest = divmod(months, self.count)
        return whole, Fraction(rest * _MONTH_DAYS + days, self.count * _MONTH_DAYS)


def annual_rate(
    advances: Sequence[tuple[date, Decimal]],
    payments: Sequence[tuple[date, Decimal]],
    *,
    unit: UnitPeriod,
    per_year: Fraction | None = None,
) -> Decimal:
    """Return the annual percentage rate as a fraction of 1 (0.0969), nearest to nothing.

    ``per_year`` overrides how many unit periods make a year. Raises NoRate.
    """
    if not advances or not payments:
        raise NoRate("没有放款或没有还款 / no advance or no payment", code="one_sided")
    start = min(on for on, _ in advances)
    aimed = max(on.day for on, _ in payments)
    signed = [*((on, amount) for on, amount in advances), *((on, -paid) for on, paid in payments)]
    flows = [(*unit.between(start, on, day_of_month=aimed), amount) for on, amount in signed]

    def worth(rate: Decimal) -> Decimal:
        return sum((_discounted(flow, rate) for flow in flows), Decimal(0))

    with localcontext(prec=DIGITS):
        number = unit.per_year if per_year is None else per_year
        rate = nearest(roots_over(worth, _GRID), Decimal(0))
        return rate * number.numerator / number.denominator


def single_payment_unit(start: date, end: date) -> tuple[UnitPeriod, Fraction]:
    """Return the unit period of one advance paid back at once, and how many make a year.

    It is the term, by whole months or by days, but never longer than a year.
    """
    months, days = _back_in_months(start, end, end.day)
    if months >= 12:
        return UnitPeriod(1, Unit.YEAR), Fraction(1)
    if days == 0:
        return UnitPeriod(months, Unit.MONTH), Fraction(12, months)
    term = (end - start).days
    return UnitPeriod(term, Unit.DAY), Fraction(365, term)


def _discounted(flow: tuple[int, Fraction, Decimal], rate: Decimal) -> Decimal:
    whole, fraction, amount = flow
    odd = 1 + rate * fraction.numerator / fraction.denominator
    return amount / (odd * (1 + rate) ** whole)


def _back_in_months(start: date, end: date, day_of_month: int) -> tuple[int, int]:
    """Return whole months counted back from ``end``, and the days left before them."""
    aimed = day_of_month if end == month_end(end) else end.day
    months = (end.year - start.year) * 12 + end.month - start.month
    while add_months(end, -months, day_of_month=aimed) < start:
        months -= 1
    return months, (add_months(end, -months, day_of_month=aimed) - start).days


def _in_years(
    start: date, end: date, months: int, days: int, day_of_month: int
) -> tuple[int, Fraction]:
    years, rest = divmod(months, 12)
    if days == 0:
        return years, Fraction(rest, 12)
    aimed = day_of_month if end == month_end(end) else end.day
    reached = add_months(end, -12 * years, day_of_month=aimed)
    return years, Fraction((reached - start).days, 365)
