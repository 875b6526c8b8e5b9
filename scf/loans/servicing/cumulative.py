"""The cumulative schedule: rows worked out once from the pay-outs, before any payment.

Flat interest is reckoned on the first principal over the whole term; declining interest on the
balance, by days or by whole periods. The last row takes what rounding leaves. Minor units.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from scf.loans.servicing.components import Component
from scf.loans.servicing.dates import Unit
from scf.loans.servicing.entries import Entry
from scf.loans.servicing.instalments import Instalment
from scf.loans.servicing.terms import Method, Terms

PRINCIPAL, INTEREST = Component.PRINCIPAL, Component.INTEREST


@dataclass(frozen=True, slots=True)
class Course:
    """What shapes the schedule: pay-outs, reschedules, and the yearly rates from their days on."""

    pay_outs: Sequence[Entry]
    changes: Sequence["Change"] = ()
    rates: Sequence[tuple[date, Decimal]] = ()

    def rate_on(self, due: date) -> Decimal:
        """Return the yearly rate of the row due on a day."""
        return [rate for start, rate in self.rates if start <= due][-1]


class Change(Protocol):
    """A reschedule from a due date on."""

    @property
    def due(self) -> date:
        """The first due date it is about."""

    @property
    def moved_to(self) -> date | None:
        """Where that due date moved."""

    @property
    def grace(self) -> int:
        """How many instalments from there on repay no principal."""

    @property
    def extra(self) -> int:
        """How many instalments were added."""


def fill_rows(terms: Terms, rows: list[Instalment], course: Course) -> None:
    """Say on every row what principal and interest fall due."""
    lent = lay_down_payments(terms, rows, course.pay_outs)
    regular = [row for row in rows if row.is_regular]
    if terms.method is Method.FLAT or not terms.bears_interest:
        _fill_flat(terms, regular, lent, course)
    else:
        _fill_declining(terms, regular, lent)


def lay_down_payments(
    terms: Terms, rows: list[Instalment], pay_outs: Sequence[Entry]
) -> list[tuple[date, int]]:
    """Say what is due at once of each pay-out; return what is left to repay, by day."""
    lent: list[tuple[date, int]] = []
    downs = [row for row in rows if row.is_down_payment]
    for number, entry in enumerate(pay_outs):
        down = 0
        if terms.down_payment is not None:
            rounding = terms.rounding
            share = rounding.percent(entry.amount, terms.down_payment.percent)
            down = rounding.to_multiple(share)
            downs[number].due[PRINCIPAL] = down
        lent.append((entry.day, entry.amount - down))
    return lent


def _fill_flat(
    terms: Terms, rows: list[Instalment], lent: list[tuple[date, int]], course: Course
) -> None:
    _share_principal(terms, rows, lent, course)
    if not terms.bears_interest:
        return
    for day, amount in lent:
        later = [row for row in rows if row.due_on >= day]
        _share_interest(terms, later, [_flat_interest(terms, course, r, amount) for r in later])


def _share_principal(
    terms: Terms, rows: list[Instalment], lent: list[tuple[date, int]], course: Course
) -> None:
    """Every row repays its share of all that was lent by its due date; the last one the rest.

    From a reschedule on, what is left is shared by the rows there are.
    """
    rounding = terms.rounding
    free = set(range(terms.principal_grace))
    base, parts, left = 0, terms.count - terms.principal_grace, 0
    waiting = sorted(lent)
    for number, row in enumerate(rows):
        while waiting and waiting[0][0] <= row.due_on:
            amount = waiting.pop(0)[1]
            base, left = base + amount, left + amount
        for change in course.changes:
            if row.due_on == (change.moved_to or change.due) and change.extra + change.grace:
                free |= set(range(number, number + change.grace))
                base, parts = left, len(rows) - number - change.grace
        share = rounding.to_multiple(rounding.split(base, parts))
        row.due[PRINCIPAL] = 0 if number in free else min(share, left)
        if row is rows[-1]:
            row.due[PRINCIPAL] = left
        left -= row.due[PRINCIPAL]


def _flat_interest(terms: Terms, course: Course, row: Instalment, amount: int) -> int:
    context = terms.rounding.context
    share = context.divide(Decimal(terms.every.count), Decimal(_units_per_year(terms)))
    rate = context.multiply(course.rate_on(row.due_on), share)
    return terms.rounding.minor(context.multiply(terms.rounding.major(amount), rate))


def _units_per_year(terms: Terms) -> int:
    return {"day": 365, "week": 52, "month": 12}[terms.every.unit.value]


def _share_interest(terms: Terms, rows: list[Instalment], shares: list[int]) -> None:
    """Lay interest on the rows; what grace keeps back falls due with the first row after it."""
    kept = 0
    for number, (row, share) in enumerate(zip(rows, shares, strict=True)):
        kept += share
        if number >= terms.interest_grace or row is rows[-1]:
            row.due[INTEREST] += kept
            kept = 0


def _fill_declining(terms: Terms, rows: list[Instalment], lent: list[tuple[date, int]]) -> None:
    balance, carried, level = 0, 0, 0
    waiting = list(lent)
    for number, row in enumerate(rows):
        interest = Decimal(0)
        cursor = row.start
        is_new = False
        while waiting and waiting[0][0] < row.due_on:
            day, amount = waiting.pop(0)
            begins = max(day, cursor) if terms.daily_interest else cursor
            interest += period_interest(terms, balance, row, cursor, begins)
            balance, cursor, is_new = balance + amount, begins, True
        interest += period_interest(terms, balance, row, cursor, row.due_on)
        if is_new:
            level = level_of(terms, rows, number, balance)
        carried += terms.rounding.minor(interest)
        if number < terms.interest_grace:
            continue
        row.due[INTEREST], carried = carried, 0
        row.due[PRINCIPAL] = _principal(terms, rows, number, balance, level)
        balance -= row.due[PRINCIPAL]


def period_interest(terms: Terms, balance: int, row: Instalment, start: date, end: date) -> Decimal:
    """Return the interest of some days of a row, unrounded, in major units."""
    context = terms.rounding.context
    whole = (row.due_on - row.start).days
    if not whole or start >= end:
        return Decimal(0)
    rate = _periodic_rate(terms, row.start, row.due_on)
    share = context.divide(Decimal((end - start).days), Decimal(whole))
    return context.multiply(context.multiply(terms.rounding.major(balance), rate), share)


def _periodic_rate(terms: Terms, start: date, end: date) -> Decimal:
    context = terms.rounding.context
    if terms.daily_interest:
        days = Decimal((end - start).days)
        if terms.basis.month is not None and terms.every.unit is Unit.MONTH:
            days = Decimal(terms.basis.month * terms.every.count)
        year = Decimal(terms.basis.year or 365)
        return context.divide(context.multiply(terms.yearly_rate, days), year)
    share = context.divide(Decimal(terms.every.count), Decimal(_units_per_year(terms)))
    return context.multiply(terms.yearly_rate, share)


def rate_of_days(terms: Terms, days: int) -> Decimal:
    """Return the rate of some actual days."""
    context = terms.rounding.context
    year = Decimal(terms.basis.year or 365)
    return context.divide(context.multiply(terms.yearly_rate, Decimal(days)), year)


def level_of(terms: Terms, rows: list[Instalment], number: int, balance: int) -> int:
    """Return the instalment over the rows from one on; by days it takes the first row's days."""
    context = terms.rounding.context
    first = max(number, terms.principal_grace)
    count = len(rows) - first
    if terms.equal_principal:
        return terms.rounding.split(balance, count)
    rate = _periodic_rate(terms, rows[0].start, rows[0].due_on)
    growth = context.power(context.add(Decimal(1), rate), Decimal(count))
    top = context.multiply(context.multiply(terms.rounding.major(balance), rate), growth)
    level = terms.rounding.minor(context.divide(top, context.subtract(growth, Decimal(1))))
    return terms.rounding.to_multiple(level)


def _principal(terms: Terms, rows: list[Instalment], number: int, balance: int, level: int) -> int:
    if number == len(rows) - 1:
        return balance
    if number < terms.principal_grace:
        return 0
    wanted = level if terms.equal_principal else level - rows[number].due[INTEREST]
    return max(min(wanted, balance), 0)
