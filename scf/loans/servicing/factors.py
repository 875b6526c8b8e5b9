"""Rate factors: what share of the balance one stretch of days costs.

The factor of a stretch within a period is rate x period's share of the year x days of the stretch
/ days of the period; each step is rounded to the policy's digits. Actual/actual splits the year at
31 December: the day from 31 December to 1 January belongs to the new year.
"""

import calendar
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal
from enum import StrEnum

from scf.loans.servicing.dates import Frequency, Unit, months_between
from scf.loans.servicing.rounding import Rounding

ONE = Decimal(1)
#: How many units of a frequency make a year when interest goes by whole periods.
UNITS_PER_YEAR = {Unit.DAY: Decimal(365), Unit.WEEK: Decimal(52), Unit.MONTH: Decimal(12)}


class LeapYear(StrEnum):
    """Which periods of a leap year are counted over 366 days."""

    EVERY_PERIOD = "every_period"
    PERIOD_WITH_FEB_29 = "period_with_feb_29"


@dataclass(frozen=True, slots=True)
class DayBasis:
    """The day count of a contract: days of a month and of a year, None = actual."""

    month: int | None = None
    year: int | None = None
    leap: LeapYear = LeapYear.EVERY_PERIOD
    disbursement_day_counts: bool = False
    by_whole_periods: bool = False


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some days (``start`` counted, ``end`` not) of a repayment period."""

    start: date
    end: date
    period_start: date
    period_end: date

    @property
    def days(self) -> int:
        """Days of the stretch itself."""
        return (self.end - self.start).days

    @property
    def period_days(self) -> int:
        """Days of the whole period."""
        return (self.period_end - self.period_start).days


@dataclass(frozen=True, slots=True)
class FactorRule:
    """Everything but the dates and the rate that a rate factor depends on."""

    basis: DayBasis
    every: Frequency
    seed: date
    rounding: Rounding

    def factor(self, rate: Decimal, stretch: Stretch, *, by_true_length: bool = False) -> Decimal:
        """Return the factor of a stretch; ``rate`` is the yearly rate as a fraction.

        ``by_true_length`` measures a moved period by how many units it really is long, which is
        what interest is charged by; the level instalment takes every period as a regular one.
        """
        if stretch.period_days == 0:
            return Decimal(0)
        context = self.rounding.context
        if self.basis.by_whole_periods and self.every.unit is not Unit.DAY:
            share = context.divide(Decimal(self.every.count), UNITS_PER_YEAR[self.every.unit])
            return self._of(rate, share, stretch, context)
        if self._crosses_year(stretch):
            return self._rounded(context.multiply(rate, self._year_shares(stretch, context)))
        year = self._days_of_year(stretch)
        if self.basis.month is None:
            share = context.divide(Decimal(stretch.days), year)
            return self._rounded(context.multiply(rate, share))
        units = self._units(stretch) if by_true_length else Decimal(self.every.count)
        days = context.multiply(self._days_of_unit(), units)
        return self._of(rate, context.divide(days, year), stretch, context)

    def _of(self, rate: Decimal, share: Decimal, stretch: Stretch, context: Context) -> Decimal:
        of_period = context.multiply(context.multiply(rate, share), Decimal(stretch.days))
        return self._rounded(context.divide(of_period, Decimal(stretch.period_days)))

    def _rounded(self, factor: Decimal) -> Decimal:
        step = Decimal(1).scaleb(-self.rounding.digits)
        return factor.quantize(step, rounding=self.rounding.mode)

    def _days_of_unit(self) -> Decimal:
        if self.every.unit is Unit.MONTH:
            return Decimal(self.basis.month or 30)
        return Decimal(7 if self.every.unit is Unit.WEEK else 1)

    def _days_of_year(self, stretch: Stretch) -> Decimal:
        if self.basis.year is not None:
            return Decimal(self.basis.year)
        if self.basis.leap is LeapYear.PERIOD_WITH_FEB_29:
            return Decimal(366 if _holds_feb_29(stretch) else 365)
        return Decimal(_year_length(stretch.start.year))

    def _crosses_year(self, stretch: Stretch) -> bool:
        if self.basis.year is not None or stretch.end.year == stretch.start.year:
            return False
        return self.basis.leap is LeapYear.EVERY_PERIOD or _holds_feb_29(stretch)

    def _year_shares(self, stretch: Stretch, context: Context) -> Decimal:
        total, cursor = Decimal(0), stretch.start
        for year in range(stretch.start.year, stretch.end.year + 1):
            closing = (
                date(year + 1, 1, 1) if self.basis.disbursement_day_counts else date(year, 12, 31)
            )
            stop = stretch.end if year == stretch.end.year else closing
            share = context.divide(Decimal((stop - cursor).days), Decimal(_year_length(year)))
            total, cursor = context.add(total, share), stop
        return total

    def _units(self, stretch: Stretch) -> Decimal:
        """How many units of the frequency the whole period is long, a broken one as a share."""
        unit, start, end = self.every.unit, stretch.period_start, stretch.period_end
        if unit is not Unit.MONTH:
            length = 7 if unit is Unit.WEEK else 1
            return self.rounding.context.divide(Decimal((end - start).days), Decimal(length))
        regular = self.every.is_regular(self.seed, start, end)
        whole, left, of_days = months_between(self.seed if regular else start, start, end)
        if not left:
            return Decimal(whole)
        share = self.rounding.context.divide(Decimal(left), Decimal(of_days))
        return Decimal(whole) + share


def _year_length(year: int) -> int:
    return 366 if calendar.isleap(year) else 365


def _holds_feb_29(stretch: Stretch) -> bool:
    year = stretch.period_start.year
    return calendar.isleap(year) and stretch.period_start < date(year, 2, 29) <= stretch.period_end
